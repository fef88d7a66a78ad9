"""Errors of the API, all in the shape of RFC 9457, and the check of query parameters."""

from collections.abc import Mapping

from django.core.exceptions import PermissionDenied
from django.http import Http404, JsonResponse
from rest_framework import exceptions, serializers
from rest_framework.request import Request
from rest_framework.views import APIView, set_rollback

from common.errors import DomainError
from common.http.errors import problem_response, status_of


def check_query(request: Request, *names: str) -> None:
    """Raise ValidationError (400) for query parameters other than these and those of paging."""
    known = {"cursor", "limit", *names}
    unknown = sorted(set(request.query_params) - known)
    if unknown:
        raise serializers.ValidationError({name[:60]: ["Unknown filter."] for name in unknown[:10]})


def problem(error: Exception, context: Mapping[str, object]) -> JsonResponse | None:
    """Return an error of an API view as problem JSON; None leaves a fault of ours to Django."""
    view, request = context.get("view"), context.get("request")
    if (
        isinstance(view, APIView)
        and isinstance(request, Request)
        and request.method not in set(view.allowed_methods) - {"OPTIONS"}
    ):
        # Before permissions: a method that the address does not take is refused to everybody. OPTIONS
        # always is: the schema describes the API.
        error = exceptions.MethodNotAllowed(request.method or "")
    if isinstance(error, Http404 | exceptions.NotFound):
        # The same 404 for what is hidden and what does not exist: no detail.
        response = problem_response(404)
    elif isinstance(error, DomainError):
        response = problem_response(
            status_of(error),
            error.message,
            field=getattr(error, "field", None),
            retry_after=getattr(error, "retry_after", None),
        )
    elif isinstance(error, PermissionDenied):
        response = problem_response(403, str(error))
    elif isinstance(error, exceptions.APIException):
        response = _api_exception(error)
    else:
        return None
    set_rollback()
    return response


def _api_exception(error: exceptions.APIException) -> JsonResponse:
    detail = error.detail
    if isinstance(detail, list | dict):
        response = problem_response(
            error.status_code, "Some fields are not valid.", errors=_field_errors(detail)
        )
    else:
        response = problem_response(error.status_code, str(detail))
    if header := getattr(error, "auth_header", None):
        response["WWW-Authenticate"] = header
    if (wait := getattr(error, "wait", None)) is not None:
        response["Retry-After"] = str(int(wait) + 1)
    return response


def _field_errors(detail: object, path: str = "") -> list[dict[str, str]]:
    """Return DRF's nested errors as flat `{"field": "a.0.b", "message": …}`."""
    if isinstance(detail, dict):
        return [
            error
            for key, value in detail.items()
            for error in _field_errors(
                value, path if key == "non_field_errors" else _join(path, key)
            )
        ]
    if isinstance(detail, list):
        nested = any(isinstance(item, dict | list) for item in detail)
        return [
            error
            for index, item in enumerate(detail)
            for error in _field_errors(item, _join(path, index) if nested else path)
        ]
    return [{"field": path, "message": str(detail)}]


def _join(path: str, key: object) -> str:
    return f"{path}.{key}" if path else str(key)
