"""Search in everything that the reader can see."""

from allauth.account.adapter import get_adapter
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from alliance.portal.search_results import SearchResults, Section, find, sections
from common.access import Viewer
from common.access.reading import note_read
from common.http import throttling
from common.http.requests import Request
from common.search.choices import WORDS_MAX_CHARACTERS

SEARCHES_A_MINUTE = 60


def find_for(
    request: HttpRequest, viewer: Viewer, words: str, section: Section | None, page: int
) -> SearchResults:
    """Return the results, and note them as read. Raises TooMany past the limit of the sender."""
    sender = viewer.person_id or get_adapter().get_client_ip(request)
    throttling.check("search", sender, SEARCHES_A_MINUTE, 60)
    results = find(viewer, words, section, page)
    for line in results.lines:
        note_read(request, line.hit.group_id, line.hit.url)
    return results


@require_safe
def search(request: Request) -> HttpResponse:
    """Show the results for the words `q`, in the section `in` or in all."""
    words = " ".join(request.GET.get("q", "").split())[:WORDS_MAX_CHARACTERS]
    page = request.GET.get("page", "1")
    number = max(int(page), 1) if page.isascii() and page.isdigit() and len(page) < 4 else 1
    section = sections().get(request.GET.get("in", ""))
    results = None
    if words:
        results = find_for(request, request.viewer, words, section, number)

    context = {"words": words, "section": section, "results": results, "page": number}
    return render(request, "portal/search.html", context)
