"""`Idempotency-Key`: a create that is sent twice, because an answer was lost, happens once."""

import json
from collections.abc import Callable
from functools import wraps
from hashlib import blake2b
from typing import Any

from django.core.cache import cache
from rest_framework import exceptions
from rest_framework.request import Request
from rest_framework.response import Response

# How long an answer can be asked for again, and how long one attempt may take, in seconds.
REMEMBERED = 24 * 3600
RUNNING = 120

Method = Callable[..., Response]


class KeyReused(exceptions.APIException):
    status_code = 422
    default_detail = "This Idempotency-Key was used for another request. Make a new one."


class StillRunning(exceptions.APIException):
    status_code = 409
    default_detail = "The first request with this Idempotency-Key is still running."


def idempotent(method: Method) -> Method:
    """A view method whose answer is kept for a day under the caller's key and given again.

    Without the header nothing changes. The promise is as good as the cache: a lost cache forgets
    keys, so the database's own unique constraints remain the last guard.
    """

    @wraps(method)
    def once(view: Any, request: Request, *args: Any, **kwargs: Any) -> Response:
        key = request.META.get("HTTP_IDEMPOTENCY_KEY", "")
        if not key:
            return method(view, request, *args, **kwargs)
        if len(key) > 200:
            raise exceptions.ValidationError({"Idempotency-Key": ["At most 200 characters."]})
        name, digest = _name(request, key), _fingerprint(request)
        if not cache.add(name, {"digest": digest, "status": None}, RUNNING):
            return _again(name, digest)
        try:
            response = method(view, request, *args, **kwargs)
        except BaseException:
            # Nothing happened: the next attempt may try.
            cache.delete(name)
            raise
        answer = {"digest": digest, "status": response.status_code, "data": response.data}
        cache.set(name, answer, REMEMBERED)
        return response

    return once


def _again(name: str, digest: str) -> Response:
    known = cache.get(name)
    if known is None or known["status"] is None:
        raise StillRunning
    if known["digest"] != digest:
        raise KeyReused
    return Response(known["data"], status=known["status"], headers={"Idempotent-Replay": "true"})


def _name(request: Request, key: str) -> str:
    text = f"{request.user.pk}\x1f{request.method}\x1f{request.path}\x1f{key}"
    return "idempotency:" + blake2b(text.encode(), digest_size=16).hexdigest()


def _fingerprint(request: Request) -> str:
    body = json.dumps(request.data, sort_keys=True, default=str)
    return blake2b(body.encode(), digest_size=16).hexdigest()
