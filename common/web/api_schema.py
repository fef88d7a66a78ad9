"""What the description of the API says of errors, for all endpoints in one place."""

from typing import Any

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
CHANGES = {"409": "The state does not allow it, or somebody changed it meanwhile."}
UNCHANGED = "What you have, as If-None-Match names it, is still good."
METHODS = {"get", "post", "put", "patch", "delete"}


def describe_errors(result: dict[str, Any], **_: Any) -> dict[str, Any]:
    """Every operation names the errors it can answer with, and 304 (a drf-spectacular hook)."""
    result.setdefault("components", {}).setdefault("schemas", {})["Problem"] = PROBLEM
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
