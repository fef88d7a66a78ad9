"""The API's description as a person reads it: made of the same OpenAPI that programs fetch."""

from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from django.utils.html import format_html, format_html_join
from drf_spectacular.generators import SchemaGenerator

from common.api.schema import ALWAYS, CHANGES, METHODS, SIGNED_IN

# Every list takes these; the page says so once.
PAGING = {"cursor", "limit"}


@dataclass(frozen=True)
class Field:
    """A parameter or a field of a body: its name, its type in words, and what it means."""

    name: str
    kind: str
    words: str
    is_required: bool


@dataclass(frozen=True)
class Operation:
    """One method of one path. `fields` are those of the body that is sent, `answer` those returned."""

    method: str
    path: str
    words: str
    is_public: bool
    parameters: list[Field]
    fields: list[Field]
    answer: list[Field]
    is_list: bool
    statuses: list[str]
    # The answer has the fields of another operation under the same heading, shown there.
    is_known: bool = False

    @property
    def anchor(self) -> str:
        return f"{self.method}-{self.path.strip('/').replace('/', '-')}".replace("{", "").replace(
            "}", ""
        )


@cache
def sections() -> list[tuple[str, str, list[Operation]]]:
    """Every operation, under the first part of its path, with its title; made once a process."""
    schema: dict[str, Any] = SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
    found: dict[str, list[Operation]] = {}
    for path, operations in schema["paths"].items():
        for method, operation in operations.items():
            if method in METHODS:
                section = path.removeprefix("/api/v1/").partition("/")[0]
                described = _operation(schema, path, method, operation)
                listed = found.setdefault(section, [])
                is_known = any(one.answer == described.answer for one in listed)
                listed.append(replace(described, is_known=is_known))
    return [
        (name, name.replace("-", " ").capitalize(), listed)
        for name, listed in sorted(found.items())
    ]


def problems() -> list[tuple[str, str]]:
    """The status codes of answers that are errors, with their words."""
    return sorted({**ALWAYS, **SIGNED_IN, **CHANGES}.items())


def _operation(schema: dict[str, Any], path: str, method: str, raw: dict[str, Any]) -> Operation:
    body: dict[str, Any] = next(iter(raw.get("requestBody", {}).get("content", {}).values()), {})
    answers: dict[str, dict[str, Any]] = {
        status: next(iter(answer.get("content", {}).values()), {})
        for status, answer in raw["responses"].items()
        if status.startswith("2")
    }
    answer = _resolved(schema, next(iter(answers.values()), {}).get("schema", {}))
    results = answer.get("properties", {}).get("results", {}).get("items")
    return Operation(
        method=method.upper(),
        path=path,
        words=" ".join(raw.get("description", "").split()),
        is_public={} in raw.get("security", []),
        parameters=[
            Field(one["name"], _kind(schema, one["schema"]), one.get("description", ""), True)
            if one["in"] == "path"
            else Field(
                one["name"],
                _kind(schema, one["schema"]),
                one.get("description", ""),
                one.get("required", False),
            )
            for one in raw.get("parameters", [])
            if one["name"] not in PAGING
        ],
        fields=_fields(schema, body.get("schema", {})),
        answer=_fields(schema, results if results else answer),
        is_list=bool(results),
        statuses=sorted(status for status in raw["responses"] if status.startswith("2")),
    )


def _resolved(schema: dict[str, Any], raw: dict[str, Any]) -> dict[str, Any]:
    """The schema that a reference names."""
    name = raw.get("$ref", "").rpartition("/")[2]
    found: dict[str, Any] = schema["components"]["schemas"][name] if name else raw
    return found


def _fields(schema: dict[str, Any], raw: dict[str, Any]) -> list[Field]:
    thing = _resolved(schema, raw)
    required = thing.get("required", [])
    return [
        Field(name, _kind(schema, one), str(one.get("description", "")), name in required)
        for name, one in thing.get("properties", {}).items()
    ]


def _kind(schema: dict[str, Any], raw: dict[str, Any]) -> str:
    """The type in a few words, safe in HTML: "uuid", "one of <code>open</code>", "list of string"."""
    if (parts := raw.get("allOf") or raw.get("oneOf")) and len(parts):
        return _kind(schema, parts[0])
    one = _resolved(schema, raw)
    if "enum" in one:
        values = [(value,) for value in one["enum"] if value not in {"", None}]
        return format_html("one of {}", format_html_join(", ", "<code>{}</code>", values))
    kind = one.get("type", "any")
    words = " or ".join(kind) if isinstance(kind, list) else str(kind)
    if words == "array":
        return format_html("list of {}", _kind(schema, one.get("items", {})))
    if "maximum" in one and "minimum" in one:
        words += f" from {one['minimum']} to {one['maximum']}"
    elif "format" in one:
        words = str(one["format"]) + (" or null" if "null" in str(kind) else "")
    return words
