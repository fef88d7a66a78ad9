"""Recording that the notice of competition law was shown."""

from django.http import HttpResponse
from django.views.decorators.http import require_POST

from common.http.sign_in_required import login_required
from members.people.requests import PersonRequest
from workinggroups.meetings import actions, permissions
from workinggroups.meetings.views.fetch import meeting_under
from workinggroups.meetings.views.live import live_page


@require_POST
@login_required
def meeting_competition_law(request: PersonRequest, slug: str, address: str) -> HttpResponse:
    """Record that the notice was shown now."""
    meeting = meeting_under(permissions.can_run_meeting, request, slug, address)
    actions.show_competition_law(actor=request.user, meeting=meeting)
    return live_page(request, meeting)
