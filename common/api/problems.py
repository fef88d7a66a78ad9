"""What every room's API stands on: closed by default, strict input, one shape of error."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from rest_framework import exceptions, serializers
from rest_framework.request import Request
from rest_framework.views import set_rollback

from common.errors import DomainError
from common.http.errors import problem_response, status_of

# --- input -------------------------------------------------------------------------------------


def check_query(request: Request, *names: str) -> None:
    """Only these query parameters are given, beside paging; any other is refused by name (400)."""
    known = {"cursor", "limit", *names}
    unknown = sorted(set(request.query_params) - known)
    if unknown:
        raise serializers.ValidationError(
            {name[:60]: ["There is no such filter here."] for name in unknown[:10]}
        )


# --- errors ------------------------------------------------------------------------------------


def problem(error: Exception, context: dict[str, Any]) -> Any:
    """Each error of an API view as problem JSON (RFC 9457); None leaves a true fault to Django."""
    if _is_unlisted_method(context):
        # Before who asks: what a route does not take it refuses to everybody alike.
        error = exceptions.MethodNotAllowed(context["request"].method)
    if isinstance(error, Http404 | exceptions.NotFound):
        # One 404 for hidden and for nonexistent: no detail.
        return _answer(404)
    if isinstance(error, DomainError):
        return _answer(
            status_of(error),
            error.message,
            field=getattr(error, "field", None),
            retry_after=getattr(error, "retry_after", None),
        )
    if isinstance(error, PermissionDenied):
        return _answer(403, str(error))
    if isinstance(error, exceptions.APIException):
        return _api_exception(error)
    return None


def _is_unlisted_method(context: dict[str, Any]) -> bool:
    """OPTIONS is never taken: what an address offers stands in the schema."""
    view, request = context.get("view"), context.get("request")
    if view is None or request is None:
        return False
    return request.method not in set(view.allowed_methods) - {"OPTIONS"}


def _answer(status: int, detail: str = "", **more: Any) -> Any:
    set_rollback()
    return problem_response(status, detail, **more)


def _api_exception(error: exceptions.APIException) -> Any:
    set_rollback()
    detail = error.detail
    if isinstance(detail, list | dict):
        response = problem_response(
            error.status_code, "Some fields do not fit.", errors=_field_errors(detail)
        )
    else:
        response = problem_response(error.status_code, str(detail))
    if header := getattr(error, "auth_header", None):
        response["WWW-Authenticate"] = header
    if (wait := getattr(error, "wait", None)) is not None:
        response["Retry-After"] = str(int(wait) + 1)
    return response


def _field_errors(detail: Any, path: str = "") -> list[dict[str, str]]:
    """DRF's nested errors as flat `{"field": "a.0.b", "message": …}`."""
    if isinstance(detail, dict):
        return [
            line
            for key, value in detail.items()
            for line in _field_errors(
                value, path if key == "non_field_errors" else _join(path, key)
            )
        ]
    if isinstance(detail, list):
        nested = any(isinstance(item, dict | list) for item in detail)
        return [
            line
            for index, item in enumerate(detail)
            for line in _field_errors(item, _join(path, index) if nested else path)
        ]
    return [{"field": path, "message": str(detail)}]


def _join(path: str, key: object) -> str:
    return f"{path}.{key}" if path else str(key)
