"""The page of one meeting, with the decisions taken at it."""

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
    """Show the agenda, the notes, the attendance, the decisions and the action items."""
    shown = meeting_of(request, slug, number)
    can_record_decisions = can_record(request.viewer, shown.group)
    waiting = waiting_lines(shown) if can_record_decisions else []
    context = {
        **meeting_context(request, shown),
        "decisions_panel": "decisions/_meeting_panel.html",
        "decisions": taken_at_meeting(
            shown.group_id, request.viewer.read_level(shown.group_id), shown.pk
        ),
        "decision_lines": waiting[:WAITING_SHOWN],
        "more_decision_lines": max(len(waiting) - WAITING_SHOWN, 0),
        "can_record_decisions": can_record_decisions,
    }
    return render(request, "meetings/meeting.html", context)
