"""The pages of a ballot."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from common.http.sign_in_required import login_required
from members.people.requests import PersonRequest
from workinggroups.decisions.models import Ballot
from workinggroups.groups.lookup import group_of_member_space
from workinggroups.groups.page_frame import group_page_context


@require_safe
@login_required
def ballot(request: PersonRequest, slug: str, number: int) -> HttpResponse:
    """Show a ballot."""
    group = group_of_member_space(request, slug)
    ballots = Ballot.objects.visible_to(request.viewer)
    ballot = get_object_or_404(ballots, group=group, number=number)
    context = {**group_page_context(request, group, "decisions"), "ballot": ballot}
    return render(request, "decisions/ballot.html", context)
