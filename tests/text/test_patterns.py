"""Regular expressions match alike on every Python that we support, and in linear time."""

import ast
import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest

from common.files.types import _SVG_START
from common.http.pasted_text import _JSON_MARKS
from common.text.attribute_lists import LIST
from common.text.html_blocks import TAG_PATTERN
from common.text.raw_html import _ATTRIBUTE, _TAG
from tests.test_layers import module_of, our_files
from tests.text.timing import assert_quick

# How Python itself reads a pattern.
_constants, _parser = import_module("re._constants"), import_module("re._parser")
_ONE_CHARACTER = {_constants.ANY, _constants.IN, _constants.LITERAL, _constants.NOT_LITERAL}


def repeats_a_group_possessively(pattern: str | bytes, flags: int = 0) -> bool:
    """Whether a possessive quantifier is behind more than one character or class of characters.

    Python before 3.11.5, as in Debian 12, forgets what such a group has matched
    (https://github.com/python/cpython/issues/106052). An atomic group, `(?>(?:…)*)`, does the same.
    """
    return any(
        len(repeated) > 1 or repeated[0][0] not in _ONE_CHARACTER
        for repeated in _possessive(_parser.parse(pattern, flags))
    )


def _possessive(node: object) -> Iterator[list[tuple[object, object]]]:
    """What a possessive quantifier repeats, anywhere in a pattern that was read."""
    if isinstance(node, tuple) and node and node[0] is _constants.POSSESSIVE_REPEAT:
        yield node[1][2]
    if isinstance(node, tuple | list | _parser.SubPattern):
        for child in node:
            yield from _possessive(child)


def _patterns(value: object) -> Iterator[re.Pattern[str] | re.Pattern[bytes]]:
    """All patterns in the value of a name: itself, or the items of a container."""
    if isinstance(value, re.Pattern):
        yield value
    elif isinstance(value, dict):
        yield from _patterns([*value, *value.values()])
    elif isinstance(value, list | tuple | set | frozenset):
        for item in value:
            yield from _patterns(item)


def _literals(path: Path) -> Iterator[str | bytes]:
    """The patterns that a module passes to a function of `re` as they are."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and isinstance(node.func.value, ast.Name)
            and node.func.value.id == "re"
            and node.args
            and isinstance(node.args[0], ast.Constant)
        ):
            yield node.args[0].value


@pytest.mark.parametrize(
    ("pattern", "is_refused"),
    [
        ("(?:ab)*+c", True),
        ("(a|b)++", True),
        ("x(?:a(?:bc){2,3}+)?", True),
        ("(?:ab)?+", True),
        ("[ab]*+c++.{2,}+", False),
        ("(?>(?:ab)*)c", False),
    ],
)
def test_a_possessive_group_is_found(pattern: str, *, is_refused: bool) -> None:
    assert repeats_a_group_possessively(pattern) == is_refused


def test_no_pattern_repeats_a_group_possessively() -> None:
    found, count = [], 0
    for path in our_files():
        if "migrations" in path.parts:
            continue
        module = module_of(path)
        compiled = _patterns(list(vars(import_module(module)).values()))
        patterns = [(pattern.pattern, pattern.flags) for pattern in compiled]
        literals = [(pattern, re.VERBOSE * ("\n" in str(pattern))) for pattern in _literals(path)]
        for pattern, flags in [*patterns, *literals]:
            count += 1
            if repeats_a_group_possessively(pattern, flags):
                found.append(f"{module}: {pattern!r}")

    assert found == []
    assert count > 300


@pytest.mark.parametrize(
    ("pattern", "text", "match"),
    [
        (_TAG, "<a href='x' title = \"<b>\" hidden c=d> e", "<a href='x' title = \"<b>\" hidden c=d>"),
        (_ATTRIBUTE, "title = 'a b' c", "title = 'a b'"),
        (_ATTRIBUTE, 'title = "a', "title"),
        (LIST, '{: .note #here toc width="3" title=toc } x', '{: .note #here toc width="3" title=toc }'),
        (re.compile(TAG_PATTERN), """<a b='>' c=">" d>""", """<a b='>' c=">" d>"""),
        (_JSON_MARKS, '"\ufeff\\ufeff\ufeffa"', '"\ufeff\\ufeff\ufeff'),
        (_SVG_START, "<!-- a --> <!doctype svg [ b ] >\n<!----><svg>", "<!-- a --> <!doctype svg [ b ] >\n<!----><svg"),
    ],
    ids=["tag", "attribute", "open_attribute", "list", "rendered", "marks", "svg"],
)  # fmt: skip
def test_all_repetitions_are_matched(pattern: re.Pattern[str], text: str, match: str) -> None:
    found = pattern.match(text)

    assert found is not None
    assert found[0] == match


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        (_TAG, "<a" + " b='c'" * 200_000),
        (_TAG, "<a" + " b" * 500_000),
        (_ATTRIBUTE, "a" + " " * 1_000_000 + "=" + " " * 1_000_000),
        (LIST, "{:" + " .a" * 300_000),
        (LIST, "{:" + " a=toc" * 150_000),
        (re.compile(TAG_PATTERN), "<a" + " b=''" * 200_000),
        (_JSON_MARKS, '"' + "\ufeff" * 1_000_000),
        (_SVG_START, "<!---->" * 150_000),
        (_SVG_START, "<!doctype svg [" + "]" * 500_000),
    ],
    ids=[
        "quoted",
        "bare",
        "spaces",
        "classes",
        "values",
        "rendered",
        "marks",
        "comments",
        "doctype",
    ],
)
def test_no_pattern_takes_long(pattern: re.Pattern[str], text: str) -> None:
    assert_quick(lambda: pattern.match(text), 0.5)
