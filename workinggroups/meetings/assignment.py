"""What a line marked as action says: who does what by when."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache
from typing import Generic, TypeVar

from common.names import name_words, same_name
from workinggroups.meetings.due_dates import split_due
from workinggroups.meetings.lines import MarkedLine

_NAME_MAX_WORDS = 8
# A name is looked for among so many characters: a line may be as long as a text.
_NAME_MAX_CHARACTERS = 400
# Between two names: "@Łukasz and @Zoë", "@Łukasz, @Zoë", "@Łukasz & @Zoë", "@Łukasz/@Zoë".
_AND = re.compile(
    r"\s*(?:,|;|/|&|\+|、|，)?\s*(?:and\s+|und\s+|et\s+|y\s+|と|和|および)?(?=[@＠])", re.IGNORECASE
)
_SIGNS = ":,;.–- \u3000：，、。；"
# What Japanese, Chinese and Korean put after a name: a title, and the sign of who acts.
_AFTER_NAME = re.compile(r"(?:さん|様|氏|君|先生|님|씨)?(?:は|が|に|を|은|는|이|가)?(?=\S)")
_UNSPACED = re.compile(
    r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7ff\uf900-\ufaff\U00020000-\U0003ffff]"
)


class Doubt(StrEnum):
    """Why a line marked as action waits for a person to say who is meant."""

    NOBODY_NAMED = "nobody_named"
    UNKNOWN_NAME = "unknown_name"
    SEVERAL = "several"
    BAD_DATE = "bad_date"


Someone = TypeVar("Someone")  # its str() is its name


@dataclass(frozen=True, slots=True)
class Assignment(Generic[Someone]):
    """What a line marked as action says. `doubt` is None when owners and date are certain."""

    text: str
    owners: tuple[Someone, ...]
    due_on: date | None
    doubt: Doubt | None = None
    candidates: tuple[Someone, ...] = ()


def assignment(line: MarkedLine, people: Sequence[Someone], on: date) -> Assignment[Someone]:
    """Who is to do what by when, of the people who can be meant.

    `on` is the day of the meeting in its own zone: days without a year, and days of the week, are
    the next such days after it.
    """
    text, due_on, is_bad = split_due(line.text, on)
    if not text.startswith(("@", "＠")):
        return Assignment(text, (), due_on, Doubt.NOBODY_NAMED)
    names = [_Name(person, str(person)) for person in people]
    owners: list[Someone] = []
    rest = text
    while rest.startswith(("@", "＠")):
        found, after = _named_first(rest[1:].lstrip(), names)
        if not found:
            return Assignment(text[1:].lstrip(), (), due_on, Doubt.UNKNOWN_NAME)
        if len(found) > 1:
            return Assignment(after.lstrip(_SIGNS), (), due_on, Doubt.SEVERAL, tuple(found))
        owners += [person for person in found if person not in owners]
        joined = _AND.match(after)
        rest = after[joined.end() :] if joined else after.lstrip(_SIGNS)
    return Assignment(rest or text[1:], tuple(owners), due_on, Doubt.BAD_DATE if is_bad else None)


class _Name(Generic[Someone]):
    """A person and the words of the name, as they are compared."""

    def __init__(self, person: Someone, name: str) -> None:
        self.person = person
        self.name = name
        self.words, self.in_any_order, self.compact = _spelling(name)


@lru_cache(maxsize=4096)
def _spelling(name: str) -> tuple[tuple[str, ...], list[str], str]:
    """The words of a name, the same sorted, and without spaces where its script writes none."""
    words = name_words(name)
    return words, sorted(words), "".join(words) if _UNSPACED.search(name) else ""


def _named_first(text: str, names: list[_Name[Someone]]) -> tuple[list[Someone], str]:
    """The people whom the first words of the text name, and what follows the name.

    The longest whole name wins, its words in any order; else a name written without spaces before
    the words that follow; else a single word that somebody is called by, given names before others.
    """
    head = text[:_NAME_MAX_CHARACTERS]
    for end in reversed(list(_word_ends(head))):
        given = sorted(name_words(text[:end].strip(_SIGNS)))
        whole = [name for name in names if given and name.in_any_order == given]
        if whole:
            return _exact(whole, text[:end].strip(_SIGNS)), text[end:]
    beginnings = _beginnings(head, names)
    if unspaced := [name for name in names if name.compact in beginnings]:
        longest = max(len(name.compact) for name in unspaced)
        found = [name for name in unspaced if len(name.compact) == longest]
        after = text[beginnings[found[0].compact] :]
        titled = _AFTER_NAME.match(after)
        return [name.person for name in found], after[titled.end() :] if titled else after
    end = next(_word_ends(head), 0)
    word = name_words(text[:end].strip(_SIGNS))[:1]
    begun = [name for name in names if word and name.words[:1] == word]
    begun = begun or [name for name in names if word and word[0] in name.words]
    return _exact(begun, text[:end].strip(_SIGNS)), text[end:]


def _exact(found: list[_Name[Someone]], typed: str) -> list[Someone]:
    """Of several whom the letters fit, those whose name has the very signs that were typed."""
    same = [
        name
        for name in found
        if same_name(name.name, typed) or any(same_name(word, typed) for word in name.name.split())
    ]
    return [name.person for name in (same if len(found) > 1 and same else found)]


def _word_ends(text: str) -> Iterator[int]:
    """Where the first words of the text end, up to the next name."""
    for count, word in enumerate(re.finditer(r"[^\s@＠,;/]+", text)):
        if count == _NAME_MAX_WORDS or re.search(r"[@＠,;/]", text[: word.start()]):
            return
        yield word.end()


def _beginnings(text: str, names: list[_Name[Someone]]) -> dict[str, int]:
    """How many characters of the text are each name that it may begin with, written without spaces."""
    longest = max((len(name.compact) for name in names), default=0)
    beginnings: dict[str, int] = {}
    for end in range(1, min(len(text), longest + 4) + 1) if longest else ():
        if compact := "".join(name_words(text[:end])):
            beginnings.setdefault(compact, end)
    return beginnings
