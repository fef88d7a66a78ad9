"""The home page of the public site."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from alliance.portal.landing_page import landing_page
from common.http.public_pages import public_page
from common.http.requests import Request


@public_page
@require_safe
def home(request: Request) -> HttpResponse:
    """Show the alliance as an anonymous visitor sees it, the same to everybody."""
    return render(request, "portal/home.html", {"home": landing_page()})
