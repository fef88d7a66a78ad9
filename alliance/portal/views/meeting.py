"""The page of one meeting: what its room shows, and what was decided there."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from common.http.sign_in_required import login_required
from members.people.requests import PersonRequest
from workinggroups.decisions.choices import WAITING_SHOWN
from workinggroups.decisions.lines import waiting_lines
from workinggroups.decisions.permissions import can_record
from workinggroups.decisions.queries import taken_at_meeting
from workinggroups.meetings.views.fetch import meeting_of
from workinggroups.meetings.views.meetings import meeting_context


@require_safe
@login_required
def meeting(request: PersonRequest, slug: str, number: int) -> HttpResponse:
    """Its agenda, notes, who is there, and what came out of it."""
    found = meeting_of(request, slug, number)
    records = can_record(request.viewer, found.group)
    waiting = waiting_lines(found) if records else []
    context = {
        **meeting_context(request, found),
        "decisions_panel": "decisions/_meeting_panel.html",
        "decisions": taken_at_meeting(
            found.group_id, request.viewer.read_level(found.group_id), found.pk
        ),
        "decision_lines": waiting[:WAITING_SHOWN],
        "more_decision_lines": max(len(waiting) - WAITING_SHOWN, 0),
        "can_record_decisions": records,
    }
    return render(request, "meetings/meeting.html", context)
