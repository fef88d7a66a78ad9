"""Every answer that is an error: a page, a fragment or problem JSON (RFC 9457).

The 404 is one constant without token, name or path, so that a hidden page and a page that does
not exist answer the same bytes. 400, 413, 429, 500, 503 and 507 are rendered without the request, so
that a malformed request, or a dead database, cannot break the error page as well.
"""

import logging
import sys
from functools import cache
from http import HTTPStatus

from django.conf import settings
from django.core.exceptions import BadRequest, RequestDataTooBig, SuspiciousOperation
from django.db import DatabaseError, InterfaceError, InternalError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.request import UnreadablePostError
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.html import escape
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from redis.exceptions import RedisError

from common.disk import is_disk_full
from common.errors import Conflict, DomainError, Invalid, NotAllowed, TooMany, WrongState
from common.http.form_recovery import recovered_form
from common.http.logs import request_id
from common.http.requests import is_api, is_fragment, is_same_origin

logger = logging.getLogger(__name__)

# How long a client should wait before it retries when a server of ours does not answer, in seconds.
RETRY_SECONDS = 10
# The same when the disk is full: the operator has to free space first.
DISK_SECONDS = 300

# What a lost, stopped or overloaded database or Valkey raises.
OUTAGES = (OperationalError, InterfaceError, RedisError)
# The class of PostgreSQL's codes for a server that is read-only, or a transaction cut off by it.
READ_ONLY = "25"

# Where even the template of the error page is broken.
LAST_RESORT = (
    "<!doctype html><html lang=en><title>500</title>"
    "<h1>Something went wrong on our side</h1><p>Try again.</p>{}</html>"
)


def is_outage(error: BaseException | None) -> bool:
    """Whether a server we need does not answer: "try later" (503), not a fault of ours (500).

    When a database is killed during a statement, the driver raises its general DatabaseError without
    a code; no faulty statement raises that, and Django's own DatabaseError has no cause. An
    InternalError of PostgreSQL is a fault, except when the server is read-only.
    """
    if isinstance(error, InternalError):
        code = getattr(error.__cause__, "pgcode", None) or READ_ONLY
        return code.startswith(READ_ONLY)
    is_cut_off = type(error) is DatabaseError and error.__cause__ is not None
    return is_cut_off or isinstance(error, OUTAGES)


def problem_response(
    status: int,
    detail: str = "",
    *,
    field: str | None = None,
    errors: list[dict[str, str]] | None = None,
    retry_after: int | None = None,
) -> JsonResponse:
    """Return an RFC 9457 problem: `detail` says what to do, `errors` name fields.

    `retry_after` is in seconds.
    """
    problem: dict[str, object] = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
    }
    if detail:
        problem["detail"] = detail
    if field:
        errors = [{"field": field, "message": detail}]
    if errors:
        problem["errors"] = errors
    response = JsonResponse(problem, status=status, content_type="application/problem+json")
    if retry_after is not None:
        response["Retry-After"] = str(retry_after)
    return response


@cache
def _constant(template: str, language: str | None) -> bytes:
    return render_to_string(template).encode()


def answer(
    request: HttpRequest,
    status: int,
    message: str = "",
    *,
    field: str | None = None,
    retry_after: int | None = None,
    keep: bool = False,
) -> HttpResponse:
    """Return the error `status` as problem JSON, page or fragment; `message` says what to do next.

    `keep` shows what was posted in a read-only copy. `retry_after` is in seconds.
    """
    if is_api(request):
        return problem_response(status, message, field=field, retry_after=retry_after)
    context = {
        "status": status,
        "reference": request_id.get(),
        "message": message,
        "field": field,
        "recovered": recovered_form(request) if keep else None,
    }
    template = "errors/_banner.html" if is_fragment(request) else f"errors/{status}.html"
    response = HttpResponse(render_to_string(template, context), status=status)
    if retry_after is not None:
        response["Retry-After"] = str(retry_after)
    return response


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer 400, or 413 when the request was too large."""
    if isinstance(exception, RequestDataTooBig):
        return answer(request, 413, _("A form can hold at most 2.5 MB, a file at most 25 MB."))
    message = ""
    if isinstance(exception, BadRequest) and not isinstance(exception, SuspiciousOperation):
        message = _("We could not read the request. Go back, reload the page and try again.")
    return answer(request, 400, message)


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer 403 with the sentence of the refused check."""
    return answer(request, 403, str(exception or ""), keep=True)


def page_not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer 404: the same bytes for what does not exist and for what this reader cannot see."""
    if is_api(request):
        return problem_response(404)
    template = "errors/_404.html" if is_fragment(request) else "errors/404.html"
    return HttpResponse(_constant(template, get_language()), status=404)


def not_found_unless(is_shown: bool) -> None:
    """Raise Http404 unless this is true, for a page that answers others as if it did not exist."""
    if not is_shown:
        raise Http404


def too_many(request: HttpRequest) -> HttpResponse:
    """Answer 429 for a limit of a library, which does not say how long; ours raise `TooMany`."""
    return answer(request, 429, _("Wait a minute, then try again."), retry_after=60, keep=True)


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer 500 with a reference for the log, or 503 when a server behind the site does not answer.

    Django calls this for errors in middleware too (a session that cannot be saved), which no
    `process_exception` ever sees.
    """
    error = sys.exc_info()[1]
    if isinstance(error, UnreadablePostError):
        return bad_request(request, error)
    if is_disk_full(error):
        return disk_full(request)
    if is_outage(error):
        return unavailable(request)
    try:
        return answer(request, 500)
    except Exception:
        # The error page itself failed: log that, and still answer.
        logger.exception("The page for error 500 failed.")
        address = escape(settings.CONTACT_EMAIL)
        return HttpResponse(LAST_RESORT.format(address and f"<p>Help: {address}</p>"), status=500)


def unavailable(request: HttpRequest) -> HttpResponse:
    """Answer 503: a server behind the site does not answer; the transaction was rolled back."""
    detail = _("One of our servers is not responding. Try again in a few seconds.")
    return answer(request, 503, detail, retry_after=RETRY_SECONDS, keep=True)


def disk_full(request: HttpRequest) -> HttpResponse:
    """Answer 507: the disk of this site is full; the transaction was rolled back."""
    logger.error("The disk is full.")
    detail = _("Our disk is full, so nothing was saved. Try again later.")
    return answer(request, 507, detail, retry_after=DISK_SECONDS, keep=True)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer 403 to a form whose token has expired, and show what was typed.

    Only a request from our own pages gets the text in a form that can be sent again.
    """
    if is_api(request):
        return problem_response(403, _("The CSRF token is missing or has expired."))
    return expired(request, status=403)


def expired(request: HttpRequest, *, status: int) -> HttpResponse:
    """Answer a form that was sent after its session or token ended; its text can be sent again."""
    form = recovered_form(request)
    context = {
        "recovered": form,
        "can_resend": bool(form) and is_same_origin(request),
        "is_signed_in": request.user.is_authenticated if hasattr(request, "user") else False,
        "is_fragment": is_fragment(request),
    }
    template = "errors/_expired.html" if is_fragment(request) else "errors/expired.html"
    return render(request, template, context, status=status)


STATUS: dict[type[DomainError], int] = {
    NotAllowed: 403,
    WrongState: 409,
    Conflict: 409,
    Invalid: 400,
    TooMany: 429,
}


def status_of(error: DomainError) -> int:
    return next((code for kind, code in STATUS.items() if isinstance(error, kind)), 409)


def domain_error(request: HttpRequest, error: DomainError) -> HttpResponse:
    """Answer an error of an action: its status, its sentence, and what was typed."""
    return answer(
        request,
        status_of(error),
        error.message,
        field=getattr(error, "field", None),
        retry_after=getattr(error, "retry_after", None),
        keep=True,
    )
