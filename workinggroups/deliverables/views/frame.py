"""What every page of one deliverable begins with: finding it, and the frame around it."""

from collections.abc import Collection
from typing import Any

from django.http import Http404
from django.utils.translation import gettext as _

from members.people.requests import PersonRequest
from workinggroups.deliverables.actions.states import may_start
from workinggroups.deliverables.models import Deliverable
from workinggroups.deliverables.path import steps_of
from workinggroups.deliverables.permissions import can_comment, can_edit, can_lead
from workinggroups.deliverables.queries import editor_ids
from workinggroups.groups.lookup import visible_group
from workinggroups.groups.page_frame import group_page_context


def find(request: PersonRequest, slug: str, number: int) -> Deliverable:
    """The deliverable this viewer may read; Http404 as for one that does not exist.

    The group need not open its other content to them: a review may be for the whole alliance.
    """
    group = visible_group(request.viewer, slug)
    visible = Deliverable.objects.visible_to(request.viewer)
    found: Deliverable | None = visible.filter(group=group, number=number).first()
    if found is None:
        raise Http404
    found.group = group
    return found


def frame(
    request: PersonRequest, deliverable: Deliverable, editors: Collection[int] | None = None
) -> dict[str, Any]:
    """The context of `deliverables/_base.html`: the path of states and what the viewer may do.

    `editors` are the ids of its editors, where the page knows them.
    """
    viewer = request.viewer

    def may(verb: str) -> bool:
        return may_start(deliverable, verb)

    editors = editor_ids(deliverable) if editors is None else editors
    edits = can_edit(viewer, deliverable, editors)
    leads = can_lead(viewer, deliverable)
    return {
        **group_page_context(request, deliverable.group, "deliverables"),
        "deliverable": deliverable,
        "steps": steps_of(deliverable),
        "can_edit": edits,
        "can_lead": leads,
        "can_write": edits and may("save_text"),
        "can_revise": edits and may("revise"),
        "can_open_review": leads and may("open_review"),
        "can_end_review": leads and may("approve"),
        "can_publish": leads and may("publish"),
        "can_comment": may("add_comment")
        and not deliverable.review_is_over
        and can_comment(viewer, deliverable),
        "can_answer": edits and may("answer_comment"),
        "can_drop": leads and not deliverable.identifier and may("drop"),
        "can_resume": leads and may("resume"),
    }


def changed(deliverable: Deliverable) -> str:
    return _("%(title)s is saved.") % {"title": deliverable.title}
