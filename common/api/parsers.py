"""Strict JSON: what two programs could understand differently is refused (RFC 8259)."""

import json
from collections.abc import Mapping
from typing import IO

from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser


class StrictJSONParser(BaseParser):
    """UTF-8 JSON without duplicate keys, NaN, or nesting deeper than Python can follow."""

    media_type = "application/json"

    def parse(
        self,
        stream: IO[bytes],
        media_type: str | None = None,
        parser_context: Mapping[str, object] | None = None,
    ) -> dict[str, object]:
        try:
            body: dict[str, object] = json.loads(
                stream.read(), object_pairs_hook=_unique_keys, parse_constant=_refuse_constant
            )
        except RecursionError:
            raise ParseError("The JSON is nested too deeply.") from None
        except ValueError as error:
            raise ParseError(f"The body is not valid JSON: {error}") from None
        return body


def _unique_keys(pairs: list[tuple[str, object]]) -> dict[str, object]:
    result = dict(pairs)
    if len(result) != len(pairs):
        names = [name for name, _value in pairs]
        double = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"“{double[:60]}” appears twice.")
    return result


def _refuse_constant(name: str) -> object:
    raise ValueError(f"{name} is not a number in JSON.")
