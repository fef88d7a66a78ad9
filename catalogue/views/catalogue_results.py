"""The page of the catalogue."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from catalogue import queries
from catalogue.facets import Asked
from catalogue.permissions import can_curate
from catalogue.views.public import answer, is_impersonal
from common.http.page_limit import uncounted
from common.http.public_pages import public_page
from common.http.requests import Request


@public_page
@uncounted
@require_safe
def catalogue(request: Request) -> HttpResponse:
    """Show all published works, filtered by type, focus area, licence and year."""
    asked = Asked.of(request.GET)
    parts = ("catalogue", queries.version_token(), request.GET.urlencode())
    return answer(request, parts, lambda: _page(request, asked))


def _page(request: Request, asked: Asked) -> HttpResponse:
    context = {
        "catalogue_results": queries.catalogue_results(asked),
        "asked": asked,
        "can_curate": not is_impersonal(request) and can_curate(request.viewer),
    }
    return render(request, "catalogue/catalogue.html", context)
