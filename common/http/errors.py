"""Every answer that is an error, made in one place: page, fragment or problem JSON (RFC 9457).

The 404 is one constant without token, name or path, so that a hidden page and a page that does
not exist answer the same bytes. 400, 413, 429, 500, 503 and 507 are made without the request, so that
a broken one, or a dead database, cannot break the error page as well.
"""

import logging
import sys
from functools import cache
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.core.exceptions import (
    BadRequest,
    RequestDataTooBig,
    SuspiciousOperation,
)
from django.db import DatabaseError, InterfaceError, InternalError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
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

# How long a client waits before it asks again when a server of ours is away, in seconds.
RETRY_SECONDS = 10

# The same where the disk is full: somebody has to make room first.
DISK_SECONDS = 300

# What a lost, stopped or overloaded database or Valkey raises.
OUTAGES = (OperationalError, InterfaceError, RedisError)
# The class of PostgreSQL's codes for a server that is read-only, or a transaction cut off by it.
READ_ONLY = "25"

# Where even the template of the error page is broken.
LAST_RESORT = (
    "<!doctype html><html lang=en><title>500</title>"
    "<h1>Something broke on our side</h1><p>Nothing you sent was half done. Try again.</p>{}</html>"
)


def is_outage(error: BaseException | None) -> bool:
    """A server we need is away: the answer is "later" (503), not "broken" (500).

    A database killed amid a statement sends no code, and the driver raises its general error for
    it, which no fault of a statement is. Django's own of that name has no cause. PostgreSQL's
    internal errors are faults, to be seen and mended, but for those of a read-only server.
    """
    if isinstance(error, InternalError):
        code = getattr(error.__cause__, "pgcode", None) or READ_ONLY
        return code.startswith(READ_ONLY)
    is_cut_off = type(error) is DatabaseError and error.__cause__ is not None
    return is_cut_off or isinstance(error, OUTAGES)


# --- making one answer -----------------------------------------------------------------------


def problem_response(
    status: int,
    detail: str = "",
    *,
    field: str | None = None,
    errors: list[dict[str, str]] | None = None,
    retry_after: int | None = None,
) -> JsonResponse:
    """An RFC 9457 problem: `title` is the class, `detail` the way out, `errors` name fields."""
    problem: dict[str, Any] = {
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


def _page(status: int, context: dict[str, Any], request: HttpRequest | None) -> HttpResponse:
    """`templates/errors/<status>.html`, or its fragment for htmx."""
    name = f"errors/{status}.html"
    if request is not None and is_fragment(request):
        name = "errors/_notice.html"
    context = {"status": status, "reference": request_id.get(), **context}
    return HttpResponse(render_to_string(name, context), status=status)


def answer(
    request: HttpRequest,
    status: int,
    message: str = "",
    *,
    field: str | None = None,
    retry_after: int | None = None,
    keep: bool = False,
) -> HttpResponse:
    """The error `status` in the form this caller can use, with a sentence that says the way out.

    `keep` gives back what was posted, in a read-only copy. `retry_after` is in seconds.
    """
    if is_api(request):
        return problem_response(status, message, field=field, retry_after=retry_after)
    context = {
        "message": message,
        "field": field,
        "recovered": recovered_form(request) if keep else None,
    }
    response = _page(status, context, request)
    if retry_after is not None:
        response["Retry-After"] = str(retry_after)
    return response


# --- what Django calls -------------------------------------------------------------------------


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400, or 413 where the request was only too large."""
    if isinstance(exception, RequestDataTooBig):
        return answer(request, 413, _("Forms take at most 2.5 MB, files at most 25 MB."))
    message = ""
    if isinstance(exception, BadRequest) and not isinstance(exception, SuspiciousOperation):
        message = _("The request could not be read. Go back, reload the page and try again.")
    return answer(request, 400, message)


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403 with the sentence that the check gave."""
    return answer(request, 403, str(exception or ""), keep=True)


def page_not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """The one 404: the same bytes for what does not exist and for what this reader may not see."""
    if is_api(request):
        return problem_response(404)
    template = "errors/_404.html" if is_fragment(request) else "errors/404.html"
    return HttpResponse(_constant(template, get_language()), status=404)


def too_many(request: HttpRequest) -> HttpResponse:
    """429 where a library keeps the limit and does not say when it opens; ours raise `TooMany`."""
    return answer(request, 429, _("Wait a minute, then try again."), retry_after=60, keep=True)


def server_error(request: HttpRequest) -> HttpResponse:
    """500 with a reference for the log, or 503 when the cause is a server that is away.

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
        # The error page itself is broken: say so in the log, and still answer.
        logger.exception("The page for error 500 failed.")
        address = escape(settings.CONTACT_EMAIL)
        return HttpResponse(LAST_RESORT.format(address and f"<p>Help: {address}</p>"), status=500)


def unavailable(request: HttpRequest) -> HttpResponse:
    """503: a server behind the site is away for a moment; nothing was half done."""
    detail = _("A server behind this site does not answer. Try again in a few seconds.")
    return answer(request, 503, detail, retry_after=RETRY_SECONDS, keep=True)


def disk_full(request: HttpRequest) -> HttpResponse:
    """507: the disk of this site takes nothing more; nothing was half done."""
    logger.error("The disk is full.")
    detail = _("The disk of this site is full, so nothing was saved. Try again later.")
    return answer(request, 507, detail, retry_after=DISK_SECONDS, keep=True)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 for a form whose token has expired, with everything typed kept in the page.

    Only our own pages get the text back in a form that can be sent again.
    """
    if is_api(request):
        return problem_response(403, _("The token against forged requests is missing or expired."))
    return expired(request, status=403)


def expired(request: HttpRequest, *, status: int) -> HttpResponse:
    """A form came after its sign-in or token had ended: its text is given back to send again."""
    form = recovered_form(request)
    context = {
        "recovered": form,
        "can_resend": bool(form) and is_same_origin(request),
        "is_signed_in": request.user.is_authenticated if hasattr(request, "user") else False,
        "is_fragment": is_fragment(request),
    }
    template = "errors/_expired.html" if is_fragment(request) else "errors/expired.html"
    return render(request, template, context, status=status)


# --- what actions raise ------------------------------------------------------------------------


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
    """The answer to an act that cannot happen: its status, its sentence, and the text typed."""
    return answer(
        request,
        status_of(error),
        error.message,
        field=getattr(error, "field", None),
        retry_after=getattr(error, "retry_after", None),
        keep=True,
    )
