"""The description of the API for readers, made from the OpenAPI schema that programs fetch."""

from dataclasses import dataclass, replace
from functools import cache

from django.utils.html import format_html, format_html_join
from drf_spectacular.generators import SchemaGenerator

from common.api.schema import ALWAYS, CHANGES, METHODS, SIGNED_IN, Schema

# Every list takes these; the page says so once.
PAGING = {"cursor", "limit"}


@dataclass(frozen=True)
class Field:
    """A parameter or a field of a body: its name, its type in words, and its meaning."""

    name: str
    kind: str
    words: str
    is_required: bool


@dataclass(frozen=True)
class Operation:
    """One method of one path. `fields` are those of the request body, `answer` of the response."""

    method: str
    path: str
    words: str
    is_public: bool
    parameters: list[Field]
    fields: list[Field]
    answer: list[Field]
    is_list: bool
    statuses: list[str]
    # An operation above, under the same heading, already shows these fields of the response.
    is_known: bool = False

    @property
    def anchor(self) -> str:
        path = self.path.strip("/").replace("/", "-").replace("{", "").replace("}", "")
        return f"{self.method}-{path}"


@cache
def sections() -> list[tuple[str, str, list[Operation]]]:
    """Return the operations by the first part of their path: key, title, operations. Cached."""
    schema: Schema = SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
    sections: dict[str, list[Operation]] = {}
    for path, methods in schema["paths"].items():
        for method, raw in methods.items():
            if method in METHODS:
                name = path.removeprefix("/api/v1/").partition("/")[0]
                operation = _operation(schema, path, method, raw)
                listed = sections.setdefault(name, [])
                is_known = any(other.answer == operation.answer for other in listed)
                listed.append(replace(operation, is_known=is_known))
    return [
        (name, name.replace("-", " ").capitalize(), listed)
        for name, listed in sorted(sections.items())
    ]


def problems() -> list[tuple[str, str]]:
    """Return the status codes of errors with their meaning."""
    return sorted({**ALWAYS, **SIGNED_IN, **CHANGES}.items())


def _operation(schema: Schema, path: str, method: str, raw: Schema) -> Operation:
    body: Schema = next(iter(raw.get("requestBody", {}).get("content", {}).values()), {})
    answers: dict[str, Schema] = {
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
            Field(
                parameter["name"],
                _kind(schema, parameter["schema"]),
                _words(parameter.get("description", "")),
                parameter["in"] == "path" or parameter.get("required", False),
            )
            for parameter in raw.get("parameters", [])
            if parameter["name"] not in PAGING
        ],
        fields=_fields(schema, body.get("schema", {})),
        answer=_fields(schema, results if results else answer),
        is_list=bool(results),
        statuses=sorted(status for status in raw["responses"] if status.startswith("2")),
    )


def _resolved(schema: Schema, raw: Schema) -> Schema:
    """Return what a reference points to; anything else as it is."""
    name = raw.get("$ref", "").rpartition("/")[2]
    resolved: Schema = schema["components"]["schemas"][name] if name else raw
    return resolved


def _fields(schema: Schema, raw: Schema) -> list[Field]:
    body = _resolved(schema, raw)
    required = body.get("required", [])
    return [
        Field(name, _kind(schema, field), _words(field.get("description", "")), name in required)
        for name, field in body.get("properties", {}).items()
    ]


def _words(description: str) -> str:
    """Return a description, safe in HTML: names as code, without the choices, which `_kind` lists."""
    pieces = str(description).partition("\n\n* `")[0].split("`")
    templates = ("{}", "<code>{}</code>")
    parts = ((format_html(templates[at % 2], each),) for at, each in enumerate(pieces))
    return format_html_join("", "{}", parts)


def _kind(schema: Schema, raw: Schema) -> str:
    """Return the type in words, safe in HTML: "uuid", "list of string", "one of <code>a</code>"."""
    if parts := raw.get("allOf") or raw.get("oneOf"):
        return _kind(schema, parts[0])
    field = _resolved(schema, raw)
    if "enum" in field:
        values = [(value,) for value in field["enum"] if value not in {"", None}]
        return format_html("one of {}", format_html_join(", ", "<code>{}</code>", values))
    kind = field.get("type", "any")
    words = " or ".join(kind) if isinstance(kind, list) else str(kind)
    if words == "array":
        return format_html("list of {}", _kind(schema, field.get("items", {})))
    if "maximum" in field and "minimum" in field:
        words += f" from {field['minimum']} to {field['maximum']}"
    elif "format" in field:
        words = str(field["format"]) + (" or null" if "null" in str(kind) else "")
    return words
