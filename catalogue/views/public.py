"""Answer a public page: the same bytes for every request without our cookies."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language

from common.http.conditional import conditional, etag

# A request with one of these may get other bytes: signed in, another theme, another language.
PERSONAL_COOKIES = (settings.SESSION_COOKIE_NAME, "theme", settings.LANGUAGE_COOKIE_NAME)


def is_impersonal(request: HttpRequest) -> bool:
    """Return whether this request gets the same page as any other visitor's."""
    return not any(name in request.COOKIES for name in PERSONAL_COOKIES)


def answer(
    request: HttpRequest, parts: tuple[object, ...], render: Callable[[], HttpResponse]
) -> HttpResponse:
    """Answer with `render()`, or 304; `parts` are what the page is made of, as ids and versions.

    Shared caches can keep an impersonal page, and revalidate it each time. The page of a person who
    is signed in, or chose a theme or language, is rendered each time.
    """
    if is_impersonal(request):
        tag = etag("public", *parts, get_language())
        return conditional(request, tag, render, public=True)
    # No tag covers what is around a personal page, from the theme to the unread count.
    return render()
