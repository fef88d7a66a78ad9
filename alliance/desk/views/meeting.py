"""The page of one meeting: what its room shows, and what was decided there."""

from django.http import HttpResponse
from django.shortcuts import render

from common.web.views import member_required, methods
from members.people.requests import PersonRequest
from workinggroups.decisions.lines import waiting_lines
from workinggroups.decisions.permissions import can_record
from workinggroups.decisions.queries import taken_at_meeting
from workinggroups.meetings.views.fetch import meeting_of
from workinggroups.meetings.views.meetings import meeting_context


@methods("GET")
@member_required
def meeting(request: PersonRequest, slug: str, number: int) -> HttpResponse:
    """Its agenda, notes, who is there, and what came out of it."""
    found = meeting_of(request, slug, number)
    records = can_record(request.viewer, found.group)
    context = {
        **meeting_context(request, found),
        "decisions_panel": "decisions/_meeting_panel.html",
        "decisions": taken_at_meeting(
            group=found.group_id,
            reach=request.viewer.reach(found.group_id),
            meeting=found.pk,
        ),
        "decision_lines": waiting_lines(found) if records else [],
        "records_decisions": records,
    }
    return render(request, "meetings/meeting.html", context)
