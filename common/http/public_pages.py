"""Pages that are the same for every visitor without a session.

A view with the decorator `public_page` promises that a visitor without a cookie gets bytes that
depend only on the address, the language and the database. The web process can then cache them and
answer without calling the view (`alliance.server.gateway.page_cache`), and browsers and shared
caches can revalidate their copy.
"""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate

from django.http import HttpRequest, HttpResponse

from common.http.conditional import conditional, etag_of_content
from common.http.logs import route_of
from common.http.view_types import AnyRequest, Arguments, mark

# Under this key of a request's environment the gateway finds the route of such a page.
PUBLIC_PAGE = "alliance.public_page"


def is_of_anonymous(request: HttpRequest) -> bool:
    """Whether the request has no cookie and no token, so that its sender is unknown."""
    return not request.COOKIES and "HTTP_AUTHORIZATION" not in request.META


def public_page(
    view: Callable[Concatenate[AnyRequest, Arguments], HttpResponse],
) -> Callable[Concatenate[AnyRequest, Arguments], HttpResponse]:
    """Mark a view that answers all visitors without a session alike; give its answers an ETag."""

    @wraps(view)
    def tagged(
        request: AnyRequest, /, *args: Arguments.args, **kwargs: Arguments.kwargs
    ) -> HttpResponse:
        response = view(request, *args, **kwargs)
        if not is_of_anonymous(request) or request.method not in {"GET", "HEAD"}:
            return response
        if response.status_code == 200 and not response.has_header("ETag"):
            response = _tagged(request, response)
        if response.status_code == 200:
            request.META[PUBLIC_PAGE] = route_of(request)
        return response

    return mark(tagged, "is_public_page")


def _tagged(request: HttpRequest, rendered: HttpResponse) -> HttpResponse:
    """Return the answer with an ETag of its bytes, or 304; keep the Cache-Control of the view."""
    cache_control = rendered.get("Cache-Control")
    response = conditional(
        request, etag_of_content(rendered.content), lambda: rendered, public=True
    )
    if cache_control:
        response["Cache-Control"] = cache_control
    return response
