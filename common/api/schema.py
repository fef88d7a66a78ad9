"""The schema of the API: how errors, inputs and filters are described, for all endpoints."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter
from rest_framework.fields import CharField, RegexField

from common.api.access import Anybody
from common.api.serializers import StrictSerializer

if TYPE_CHECKING:
    from common.api.viewsets import Filter

# A part of the schema as JSON.
Schema = dict[str, Any]

PROBLEM = {
    "type": "object",
    "description": "An error as defined by RFC 9457.",
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
    "400": "A parameter or field is not valid.",
    "404": "Not found, or not visible to you.",
    "429": "Too many requests. Wait as long as Retry-After says.",
    "503": "A server behind this one is not responding. Wait as long as Retry-After says.",
}
SIGNED_IN = {
    "401": "Sign in or send a token.",
    "403": "You can see this but cannot do that, or the token lacks a scope.",
}
CHANGES = {
    "409": "The current state does not allow this, or someone has changed it in the meantime.",
    "413": "The body is too large.",
    "415": "This endpoint does not accept the content type of the body.",
    "422": "The Idempotency-Key was used for another request.",
    "507": "The disk of the server is full. Nothing was saved.",
}
# What `CleanInput` accepts in an address: no control characters.
TEXT = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]*$"
PATH_PART = r"^[^/\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]+$"
UNCHANGED = "Your copy, named by If-None-Match, is still current."
METHODS = {"get", "post", "put", "patch", "delete"}


class Description(AutoSchema):
    """The description of one operation: whether it needs a token, and the filters of a list."""

    def get_auth(self) -> list[Schema]:
        needed: list[Schema] = super().get_auth()
        is_public = any(
            isinstance(permission, Anybody) for permission in self.view.get_permissions()
        )
        return [{}, *needed] if is_public and {} not in needed else needed

    def _map_serializer_field(
        self, field: object, direction: object, *more: object, **named: object
    ) -> Schema:
        """Describe a required text as having at least one character."""
        schema: Schema = super()._map_serializer_field(field, direction, *more, **named)  # type: ignore[no-untyped-call]
        is_input = isinstance(getattr(field, "root", None), StrictSerializer)
        if is_input and isinstance(field, CharField) and not field.allow_blank:
            schema = {**schema, "minLength": max(1, schema.get("minLength", 0))}
            if field.trim_whitespace and not isinstance(field, RegexField):
                schema.setdefault("pattern", r"\S")
        return schema

    def get_override_parameters(self) -> list[Any]:
        parameters = super().get_override_parameters()
        if getattr(self.view, "action", "") == "list":
            filters: Mapping[str, Filter] = getattr(self.view, "filters", {})
            parameters += [
                OpenApiParameter(key, filter_.format, enum=filter_.values)
                for key, filter_ in filters.items()
            ]
        return parameters


def describe_input(result: Schema, **_: object) -> Schema:
    """Describe what addresses and bodies can hold: text, and no unknown field (a hook as below)."""
    schemas = result.get("components", {}).get("schemas", {})
    for path in result.get("paths", {}).values():
        for operation in path.values():
            for parameter in operation.get("parameters", []):
                schema = parameter["schema"]
                if schema.get("type") == "string" and not schema.keys() & {"format", "enum"}:
                    part = parameter["in"] == "path"
                    schema["pattern"] = PATH_PART if part else schema.get("pattern", TEXT)
            for content in operation.get("requestBody", {}).get("content", {}).values():
                _refuse_unknown(schemas, content["schema"])
    return result


def _refuse_unknown(schemas: Schema, schema: Schema) -> None:
    """Describe an object of a body, and the objects in it, as without other fields."""
    if name := schema.get("$ref", "").rpartition("/")[2]:
        if schemas[name].get("type") != "object":
            return
        schemas[name]["additionalProperties"] = False
        for field in schemas[name].get("properties", {}).values():
            for part in (field, field.get("items", {}), *field.get("allOf", ())):
                _refuse_unknown(schemas, part)


def describe_errors(result: Schema, **_: object) -> Schema:
    """Add to every operation the errors it can answer with, and 304 (a drf-spectacular hook)."""
    schemas = result.setdefault("components", {}).setdefault("schemas", {})
    for schema in schemas.values():
        for field in schema.get("properties", {}).values():
            if field.get("format") == "uri" and field.get("readOnly"):
                # An address that nobody gave is an empty text, which is not a URI.
                del field["format"]
    schemas["Problem"] = PROBLEM
    for path in result.get("paths", {}).values():
        for method, operation in path.items():
            if method not in METHODS:
                continue
            errors = {**ALWAYS, **SIGNED_IN, **(CHANGES if method != "get" else {})}
            if method == "get":
                operation["responses"].setdefault("304", {"description": UNCHANGED})
            for status, description in errors.items():
                operation["responses"].setdefault(status, _problem(description))
    return result


def _problem(description: str) -> Schema:
    return {
        "description": description,
        "content": {
            "application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}
        },
    }
