"""Answering a public page: the same bytes for everybody who brings no cookie of ours."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language

from common.http.conditional import conditional, etag

# Whoever brings one of these may get other bytes: signed in, another theme, another language.
PERSONAL_COOKIES = (settings.SESSION_COOKIE_NAME, "theme", settings.LANGUAGE_COOKIE_NAME)


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
        return conditional(request, tag, render, public=True)
    # What surrounds a page of one's own, from the theme to what is unread, no tag can name.
    return render()
