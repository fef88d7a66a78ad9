"""The home of a group: its profile for those who can see the group, its work for its readers."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from alliance.portal.group_home import group_home
from common.http.public_pages import public_page
from common.http.requests import Request
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


@public_page
@require_safe
@hide_from_anonymous
def group(request: Request, slug: str) -> HttpResponse:
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
