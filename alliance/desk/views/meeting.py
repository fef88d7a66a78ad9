"""The page of one meeting: what its room shows, and what was decided there."""

from django.http import HttpResponse
from django.shortcuts import render

from common.web.views import member_required, methods
from members.people.requests import PersonRequest
from workinggroups.decisions.lines import waiting_lines
from workinggroups.decisions.models import Decision
from workinggroups.decisions.permissions import can_record
from workinggroups.meetings.views.fetch import meeting_of
from workinggroups.meetings.views.meetings import meeting_context


@methods("GET")
@member_required
def meeting(request: PersonRequest, slug: str, number: int) -> HttpResponse:
    """Its agenda, notes, who is there, and what came out of it."""
    found = meeting_of(request, slug, number)
    records = can_record(request.viewer, found.group)
    decisions = Decision.objects.visible_to(request.viewer).filter(meeting=found)
    context = {
        **meeting_context(request, found),
        "decisions_panel": "decisions/_meeting_panel.html",
        "decisions": decisions.order_by("number"),
        "decision_lines": waiting_lines(found) if records else [],
        "records_decisions": records,
    }
    return render(request, "meetings/meeting.html", context)
