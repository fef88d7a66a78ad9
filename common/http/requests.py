"""The request as our views see it, and the questions that every room asks of one."""

from typing import TYPE_CHECKING

from django.http import HttpRequest

if TYPE_CHECKING:
    from django_htmx.middleware import HtmxDetails

    from common.access import Viewer


class Request(HttpRequest):
    """A request after the middleware: `viewer` says who looks, `htmx` if a fragment will do."""

    viewer: "Viewer"
    htmx: "HtmxDetails"


def is_api(request: HttpRequest) -> bool:
    """The caller is a program and expects JSON, in errors too."""
    return request.path_info.startswith("/api/")


def is_fragment(request: HttpRequest) -> bool:
    """htmx asks, so that a piece of a page is the answer and not a page."""
    return (
        request.META.get("HTTP_HX_REQUEST") == "true"
        and request.META.get("HTTP_HX_BOOSTED") != "true"
    )


def is_same_origin(request: HttpRequest) -> bool:
    """The browser itself vouches that one of our own pages sent this.

    Used before a posted text is shown again beside a fresh token: for a foreign page's post that
    would turn one careless click into the forged act that the token is there to prevent.
    """
    site = request.META.get("HTTP_SEC_FETCH_SITE")
    if site is not None:
        return bool(site == "same-origin")
    origin = request.META.get("HTTP_ORIGIN")
    return origin == f"{request.scheme}://{request.get_host()}"
