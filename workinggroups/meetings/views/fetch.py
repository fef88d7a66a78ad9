"""What every view of a meeting begins and ends with."""

from typing import Any

from django.db.models import QuerySet
from django.http import Http404

from common.access.content import sees
from common.http.requests import Request
from members.people.models import Person
from workinggroups.groups.models import Group
from workinggroups.groups.page_frame import group_page_context
from workinggroups.groups.permissions import can_read_content
from workinggroups.groups.queries import members_of
from workinggroups.meetings.models import Meeting
from workinggroups.meetings.queries import meeting_by_address


def meeting_of(request: Request, slug: str, number: int) -> Meeting:
    """The meeting of this address with its group, if its reader may read both. One query.

    Http404 as for a meeting that does not exist.
    """
    meeting = meeting_by_address.first(slug, number)
    if meeting is None or not sees(request.viewer, meeting):
        raise Http404
    if not can_read_content(request.viewer, meeting.group):
        raise Http404
    return meeting


def people_of(group: Group) -> QuerySet[Person]:
    """Who can be chosen in a form of this group, by name."""
    return members_of(group.pk).order_by("sort_name", "pk")


def page(
    request: Request, group: Group, *, people: int | None = None, **more: Any
) -> dict[str, Any]:
    """The context of a page in the group's tab of meetings; `people` as `group_page_context` takes it."""
    return {**group_page_context(request, group, "meetings", people=people), **more}
