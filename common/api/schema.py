"""What the description of the API says of errors, for all endpoints in one place."""

from typing import Any

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter
from rest_framework.fields import CharField, RegexField
from rest_framework.serializers import ModelSerializer

from common.api.access import Anybody
from common.api.serializers import StrictSerializer

PROBLEM = {
    "type": "object",
    "description": "An error in the shape of RFC 9457.",
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"field": {"type": "string"}, "message": {"type": "string"}},
                "required": ["field", "message"],
            },
        },
    },
    "required": ["title", "status"],
}
ALWAYS = {
    "400": "A parameter or field does not fit.",
    "404": "Nothing is here that you may see.",
    "429": "Too many requests; wait as Retry-After says.",
    "503": "A server behind this one is away; wait as Retry-After says.",
}
SIGNED_IN = {
    "401": "Sign in or send a token.",
    "403": "You may see this and not do that, or the token lacks a scope.",
}
CHANGES = {
    "409": "The state does not allow it, or somebody changed it meanwhile.",
    "413": "The body is too large.",
    "415": "The body is not of a type that this address reads.",
    "422": "The Idempotency-Key was used for another request.",
    "507": "The disk of the site is full; nothing was saved.",
}
# What `CleanInput` takes in an address: no control characters.
TEXT = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]*$"
PATH_PART = r"^[^/\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]+$"
UNCHANGED = "What you have, as If-None-Match names it, is still good."
METHODS = {"get", "post", "put", "patch", "delete"}


class Description(AutoSchema):
    """How one operation is described: who needs no token, and by which keys a list is filtered."""

    def get_auth(self) -> list[dict[str, Any]]:
        needed: list[dict[str, Any]] = super().get_auth()
        is_public = any(isinstance(one, Anybody) for one in self.view.get_permissions())
        return [{}, *needed] if is_public and {} not in needed else needed

    def _map_serializer_field(self, field: Any, direction: Any, *more: Any, **named: Any) -> Any:
        """A text that has to be given is described with at least one character."""
        schema = super()._map_serializer_field(field, direction, *more, **named)  # type: ignore[no-untyped-call]
        if isinstance(field, CharField) and _is_input(field) and not field.allow_blank:
            schema = {**schema, "minLength": max(1, schema.get("minLength", 0))}
            if field.trim_whitespace and not isinstance(field, RegexField):
                schema.setdefault("pattern", r"\S")
        return schema

    def get_override_parameters(self) -> list[Any]:
        parameters = list(super().get_override_parameters())
        if getattr(self.view, "action", "") == "list":
            for key, narrowed in getattr(self.view, "filters", {}).items():
                values = getattr(narrowed, "values", None)
                kind = getattr(narrowed, "format", str)
                parameters.append(OpenApiParameter(key, kind, enum=values))
        return parameters


def _is_input(field: Any) -> bool:
    return isinstance(field.root, StrictSerializer) and not isinstance(field.root, ModelSerializer)


def describe_input(result: dict[str, Any], **_: Any) -> dict[str, Any]:
    """What addresses and bodies may hold: text, and no field that is not named (a hook as below)."""
    schemas = result.get("components", {}).get("schemas", {})
    for path in result.get("paths", {}).values():
        for operation in path.values():
            for parameter in operation.get("parameters", []):
                schema = parameter["schema"]
                if schema.get("type") == "string" and not schema.keys() & {"format", "enum"}:
                    part = parameter["in"] == "path"
                    schema["pattern"] = PATH_PART if part else schema.get("pattern", TEXT)
            for content in operation.get("requestBody", {}).get("content", {}).values():
                name = content["schema"].get("$ref", "").rpartition("/")[2]
                schemas[name]["additionalProperties"] = False
    return result


def describe_errors(result: dict[str, Any], **_: Any) -> dict[str, Any]:
    """Every operation names the errors it can answer with, and 304 (a drf-spectacular hook)."""
    schemas = result.setdefault("components", {}).setdefault("schemas", {})
    for schema in schemas.values():
        for field in schema.get("properties", {}).values():
            if field.get("format") == "uri" and field.get("readOnly"):
                # Where nobody gave an address the text is empty, which is no URI.
                del field["format"]
    schemas["Problem"] = PROBLEM
    for path in result.get("paths", {}).values():
        for method, operation in path.items():
            if method not in METHODS:
                continue
            errors = {**ALWAYS, **SIGNED_IN, **(CHANGES if method != "get" else {})}
            if method == "get":
                operation["responses"].setdefault("304", {"description": UNCHANGED})
            for status, words in errors.items():
                operation["responses"].setdefault(status, _problem(words))
    return result


def _problem(words: str) -> dict[str, Any]:
    return {
        "description": words,
        "content": {
            "application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}
        },
    }
