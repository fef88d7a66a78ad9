"""The page of what the signed-in person has to do."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from alliance.portal.my_work.page import my_work as compose
from common.http.sign_in_required import login_required
from common.times import zone_named
from members.people.requests import PersonRequest


@require_safe
@login_required
def my_work(request: PersonRequest) -> HttpResponse:
    work = compose(request.user, request.viewer)
    today = timezone.now().astimezone(zone_named(request.user.zone))
    return render(request, "portal/my_work.html", {"work": work, "today": today})
