"""The request as views get it, and predicates of requests."""

from typing import TYPE_CHECKING

from django.http import HttpRequest

if TYPE_CHECKING:
    from django_htmx.middleware import HtmxDetails

    from common.access import Viewer


class Request(HttpRequest):
    """A request after the middleware: `viewer` is who asks, `htmx` whether a fragment is enough."""

    viewer: "Viewer"
    htmx: "HtmxDetails"


def is_api(request: HttpRequest) -> bool:
    """Whether the caller is a program that expects JSON, also for errors."""
    return request.path_info.startswith("/api/")


def is_fragment(request: HttpRequest) -> bool:
    """Whether htmx asks, so that the answer is a fragment and not a page."""
    return (
        request.META.get("HTTP_HX_REQUEST") == "true"
        and request.META.get("HTTP_HX_BOOSTED") != "true"
    )


def is_same_origin(request: HttpRequest) -> bool:
    """Whether the browser says that one of our own pages sent this request.

    Checked before a posted text is shown again with a new CSRF token: with a foreign page's post, one
    careless click would then be the forged request that the token prevents.
    """
    site = request.META.get("HTTP_SEC_FETCH_SITE")
    if site is not None:
        return bool(site == "same-origin")
    origin = request.META.get("HTTP_ORIGIN")
    return origin == f"{request.scheme}://{request.get_host()}"
