"""Marked lines in notes: what the group decided, and who does what by when.

The syntax, one line each:

    decision: The operator declares the limit.
    action: @Grace Wanjiru asks the hospital group by 2026-12-04
    - [ ] @Grace asks the hospital group by 2026-12-04

A name may be the whole one or a first name that only one member has. The date is optional. When an
item has been made of a line, its number stands at the line's end, as in `[A-12]`. The number is the
line's identity: whatever else is edited, no second item is made of a line that carries one.
Lines in fenced code are left alone.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Generic, TypeVar

from common.names import sort_key

_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_MARKED = re.compile(
    r"""\s*
    (?:
        (?:[-*+]\s+|\d+[.)]\s+)?                       # a list item, or not
        (?P<bold>\*\*|__)?(?P<word>action|decision)(?P<inner>:)?(?(bold)(?P=bold))(?(inner)|\s*:)
      | [-*+]\s+\[\s\]
    )
    \s*(?P<rest>.*\S)\s*$""",
    re.IGNORECASE | re.VERBOSE,
)
_MARK = re.compile(r"\s*\[(?P<mark>[AD]-\d{1,9})\]$")
_DUE = re.compile(r"[\s,(]+(?:by|until)\s+(?P<due>\d{4}-\d{1,2}-\d{1,2})\)?[.!]?$", re.IGNORECASE)
_NAME_MAX_WORDS = 8


class LineKind(StrEnum):
    ACTION = "action"
    DECISION = "decision"


class Doubt(StrEnum):
    """Why a line marked as action waits for a person to say who is meant."""

    NOBODY_NAMED = "nobody_named"
    UNKNOWN_NAME = "unknown_name"
    SEVERAL = "several"
    BAD_DATE = "bad_date"


@dataclass(frozen=True, slots=True)
class MarkedLine:
    """A marked line of a text. `number` counts from 1; `mark` is "A-12" once an item was made."""

    number: int
    kind: LineKind
    text: str
    mark: str = ""


Someone = TypeVar("Someone")  # its str() is its name


@dataclass(frozen=True, slots=True)
class Assignment(Generic[Someone]):
    """What a line marked as action says. `doubt` is None when owner and date are certain."""

    text: str
    owner: Someone | None
    due_on: date | None
    doubt: Doubt | None = None
    candidates: tuple[Someone, ...] = ()


def marked_lines(source: str) -> Iterator[MarkedLine]:
    """The marked lines of a text, in order."""
    fence = ""
    for number, line in enumerate(source.split("\n"), start=1):
        opening = _FENCE.match(line)
        if opening and not fence:
            fence = opening[1]
        elif opening and opening[1].startswith(fence):
            fence = ""
        elif not fence and (marked := _MARKED.match(line)):
            yield _read(number, marked)


def _read(number: int, marked: re.Match[str]) -> MarkedLine:
    kind = LineKind((marked["word"] or LineKind.ACTION).lower())
    rest = marked["rest"]
    mark = _MARK.search(rest)
    if mark is None:
        return MarkedLine(number, kind, rest)
    return MarkedLine(number, kind, rest[: mark.start()].rstrip(), mark["mark"])


def with_marks(source: str, marks: Mapping[int, str]) -> str:
    """The same text in which the lines of these numbers end in their mark, in place of an older."""
    lines = source.split("\n")
    for number, mark in marks.items():
        unmarked = _MARK.sub("", lines[number - 1].rstrip())
        lines[number - 1] = f"{unmarked} [{mark}]"
    return "\n".join(lines)


def assignment(line: MarkedLine, people: Sequence[Someone]) -> Assignment[Someone]:
    """Who is to do what by when, of the people who can be meant."""
    text, due_on, bad_date = _split_due(line.text)
    if not text.startswith("@"):
        return Assignment(text, None, due_on, Doubt.NOBODY_NAMED)
    found, rest = _named_first(text[1:].lstrip(), people)
    if not found:
        return Assignment(text[1:], None, due_on, Doubt.UNKNOWN_NAME)
    if len(found) > 1:
        return Assignment(rest, None, due_on, Doubt.SEVERAL, tuple(found))
    doubt = Doubt.BAD_DATE if bad_date else None
    return Assignment(rest or text[1:], found[0], due_on, doubt)


def _split_due(text: str) -> tuple[str, date | None, bool]:
    """The text without its date; the date; whether a date is written that no calendar has."""
    due = _DUE.search(text)
    if due is None:
        return text, None, False
    try:
        year, month, day = (int(part) for part in due["due"].split("-"))
        return text[: due.start()], date(year, month, day), False
    except ValueError:
        return text, None, True


def _named_first(text: str, people: Sequence[Someone]) -> tuple[list[Someone], str]:
    """The people whom the first words of the text name, and what follows the name.

    The longest whole name wins; else a single word that begins somebody's name.
    """
    words = text.split()
    names = [(person, _name_words(str(person))) for person in people]
    for count in range(min(len(words), _NAME_MAX_WORDS), 0, -1):
        given = _name_words(" ".join(words[:count]))
        whole = [person for person, name in names if name == given]
        if whole and given:
            return whole, _after(words[count:])
    first = _name_words(words[0]) if words else ()
    begun = [person for person, name in names if first and name[: len(first)] == first]
    return begun, _after(words[1:])


def _name_words(name: str) -> tuple[str, ...]:
    return tuple(sort_key(name).strip(":,;.–- ").split())


def _after(words: list[str]) -> str:
    return " ".join(words).lstrip(":,;–- ")
