"""JSON, read strictly: what two programs could understand differently is refused (RFC 8259)."""

import json
from typing import Any

from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser


class StrictJSONParser(BaseParser):
    """UTF-8 JSON without duplicate keys, NaN, or nesting deeper than Python can follow."""

    media_type = "application/json"

    def parse(
        self, stream: Any, media_type: str | None = None, parser_context: Any = None
    ) -> dict[str, Any]:
        try:
            loaded: dict[str, Any] = json.loads(
                stream.read(), object_pairs_hook=_without_doubles, parse_constant=_no_constant
            )
        except RecursionError:
            raise ParseError("The JSON is nested too deeply.") from None
        except ValueError as error:
            raise ParseError(f"The body is not JSON that we read: {error}") from None
        return loaded


def _without_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) != len(pairs):
        names = [name for name, _value in pairs]
        double = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"“{double[:60]}” appears twice.")
    return result


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is not a number in JSON.")
