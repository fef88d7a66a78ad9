"""The page for a request whose body the gateway did not take."""

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from alliance.server.gateway.buffering import REFUSED
from common.http import errors


class RefusedBody:
    """Answers 400, 408, 413, 503 or 507 in the look of all errors, as the gateway decided."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        status = request.META.get(REFUSED)
        if status is None:
            return self.get_response(request)
        sentences = {
            400: _("The request does not say clearly how long it is. Reload the page, try again."),
            408: _("What you sent stopped arriving. Check your connection and send it again."),
            413: _("Forms take at most 2.5 MB, files at most 25 MB."),
            503: _("Many uploads are arriving at this moment. Try again in a minute."),
            507: _("The disk of this site is full, so nothing was saved. Try again later."),
        }
        retry_after = {503: 60, 507: errors.DISK_SECONDS}.get(status)
        return errors.answer(request, status, sentences[status], retry_after=retry_after)
