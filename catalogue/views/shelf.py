"""The catalogue itself."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language

from catalogue import permissions, queries
from catalogue.facets import Asked
from catalogue.views.public import answer, is_impersonal
from common.web.conditional import etag
from common.web.requests import Request
from common.web.views import methods


class KeptPage:
    """The last rendering of the page that most strangers open, in this process's memory.

    Its key changes with the catalogue, the language and the release, so it is never old; one page
    is all it ever holds.
    """

    def __init__(self) -> None:
        self._kept: tuple[str, bytes] = ("", b"")

    def get(self, key: str) -> bytes | None:
        kept, body = self._kept
        return body if kept == key else None

    def put(self, key: str, body: bytes) -> None:
        self._kept = (key, body)


_front = KeptPage()


@methods("GET")
def catalogue(request: Request) -> HttpResponse:
    """Everything published, by what it is, what it addresses, its licence and its year."""
    asked = Asked.of(request.GET)
    stamp = queries.stamp()
    if asked.is_plain and not request.GET and is_impersonal(request):
        return answer(request, ("catalogue", stamp), lambda: _front_page(request, asked, stamp))
    parts = ("catalogue", stamp, request.GET.urlencode(), request.headers.get("HX-Request", ""))
    return answer(request, parts, lambda: _page(request, asked))


def _front_page(request: Request, asked: Asked, stamp: str) -> HttpResponse:
    if request.headers.get("HX-Request"):
        return _page(request, asked)
    key = etag(stamp, get_language())
    body = _front.get(key)
    if body is None:
        body = _page(request, asked).content
        _front.put(key, body)
    return HttpResponse(body)


def _page(request: Request, asked: Asked) -> HttpResponse:
    context = {
        "shelf": queries.shelf(asked),
        "asked": asked,
        "can_curate": not is_impersonal(request) and permissions.can_curate(request.viewer),
    }
    name = "catalogue/_shelf.html" if request.htmx else "catalogue/catalogue.html"
    return render(request, name, context)
