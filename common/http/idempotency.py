"""`Idempotency-Key`: a create that is sent twice, because an answer was lost, happens once."""

import json
from collections.abc import Callable
from functools import wraps
from hashlib import blake2b
from typing import TypeVar, cast

from django.core.cache import cache
from django.http import Http404
from rest_framework import exceptions
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

# How long an answer is kept, and how long one attempt can take, in seconds.
REMEMBERED = 24 * 3600
RUNNING = 120

Method = TypeVar("Method", bound=Callable[..., Response])


class KeyReused(exceptions.APIException):
    status_code = 422
    default_detail = "This Idempotency-Key was used for another request. Use a new key."


class StillRunning(exceptions.APIException):
    status_code = 409
    default_detail = "The first request with this Idempotency-Key is still running."


def idempotent(method: Method) -> Method:
    """Keep the answer of a view method for a day under the caller's key, and give it again.

    An object that the caller cannot see any more is answered with 404. Requests without the header are
    not affected. A lost cache forgets the keys, so the unique constraints of the database remain the
    last guard.
    """

    @wraps(method)
    def once(view: APIView, request: Request, *args: object, **kwargs: object) -> Response:
        key = request.META.get("HTTP_IDEMPOTENCY_KEY", "")
        if not key:
            return method(view, request, *args, **kwargs)
        if len(key) > 200:
            raise exceptions.ValidationError({"Idempotency-Key": ["At most 200 characters."]})
        name, digest = _name(request, key), _fingerprint(request)
        if not cache.add(name, {"digest": digest, "status": None}, RUNNING):
            replay = _stored_answer(name, digest)
            _require_still_visible(view, replay)
            return replay
        try:
            response = method(view, request, *args, **kwargs)
        except BaseException:
            # Nothing happened: the next attempt can try.
            cache.delete(name)
            raise
        answer = {"digest": digest, "status": response.status_code, "data": response.data}
        cache.set(name, answer, REMEMBERED)
        return response

    return cast(Method, once)


def _stored_answer(name: str, digest: str) -> Response:
    stored = cache.get(name)
    if stored is None or stored["status"] is None:
        raise StillRunning
    if stored["digest"] != digest:
        raise KeyReused
    return Response(stored["data"], status=stored["status"], headers={"Idempotent-Replay": "true"})


def _require_still_visible(view: APIView, answer: Response) -> None:
    """Raise Http404 if a list answered with a new object of its own that is not in it any more.

    A route below an object has fetched that object before, so it has asked what the caller can see.
    """
    if not isinstance(view, GenericAPIView) or view.lookup_field in view.kwargs:
        return
    field = view.lookup_field
    if not isinstance(answer.data, dict) or field not in answer.data:
        return
    if not view.get_queryset().filter(**{field: answer.data[field]}).exists():
        raise Http404


def _name(request: Request, key: str) -> str:
    text = f"{request.user.pk}\x1f{request.method}\x1f{request.path}\x1f{key}"
    return "idempotency:" + blake2b(text.encode(), digest_size=16).hexdigest()


def _fingerprint(request: Request) -> str:
    body = json.dumps(request.data, sort_keys=True, default=str)
    return blake2b(body.encode(), digest_size=16).hexdigest()
