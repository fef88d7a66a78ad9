"""The front page of the journal."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from alliance.portal.landing_page import front_page
from common.http.public_pages import public_page
from common.http.requests import Request


@public_page
@require_safe
def home(request: Request) -> HttpResponse:
    """The alliance as a stranger sees it; the same page for somebody signed in."""
    return render(request, "portal/home.html", {"front": front_page()})
