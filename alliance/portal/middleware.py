"""Who looks: the viewer is built at the first question a request asks, and once."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from common.access import ANONYMOUS, Viewer, viewer_for
from common.http.requests import is_api


class ViewerMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.viewer = SimpleLazyObject(lambda: viewer_of(request))  # type: ignore[attr-defined]
        return self.get_response(request)


def viewer_of(request: HttpRequest) -> Viewer:
    """The viewer of the request's person; a browser without a session is nobody, unasked.

    Asking would open the session, and the answer's headers would then tell a page that looked for
    something hidden from one that had nothing to look for.
    """
    if settings.SESSION_COOKIE_NAME not in request.COOKIES and not is_api(request):
        return ANONYMOUS
    if not request.user.is_authenticated:
        return ANONYMOUS
    return viewer_for(request.user.pk)
