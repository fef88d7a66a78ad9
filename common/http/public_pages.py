"""Pages that are the same for every stranger.

A view that wears `public_page` promises that a visitor without a cookie gets bytes that depend on
nothing but the address, the language and what the database holds. The web process may then keep
them and answer without asking the view (`alliance.server.gateway.page_cache`), and browsers and shared
caches may ask whether their copy still stands.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from django.http import HttpRequest, HttpResponse

from common.http.conditional import conditional, etag_of_content
from common.http.logs import route_of

# Under this key of a request's environment the gateway finds the route of such a page.
PUBLIC_PAGE = "alliance.public_page"

View = TypeVar("View", bound=Callable[..., HttpResponse])


def is_strangers(request: HttpRequest) -> bool:
    """The request brings nothing by which its sender could be told from any other."""
    return not request.COOKIES and "HTTP_AUTHORIZATION" not in request.META


def public_page(view: View) -> View:
    """The view answers every stranger alike. What it answers gets an ETag, if it has none yet."""

    @wraps(view)
    def marked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        if not is_strangers(request) or request.method not in {"GET", "HEAD"}:
            return response
        if response.status_code == 200 and not response.has_header("ETag"):
            response = _tagged(request, response)
        if response.status_code == 200:
            request.META[PUBLIC_PAGE] = route_of(request)
        return response

    marked.is_public_page = True  # type: ignore[attr-defined]
    return cast(View, marked)


def _tagged(request: HttpRequest, made: HttpResponse) -> HttpResponse:
    """The answer under a tag of its bytes, or 304. How long it may be kept stays as the view said,
    and without a word of the view it is asked for each time."""
    cache_control = made.get("Cache-Control")
    response = conditional(request, etag_of_content(made.content), lambda: made, public=True)
    if cache_control:
        response["Cache-Control"] = cache_control
    return response
