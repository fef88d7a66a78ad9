"""The page that describes the API, for programmers."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from alliance.portal.api_pages import problems, sections
from common.http.public_pages import public_page
from common.http.requests import Request


@public_page
@require_safe
def api_page(request: Request) -> HttpResponse:
    """Show what each operation of the API takes and returns, from its OpenAPI schema."""
    return render(request, "portal/api.html", {"sections": sections(), "problems": problems()})
