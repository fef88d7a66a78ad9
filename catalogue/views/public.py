"""Answering a public page: the same bytes for everybody who brings no cookie of ours."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from catalogue.choices import PUBLIC_SECONDS
from common.web.conditional import conditional, etag

# Whoever brings one of these may get other bytes: signed in, another theme, another language.
PERSONAL_COOKIES = (settings.SESSION_COOKIE_NAME, "theme", settings.LANGUAGE_COOKIE_NAME)


def is_impersonal(request: HttpRequest) -> bool:
    """A page for this request is the page for every stranger."""
    return not any(name in request.COOKIES for name in PERSONAL_COOKIES)


def answer(
    request: HttpRequest, parts: tuple[object, ...], render: Callable[[], HttpResponse]
) -> HttpResponse:
    """`render()` or 304; `parts` are what the page is made of, as ids and versions.

    For strangers shared caches may keep it for a minute; everybody else asks each time.
    """
    if is_impersonal(request):
        tag = etag("public", *parts)
        return conditional(request, tag, render, public=True, max_age=PUBLIC_SECONDS)
    cookies = [request.COOKIES.get(name, "") for name in PERSONAL_COOKIES[1:]]
    who = request.user.pk if settings.SESSION_COOKIE_NAME in request.COOKIES else None
    return conditional(request, etag("own", who, *cookies, *parts), render)
