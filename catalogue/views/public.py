"""Answering a public page: the same bytes for everybody who brings no cookie of ours."""

from collections import OrderedDict
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language

from catalogue.choices import PAGES_KEPT
from common.web.conditional import conditional, etag
from common.web.requests import is_fragment

# Whoever brings one of these may get other bytes: signed in, another theme, another language.
PERSONAL_COOKIES = (settings.SESSION_COOKIE_NAME, "theme", settings.LANGUAGE_COOKIE_NAME)


class KeptPages:
    """The public pages a process made last, in its memory, each under its ETag.

    The tag names all that a page is made of, so a kept one is as good as a new one: the same
    promise that a 304 makes to the reader's browser. The oldest gives way.
    """

    def __init__(self, most: int) -> None:
        self.most = most
        self._pages: OrderedDict[str, bytes] = OrderedDict()

    def get(self, key: str) -> bytes | None:
        return self._pages.get(key)

    def clear(self) -> None:
        self._pages.clear()

    def put(self, key: str, body: bytes) -> None:
        self._pages[key] = body
        while len(self._pages) > self.most:
            self._pages.popitem(last=False)


kept = KeptPages(PAGES_KEPT)


def is_impersonal(request: HttpRequest) -> bool:
    """A page for this request is the page for every stranger."""
    return not any(name in request.COOKIES for name in PERSONAL_COOKIES)


def answer(
    request: HttpRequest, parts: tuple[object, ...], render: Callable[[], HttpResponse]
) -> HttpResponse:
    """Answer with `render()`, or 304; `parts` are what the page is made of, as ids and versions.

    Shared caches may keep the page of strangers, and ask each time whether it still stands. The
    page of somebody who is signed in, or brings a theme or language, is made each time.
    """
    if is_impersonal(request):
        tag = etag("public", *parts, get_language())
        return conditional(
            request,
            tag,
            lambda: _made_once(request, tag, render),
            public=True,
        )
    # What surrounds a page of one's own, from the theme to what is unread, no tag can name.
    return render()


def _made_once(request: HttpRequest, tag: str, render: Callable[[], HttpResponse]) -> HttpResponse:
    key = f"{tag} fragment" if is_fragment(request) else tag
    body = kept.get(key)
    if body is None:
        body = render().content
        kept.put(key, body)
    return HttpResponse(body)
