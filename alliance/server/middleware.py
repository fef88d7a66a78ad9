"""The page for a request whose body the gateway refused."""

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from alliance.server.gateway.buffering import REFUSED
from common.http import errors


class RefusedBody:
    """Answer 400, 408, 413, 503 or 507 with the ordinary error page, as the gateway decided."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        status = request.META.get(REFUSED)
        if status is None:
            return self.get_response(request)
        sentences = {
            400: _("The length of the request is unclear. Reload the page and try again."),
            408: _("Your request did not arrive in full. Check your connection and send it again."),
            413: _("A form can hold at most 2.5 MB, a file at most 25 MB."),
            503: _("Too many files are being uploaded right now. Try again in a minute."),
            507: _("Our disk is full, so nothing was saved. Try again later."),
        }
        retry_after = {503: 60, 507: errors.DISK_SECONDS}.get(status)
        return errors.answer(request, status, sentences[status], retry_after=retry_after)
