"""The viewer of a request, built once, when it is first used."""

from collections.abc import Callable
from typing import cast

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from common.access import ANONYMOUS, Viewer, viewer_for
from common.http.requests import Request, is_api


class ViewerMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: Request) -> HttpResponse:
        request.viewer = cast(Viewer, SimpleLazyObject(lambda: viewer_of(request)))
        return self.get_response(request)


def viewer_of(request: HttpRequest) -> Viewer:
    """Return the viewer of the request's person; ANONYMOUS for a browser without a session cookie.

    Reading `request.user` would open the session. The headers of the answer would then tell a page
    that looked for something hidden from one that had nothing to look for.
    """
    if settings.SESSION_COOKIE_NAME not in request.COOKIES and not is_api(request):
        return ANONYMOUS
    if not request.user.is_authenticated:
        return ANONYMOUS
    return viewer_for(request.user.pk)
