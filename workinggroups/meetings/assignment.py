"""What an action marker says: who does what by when."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache
from typing import Generic, TypeVar

from common.names import name_words, same_name
from workinggroups.meetings.due_dates import (
    likely_due,
    speaks_of_a_time,
    split_due,
    split_first_due,
)
from workinggroups.meetings.markers import Marker

_NAME_MAX_WORDS = 8
# For a longer list, a person has to choose the owners.
_LIST_MAX_NAMES = 50
# A name is looked for among so many characters, since a marker can be as long as a text.
_NAME_MAX_CHARACTERS = 400
# Longest family or given name that is written without a space.
_PART_MAX_CHARACTERS = 8
# "And" between two names: after these words another person certainly follows.
_AND_SOMEBODY = (
    r"and|und|et|oraz|och|og|sowie|plus|&|\+|as\s+well\s+as|along\s+with|together\s+with"
)
# These words have other meanings too, or are as short as initials.
_AND = (
    r"y|e|i|a|ja|en|ve|és|es|ed|și|si|şi|in|ir|un|và|va|og|ok|ning|illetve|eta|agus|ac|kaj|dhe|he"
    r"|na|dan|at|ak|та|и|й|і|да|жана|және|και|და|և|եւ|እና|ו|و|और|एवं|व|এবং|ও|ਅਤੇ|અને|மற்றும்|మరియు|ಮತ್ತು"
    r"|ഒപ്പം|සහ|และ|ແລະ|និង|နှင့်|ja\s+ka|og\s+også|ainsi\s+que|wraz\s+z|spolu\s+s(?:e|o)?"
)
_AND_UNSPACED = r"と|や|および|及び|ならびに|和|与|與|跟|及|以及|및|와|과|하고|이랑|랑"
_JOINED = re.compile(
    rf"\s*(?P<comma>[,;、，；])?\s*(?:(?P<slash>[/／])\s*|(?:(?P<sure>{_AND_SOMEBODY})|(?P<word>{_AND}))"
    rf"(?:\s+|(?=[@＠]))|(?P<unspaced>{_AND_UNSPACED})\s*)?(?P<at>[@＠])?",
    re.IGNORECASE,
)
# Between two names, where it is unclear which of them acts, or whether both do.
_OR = re.compile(
    r"\s*[,;]?\s*(?:and\s*/\s*or|or|oder|ou|o|u|of|lub|albo|czy|eller|или|або|чи|nebo|anebo|alebo|vagy"
    r"|või|tai|veya|sau|ali|arba|vai|ή|または|又は|か|或(?:者|は)?|또는|혹은"
    r"|with|mit|con|avec|com|z|ze|s|se|med|met|с|med|cc|via)(?=\s|[@＠])\s*(?=(?P<name>\S))",
    re.IGNORECASE,
)
# One short word before the next name: most likely "and" in a language that is not listed here.
_SHORT_WORD = re.compile(r"\s*[,;]?\s*(?P<word>[^\W\d_]{1,4})\s+[@＠]")
# Short words that do not mean "and": "asks", "calls", and verbs without an s.
_SHORT_VERB = re.compile(
    r"[a-z]+s|ask|call|tell|help|mail|meet|ping|join|pay|send|give|show|let|get|find|text|back",
    re.IGNORECASE,
)
_SIGNS = ":,;.–—- \u3000：，、。；"
_BEFORE_COLON = re.compile(rf"[^:：]{{1,{_NAME_MAX_CHARACTERS}}}[:：]")
_ENDS_LIST = re.compile(r"\s*[:：–—]|\s+-\s")
# After a name Japanese, Chinese and Korean put a title, and a particle that says who acts.
_TITLE_WORDS = (
    "さん|さま|ちゃん|くん|様|氏|君|殿|先生|教授|博士|部長|課長|社長|議長|女史|女士|小姐|老师|老師|同志"
    "|선생님|교수님|박사님|위원장님|의장님|부장님|과장님|사장님|선생|교수|박사|위원장|의장|위원|님|씨"
)
_ACTING = "は|が|に|を|も|께서는|께서|에게|은|는|이|가|께|도"
_TITLE = re.compile(
    rf"(?:{_TITLE_WORDS})|\s(?:{_TITLE_WORDS})(?=(?:{_ACTING}|{_AND_UNSPACED})?(?:\s|$|[@＠,、:：]))"
)
_ACTS = re.compile(rf"(?:{_ACTING})")
_NAME_ENDS = re.compile(rf"(?:{_TITLE_WORDS})?(?:{_ACTING}|{_AND_UNSPACED})?(?:[\W_]|$)")
_PART_ENDS = re.compile(rf"(?:{_TITLE_WORDS})|(?:{_ACTING}|{_AND_UNSPACED})|[\W_]|$")
_UNSPACED_CHARACTERS = (
    "\u3005-\u3007\u3040-\u30ff\u3400-\u9fff\uac00-\ud7ff\uf900-\ufaff\U00020000-\U0003ffff"
)
_UNSPACED = re.compile(f"[{_UNSPACED_CHARACTERS}]")
_HANGUL = re.compile("[\uac00-\ud7ff]")
_WORD = re.compile(f"[{_UNSPACED_CHARACTERS}]+|[^\\s@＠,;/{_UNSPACED_CHARACTERS}]+")


class Doubt(StrEnum):
    """Why a person has to choose the owner or date of an action marker."""

    NOBODY_NAMED = "nobody_named"
    UNKNOWN_NAME = "unknown_name"
    SEVERAL = "several"
    MORE_NAMES = "more_names"
    BAD_DATE = "bad_date"


Someone = TypeVar("Someone")  # its str() is its name


@dataclass(frozen=True, slots=True)
class Assignment(Generic[Someone]):
    """What an action marker says. `doubt` is None when owners and date are certain.

    In doubt, `candidates` and `due_on` are offered to the person who chooses.
    """

    text: str
    owners: tuple[Someone, ...]
    due_on: date | None
    doubt: Doubt | None = None
    candidates: tuple[Someone, ...] = ()


def assignment(marker: Marker, people: Sequence[Someone], on: date) -> Assignment[Someone]:
    """Read who does what by when; `people` are those who can be meant.

    `on` is the day of the meeting in its own zone: days without a year, and days of the week, are
    the next such days after it.
    """
    text, due_on = split_due(marker.text, on)
    names = [_Name(person, str(person)) for person in people]
    if not (text.startswith(("@", "＠")) or _begins_with_full_names(text, names)):
        return Assignment(text, (), due_on, Doubt.NOBODY_NAMED)
    owners, rest, doubt = _owners(text, names)
    if doubt is Doubt.UNKNOWN_NAME:
        return Assignment(text[1:].lstrip(), (), due_on, doubt)
    if doubt is Doubt.SEVERAL and rest:
        return Assignment(rest, (), due_on, doubt, owners)
    if doubt is not None:
        return Assignment(text, (), due_on, doubt, owners)
    words, first_due = split_first_due(rest, on)
    if first_due is not None and due_on not in {None, first_due}:
        whole = marker.text[len(text) - len(rest) :]
        return Assignment(whole, owners, None, Doubt.BAD_DATE)
    if first_due is not None or due_on is not None:
        return Assignment(words or text[1:], owners, first_due or due_on)
    if speaks_of_a_time(rest):
        return Assignment(rest, owners, likely_due(rest, on), Doubt.BAD_DATE)
    return Assignment(rest or text[1:], owners, None)


class _Name(Generic[Someone]):
    """A person, and the spellings by which names are compared."""

    def __init__(self, person: Someone, name: str) -> None:
        self.person = person
        self.name = name
        self.words, self.in_any_order, self.compact, self.parts = _spelling(name)


@lru_cache(maxsize=4096)
def _spelling(name: str) -> tuple[tuple[str, ...], list[str], str, frozenset[str]]:
    """Return the words of a name; the same sorted; and for scripts without spaces, the name without
    spaces and what can be its family or given name."""
    words = name_words(name)
    if not _UNSPACED.search(name):
        return words, sorted(words), "", frozenset()
    compact = "".join(words)
    if len(words) > 1:
        return words, sorted(words), compact, frozenset(words)
    # One character alone is a family name of a short name only, and a given name of two.
    most = len(compact) - 1
    firsts = {compact[:size] for size in range(1 if most < 3 else 2, most + 1)}
    lasts = {compact[-size:] for size in range(1 if most < 2 else 2, most + 1)}
    return words, sorted(words), compact, frozenset(firsts | lasts)


def _owners(
    text: str, names: list[_Name[Someone]]
) -> tuple[tuple[Someone, ...], str, Doubt | None]:
    """Return the people whom the first words of the text name, what follows, and any doubt."""
    owners: list[Someone] = []
    rest, is_listed = text, True
    for _ in range(_LIST_MAX_NAMES):
        people, after = _named_first(rest.lstrip("@＠").lstrip(), names)
        if not people:
            return tuple(owners), "", Doubt.UNKNOWN_NAME
        if len(people) > 1:
            return tuple(people), "" if owners else after.lstrip(_SIGNS), Doubt.SEVERAL
        owners += [person for person in people if person not in owners]
        name = rest[: len(rest) - len(after)].rstrip()
        if name.endswith((":", "：")):
            is_listed = True
            break
        joined = _JOINED.match(after)
        rest = after[joined.end() :] if joined else after
        if joined is None or not (joined["at"] or any(joined.groups())):
            break
        if joined["at"]:
            is_listed = True
            continue
        if _begins_a_name(rest) and _named_first(rest, names)[0]:
            # "@Tomas, Mira needs it" speaks to Tomas; "@Tomas, Mira and Maren" are three.
            is_listed = any(joined[sign] for sign in ("sure", "word", "unspaced", "slash"))
            continue
        if joined["sure"] or joined["slash"]:
            return tuple(owners), "", Doubt.MORE_NAMES
        break
    else:
        return tuple(owners), "", Doubt.MORE_NAMES
    if not name.endswith((":", "：")) and (
        not (is_listed or _ENDS_LIST.match(after)) or _may_name_more(after, names)
    ):
        return tuple(owners), "", Doubt.MORE_NAMES
    acts = _ACTS.match(after)
    return tuple(owners), after[acts.end() if acts else 0 :].lstrip(_SIGNS), None


def _begins_with_full_names(text: str, names: list[_Name[Someone]]) -> bool:
    """Tell whether the text begins with a list of full names and a colon: "Mira Ek and Li Wei: …".

    Without an @ nothing less is certain: "Paris: book the rooms" may not speak to a Paris.
    """
    head = _BEFORE_COLON.match(text)
    if head is None:
        return False
    people, rest, doubt = _owners(text, names)
    if doubt is not None or rest != text[head.end() :].lstrip(_SIGNS):
        return False
    words = name_words(head[0])
    return all(
        (len(name.words) > 1 and set(name.words) <= set(words))
        or (name.compact and name.compact in "".join(words))
        for name in names
        if name.person in people
    )


def _begins_a_name(text: str) -> bool:
    return text[:1].isalpha() and not text[:1].islower()


def _may_name_more(after: str, names: list[_Name[Someone]]) -> bool:
    """Tell whether another name follows that may or may not be an owner: "@Mira or @Tomas"."""
    if other := _OR.match(after):
        words = after[other.start("name") :]
        if words[0] in "@＠" or (_begins_a_name(words) and _named_first(words, names)[0]):
            return True
    short = _SHORT_WORD.match(after)
    return short is not None and _SHORT_VERB.fullmatch(short["word"]) is None


def _named_first(text: str, names: list[_Name[Someone]]) -> tuple[list[Someone], str]:
    """Return the people whom the first words of the text name, and what follows the name.

    The longest whole name wins, its words in any order; else a name written without spaces before
    the words that follow; else a single word of a name, given names before others.
    """
    head = text[:_NAME_MAX_CHARACTERS]
    for end in reversed(list(_word_ends(head))):
        given = sorted(name_words(text[:end].strip(_SIGNS)))
        whole = [name for name in names if given and name.in_any_order == given]
        if whole:
            return _exact(whole, text[:end].strip(_SIGNS)), _without_title(text[end:])
    beginnings = _beginnings(head, names)
    if unspaced := [name for name in names if name.compact in beginnings]:
        longest = max(len(name.compact) for name in unspaced)
        best = [name for name in unspaced if len(name.compact) == longest]
        after = text[beginnings[best[0].compact] :]
        # Korean has a space after the name and its particle: 김철수민 is not 김철수.
        if not (_HANGUL.match(after) and not _NAME_ENDS.match(after)):
            return [name.person for name in best], _without_title(after)
    end = next(_word_ends(head), 0)
    word = name_words(text[:end].strip(_SIGNS))[:1]
    begun = [name for name in names if word and name.words[:1] == word]
    begun = begun or [name for name in names if word and word[0] in name.words]
    if begun:
        return _exact(begun, text[:end].strip(_SIGNS)), _without_title(text[end:])
    return _named_in_part(head, text, names)


def _named_in_part(head: str, text: str, names: list[_Name[Someone]]) -> tuple[list[Someone], str]:
    """Return the people with this family or given name, without spaces: 山田さん for 山田太郎."""
    if not _UNSPACED.match(head):
        return [], text
    for end in range(min(len(head), _PART_MAX_CHARACTERS), 0, -1):
        if not _PART_ENDS.match(head, end):
            continue
        part = "".join(name_words(head[:end]))
        if people := [name.person for name in names if part in name.parts]:
            return people, _without_title(text[end:])
    return [], text


def _without_title(after: str) -> str:
    titled = _TITLE.match(after)
    return after[titled.end() :] if titled else after


def _exact(names: list[_Name[Someone]], typed: str) -> list[Someone]:
    """Of several people, prefer those whose name has exactly the characters that were typed."""
    same = [
        name
        for name in names
        if same_name(name.name, typed) or any(same_name(word, typed) for word in name.name.split())
    ]
    return [name.person for name in (same if len(names) > 1 and same else names)]


def _word_ends(text: str) -> Iterator[int]:
    """Yield where each of the first words of the text ends, up to the next name."""
    for count, word in enumerate(_WORD.finditer(text)):
        if count == _NAME_MAX_WORDS or re.search(r"[@＠,;/]", text[: word.start()]):
            return
        yield word.end()


def _beginnings(text: str, names: list[_Name[Someone]]) -> dict[str, int]:
    """Map each possible name at the beginning, without spaces, to its length in the text."""
    longest = max((len(name.compact) for name in names), default=0)
    beginnings: dict[str, int] = {}
    for end in range(1, min(len(text), longest + 4) + 1) if longest else ():
        if compact := "".join(name_words(text[:end])):
            beginnings.setdefault(compact, end)
    return beginnings
