"""The page of one meeting, with what was decided there."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from common.http.sign_in_required import login_required
from members.people.requests import PersonRequest
from workinggroups.decisions.choices import WAITING_SHOWN
from workinggroups.decisions.markers import unrecorded_markers
from workinggroups.decisions.permissions import can_record
from workinggroups.decisions.queries import taken_at_meeting
from workinggroups.meetings.queries import latest_notes
from workinggroups.meetings.views.fetch import meeting_of
from workinggroups.meetings.views.meetings import meeting_context


@require_safe
@login_required
def meeting(request: PersonRequest, slug: str, address: str) -> HttpResponse:
    """Show the agenda, the notes, who is there, and what came out of the meeting."""
    meeting = meeting_of(request, slug, address)
    notes = latest_notes(meeting)
    can_record_decisions = can_record(request.viewer, meeting.group)
    read_level = request.viewer.read_level(meeting.group_id)
    decisions = taken_at_meeting(meeting.group_id, read_level, meeting.pk)
    # Who can record decisions reads every decision of the group.
    markers = unrecorded_markers(notes, decisions) if can_record_decisions else []
    context = {
        **meeting_context(request, meeting, notes),
        "decisions_panel": "decisions/_meeting_panel.html",
        "decisions": decisions,
        "decision_markers": markers[:WAITING_SHOWN],
        "more_decision_markers": max(len(markers) - WAITING_SHOWN, 0),
        "can_record_decisions": can_record_decisions,
    }
    return render(request, "meetings/meeting.html", context)
