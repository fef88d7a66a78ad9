"""Find the deliverable of a page, and what every page about it shows."""

from collections.abc import Collection

from django.shortcuts import get_object_or_404

from members.people.requests import PersonRequest
from workinggroups.deliverables.actions.states import may_start
from workinggroups.deliverables.models import Deliverable
from workinggroups.deliverables.path import steps_of
from workinggroups.deliverables.permissions import can_comment, can_edit, can_lead
from workinggroups.deliverables.queries import editor_ids
from workinggroups.groups.lookup import visible_group
from workinggroups.groups.page_frame import group_page_context


def get_deliverable(request: PersonRequest, slug: str, number: int) -> Deliverable:
    """Return the deliverable if the viewer can read it; raises Http404.

    The viewer need not read other content of the group: the whole alliance can be the reviewers.
    """
    group = visible_group(request.viewer, slug)
    visible = Deliverable.objects.visible_to(request.viewer)
    deliverable = get_object_or_404(visible, group=group, number=number)
    deliverable.group = group
    return deliverable


def deliverable_page_context(
    request: PersonRequest, deliverable: Deliverable, editors: Collection[int] | None = None
) -> dict[str, object]:
    """Return the context of `deliverables/_base.html`, with what the viewer can do now.

    `editors` are the ids of the current editors, if the page has them.
    """
    viewer = request.viewer

    def allows(verb: str) -> bool:
        return may_start(deliverable, verb)

    editors = editor_ids(deliverable) if editors is None else editors
    is_editor = can_edit(viewer, deliverable, editors)
    is_lead = can_lead(viewer, deliverable)
    return {
        **group_page_context(request, deliverable.group, "deliverables"),
        "deliverable": deliverable,
        "steps": steps_of(deliverable),
        "can_edit": is_editor,
        "can_lead": is_lead,
        "can_write": is_editor and allows("save_text"),
        "can_revise": is_editor and allows("revise"),
        "can_open_review": is_lead and allows("open_review"),
        "can_end_review": is_lead and allows("approve"),
        "can_publish": is_lead and allows("publish"),
        "can_comment": allows("add_comment")
        and not deliverable.review_is_over
        and can_comment(viewer, deliverable),
        "can_answer": is_editor and allows("answer_comment"),
        "can_drop": is_lead and not deliverable.identifier and allows("drop"),
        "can_resume": is_lead and allows("resume"),
    }
