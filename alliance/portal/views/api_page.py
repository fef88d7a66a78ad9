"""The API as a page, for whoever writes programs."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from alliance.portal.api_pages import problems, sections
from common.http.public_pages import public_page
from common.http.requests import Request


@public_page
@require_safe
def api_page(request: Request) -> HttpResponse:
    """What each address of the API takes and answers, from the description programs read."""
    return render(request, "portal/api.html", {"sections": sections(), "problems": problems()})
