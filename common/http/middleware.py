"""The middleware of all requests, outermost first."""

import logging
from collections.abc import Callable
from time import perf_counter

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.deprecation import MiddlewareMixin
from django.utils.translation import gettext as _

from common.disk import is_disk_full
from common.errors import DomainError
from common.http import errors
from common.http.conditional import etag_of_content
from common.http.input_text import (
    clean_body,
    count_parts,
    dirty_field,
    drop_dirty_cookies,
    place_of,
)
from common.http.logs import name_request, request_id, route_of
from common.http.requests import is_api

GetResponse = Callable[[HttpRequest], HttpResponseBase]

access_log = logging.getLogger("alliance.request")


class RequestId:
    """Give each request an id, in its answer and every log line, and log one line about it."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        started = perf_counter()
        current = name_request(request.META.get("HTTP_X_REQUEST_ID", ""))
        token = request_id.set(current)
        try:
            response = self.get_response(request)
            response["X-Request-Id"] = current
            if not response.has_header("Cache-Control"):
                # Files must not be cached. Pages are not "no-store": with that, browsers would also lose
                # a half-written form on the way back.
                is_file = response.has_header("Content-Disposition")
                response["Cache-Control"] = f"private, {'no-store' if is_file else 'no-cache'}"
            self._log(request, response, started)
            return response
        finally:
            request_id.reset(token)

    def _log(self, request: HttpRequest, response: HttpResponseBase, started: float) -> None:
        if not access_log.isEnabledFor(logging.INFO):
            return
        facts = {
            "method": request.method,
            "route": route_of(request),
            "status": response.status_code,
            "ms": round((perf_counter() - started) * 1000, 1),
        }
        access_log.info("%(method)s %(route)s %(status)s %(ms)s ms", facts, extra=facts)


class CleanInput:
    """Refuse text that no form can send and no column can hold, before anything reads it.

    Control characters in a posted text are removed (`common/http/pasted_text.py`). Lone surrogates,
    bytes that are not UTF-8, and control characters in path, query and names are answered by 400
    with field and place. A cookie with them is dropped, since nobody can edit their own.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        drop_dirty_cookies(request)
        try:
            clean_body(request)
            field = dirty_field(request)
            count_parts(request)
        except (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent) as error:
            request._mark_post_parse_error()  # type: ignore[attr-defined]
            if isinstance(error, RequestDataTooBig):
                return errors.bad_request(request, error)
            message = _(
                "A form can have at most %(fields)d fields and %(files)d files. "
                "Send them in several steps."
            ) % {
                "fields": settings.DATA_UPLOAD_MAX_NUMBER_FIELDS,
                "files": settings.DATA_UPLOAD_MAX_NUMBER_FILES,
            }
            return errors.answer(request, 400, message)
        if field is None:
            return self.get_response(request)
        if (place := place_of(request, field)) is None:
            message = _("“%(field)s” contains an invalid character. Remove it and try again.")
        else:
            message = _(
                "“%(field)s” contains an invalid character in line %(line)d, "
                "column %(column)d. Remove it and try again."
            ) % {"field": "%(field)s", "line": place[0], "column": place[1]}
        return errors.answer(request, 400, message % {"field": field}, field=field, keep=True)


class ViewErrors(MiddlewareMixin):
    """Answer the errors that views raise and that are no fault of ours.

    A DomainError of an action has its own answer. 503 with Retry-After: the database or Valkey does
    not answer, is read-only or too slow. 507: the disk is full. Errors in middleware reach the last
    two through `errors.server_error`.

    Invalid input is found by a form or serializer before an action is called. A ValidationError or
    DataError that reaches this middleware is a fault of ours: 500.
    """

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if isinstance(error, DomainError):
            return errors.domain_error(request, error)
        if is_disk_full(error):
            return errors.disk_full(request)
        if not errors.is_outage(error):
            return None
        # Without the trace: an outage is one fact, not a thousand tracebacks.
        access_log.error("A server does not answer: %s", type(error).__name__)
        return errors.unavailable(request)


class ApiETags(MiddlewareMixin):
    """Give each answer of the API an ETag of its bytes; answer 304 to a caller who has the same."""

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        if not (is_api(request) and request.method in {"GET", "HEAD"}):
            return response
        if not isinstance(response, HttpResponse) or response.status_code != 200:
            return response
        tag = etag_of_content(response.content)
        response["ETag"] = tag
        patch_vary_headers(response, ("Authorization", "Cookie"))
        return get_conditional_response(request, etag=tag, response=response) or response
