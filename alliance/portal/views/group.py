"""The pages of groups that show several apps: the home of a group, and one meeting."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from alliance.portal.group_home import group_home
from common.http.public_pages import public_page
from common.http.requests import Request
from common.http.sign_in_required import login_required
from members.people.requests import PersonRequest
from workinggroups.decisions.choices import WAITING_SHOWN
from workinggroups.decisions.markers import unrecorded_markers
from workinggroups.decisions.permissions import can_record
from workinggroups.decisions.queries.decisions import taken_at_meeting
from workinggroups.discussion.permissions import can_start_topic
from workinggroups.groups.lookup import hide_from_anonymous, visible_group
from workinggroups.groups.models import AdmissionRequest
from workinggroups.groups.page_frame import group_page_context
from workinggroups.groups.permissions import (
    can_ask_to_join,
    can_break_glass,
    can_edit_group,
    can_join,
)
from workinggroups.meetings.permissions import can_plan_meeting
from workinggroups.meetings.queries import latest_notes
from workinggroups.meetings.views.fetch import meeting_of
from workinggroups.meetings.views.meetings import meeting_context


@public_page
@require_safe
@hide_from_anonymous
def group(request: Request, slug: str) -> HttpResponse:
    """Show the profile to those who can see the group, its work to its readers."""
    viewer = request.viewer
    shown = visible_group(viewer, slug)
    asks = can_ask_to_join(viewer, shown)
    waiting = asks and AdmissionRequest.objects.waiting().filter(
        group=shown, person=viewer.person_id
    )
    home = group_home(viewer, shown)
    context = {
        **group_page_context(request, shown, "overview", people=home.people_count),
        "home": home,
        "can_join": can_join(viewer, shown),
        "can_ask_to_join": asks,
        "is_waiting": bool(waiting),
        "can_plan_meeting": can_plan_meeting(viewer, shown),
        "can_start_topic": can_start_topic(viewer, shown),
        "can_edit_group": can_edit_group(viewer, shown),
        "can_break_glass": can_break_glass(viewer, shown)
        and shown.pk not in viewer.break_glass_ids,
    }
    return render(request, "groups/home.html", context)


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
