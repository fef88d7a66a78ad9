"""What every view of a meeting needs: the meeting, people to choose from, the page's context."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404

from common.access import Viewer
from common.access.content import sees
from common.access.reading import note_read
from common.access.rules import Rule
from common.http.requests import Request
from common.record.registry import Ref
from members.people.models import Person
from members.people.requests import PersonRequest
from workinggroups.attachments.models import Attachment
from workinggroups.groups.lookup import group_of_member_space
from workinggroups.groups.models import Group
from workinggroups.groups.page_frame import group_page_context
from workinggroups.groups.permissions import can_read_content
from workinggroups.groups.queries import members_of
from workinggroups.meetings.choices import DISCUSSED_SHOWN
from workinggroups.meetings.models import AgendaItem, Meeting, MeetingSeries
from workinggroups.meetings.papers import (
    Discussed,
    Found,
    ShownPaper,
    discussed,
    papers_of,
    with_files,
)
from workinggroups.meetings.queries import meeting_by_day, meeting_by_number


def meeting_of(request: Request, slug: str, address: str) -> Meeting:
    """Return the meeting at this address, a number or a day, with its group. One query.

    Raises Http404 if there is none, or the viewer cannot read the meeting or the group.
    """
    meeting = (
        meeting_by_number.first(slug, int(address))
        if address.isdigit()
        else meeting_by_day.first(slug, address)
    )
    if meeting is None or not sees(request.viewer, meeting):
        raise Http404
    if not can_read_content(request.viewer, meeting.group):
        raise Http404
    return meeting


def meeting_under(
    rule: Rule[[Viewer, Meeting]], request: Request, slug: str, address: str
) -> Meeting:
    """Return the meeting at this address; 403 with the rule's sentence if the rule refuses."""
    meeting = meeting_of(request, slug, address)
    rule.require(request.viewer, meeting)
    return meeting


def series_of(request: PersonRequest, slug: str, uuid: UUID) -> MeetingSeries:
    """Return the series. Raises Http404 where the viewer cannot read it or the group."""
    group = group_of_member_space(request, slug)
    visible = MeetingSeries.objects.visible_to(request.viewer).select_related("continues")
    series: MeetingSeries = get_object_or_404(visible, group=group, uuid=uuid)
    series.group = group
    return series


def people_of(group: Group) -> QuerySet[Person]:
    """Return the people to choose from in a form of this group, by name."""
    return members_of(group.pk).order_by("sort_name", "pk")


def page(
    request: Request, group: Group, *, people: int | None = None, **more: object
) -> dict[str, object]:
    """Return the context of a page in the group's meetings tab; `people` as in its frame."""
    return {**group_page_context(request, group, "meetings", people=people), **more}


def meeting_page(
    request: Request, meeting: Meeting, *, people: int | None = None, **more: object
) -> dict[str, object]:
    """Return the context of a page of this meeting."""
    return page(request, meeting.group, people=people, meeting=meeting, **more)


def papers_read(
    request: Request, agenda: Sequence[AgendaItem], attached: Iterable[Attachment] = ()
) -> dict[UUID, tuple[ShownPaper, ...]]:
    """Return the papers that the viewer can see, then the attached files, by the uuid of the item.

    Notes what staff read of groups that they opened.
    """
    papers = papers_of(agenda, request.viewer)
    note_groups_read(request, [paper for of_item in papers.values() for paper in of_item])
    return with_files(papers, attached)


def note_groups_read(request: Request, shown: Iterable[ShownPaper | Found]) -> None:
    """Note that this page names objects of other groups than its own."""
    for each in shown:
        note_read(request, each.group_id, request.path)


def discussed_shown(
    request: Request, refs: Sequence[Ref], *, before: str = "", size: int = DISCUSSED_SHOWN
) -> Discussed:
    """Return the meetings at which these objects were discussed, and note what staff read."""
    shown = discussed(refs, request.viewer, before=before, size=size)
    for meeting in shown.meetings:
        note_read(request, meeting.group_id, request.path)
    return shown
