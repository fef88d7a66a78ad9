"""Search over everything the reader may see."""

from allauth.account.adapter import get_adapter
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from alliance.portal.search_results import find, sections
from common.access.reading import note_read
from common.http import throttling
from common.http.requests import Request
from common.search.choices import WORDS_MAX_CHARACTERS

SEARCHES_A_MINUTE = 60


@require_safe
def search(request: Request) -> HttpResponse:
    """`?q=` words, `?in=` one kind of thing. The box of every page leads here."""
    words = " ".join(request.GET.get("q", "").split())[:WORDS_MAX_CHARACTERS]
    page = request.GET.get("page", "1")
    number = max(int(page), 1) if page.isascii() and page.isdigit() and len(page) < 4 else 1
    section = sections().get(request.GET.get("in", ""))
    found = None
    if words:
        who = request.viewer.person_id or get_adapter().get_client_ip(request)
        throttling.check("search", who, SEARCHES_A_MINUTE, 60)
        found = find(request.viewer, words, section, number)
        for line in found.lines:
            note_read(request, line.hit.group_id, line.hit.url)
    context = {
        "words": words,
        "section": section,
        "found": found,
        "page": number,
    }
    return render(request, "portal/search.html", context)
