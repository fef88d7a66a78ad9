"""What the line of an agenda item says: its number or bullet, its length and who presents it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from common.names import name_words
from members.people.models import Person
from workinggroups.meetings.choices import MEETING_MAX_MINUTES

# Signs of lists, also those of symbol fonts in office programs.
_BULLETS = "•●▪■◾◦○□❑❖‣⁃∙·➢➤►▶✓✔–—*+\uf0a7\uf0b7\uf0d8-"
_MARK = re.compile(
    rf"""\s*(?:
      (?P<number>\d{{1,2}}(?:\.\d{{1,2}})*)(?:[.):]+\s+|[ ]*\t\s*)
    | (?P<dotted>\d{{1,2}}(?:\.\d{{1,2}})+)\s+
    | (?P<clock>\d{{1,2}}[:.h]\d{{2}}(?:\s*[–—-]\s*\d{{1,2}}[:.h]\d{{2}})?)(?:\s*[|:–—-])?\s+
    | \(?(?P<letter>[A-Za-z])[.)]\s+
    | (?P<roman>[IVXivx]{{2,5}})[.)]\s+
    | (?P<bullet>[{_BULLETS}])\s+
    | (?P<circle>o)[ ]*\t\s*
    )(?=\S)""",
    re.VERBOSE,
)
_LENGTH = re.compile(
    r"(?:(?P<hours>\d{1,2})\s*(?:h|hrs?\.?|hours?)\s*)?"
    r"(?:(?P<minutes>\d{1,4})\s*(?:min(?:ute[ns]?|utos?|uti|s)?\.?|m|['′’]|мин(?:уты?)?\.?|分钟?|分))?",
    re.IGNORECASE,
)
_HOURS = re.compile(r"(?P<hours>\d{1,2})\s*h\s*(?P<minutes>\d{2})", re.IGNORECASE)
_IN_BRACKETS = r"[(\[（［]([^()\[\]（）［］]{1,120})[)\]）］]"
_BRACKETS_AT_END = re.compile(rf"\s*{_IN_BRACKETS}[\s.:]*$")
_BRACKETS_AT_START = re.compile(rf"^{_IN_BRACKETS}\s*[:.–—-]?\s*")
_LENGTH_AT_START = re.compile(r"^(?P<words>\d[^–—|·:()]{0,15}?)(?:\s+[–—|·-]\s|\s*[|:]\s)\s*")
_LENGTH_MAX_WORDS = 4
_BETWEEN = re.compile(r"\s*[,;/|·]\s*|\s+[–—-]\s+")
_SPEAKER_AT_END = re.compile(
    r"(?:[\s,;.–—|·-]+(?:presenter|presented\s+by|led\s+by|lead|owner|speaker|by)\s*:?\s+|\s+@\s*)"
    r"(?P<name>[^\s@,;:()\[\]][^@,;:()\[\]]{0,80})$",
    re.IGNORECASE,
)
_NAME_AT_END = re.compile(
    r"(?:\s+[–—|·-]|\s*[,;:])\s+(?P<name>[^\s–—|·,;:()\[\]][^–—|·,;:()\[\]]{0,80})$"
)
_SIGNS = " \t,;:–—|·-"
# Nobody writes so long a line about length and presenter.
_LINE_MAX_CHARACTERS = 400


@dataclass(frozen=True)
class Line:
    """The words of an item's line, and what was read from them and is no longer among them."""

    words: str
    minutes: int | None = None
    presenter: Person | None = None


class PresenterNames:
    """The people who can present, by the words of their names."""

    def __init__(self, people: Iterable[Person]) -> None:
        self.by_words: dict[tuple[str, ...], set[Person]] = {}
        self.by_word: dict[str, set[Person]] = {}
        for person in people:
            words = name_words(person.name)
            self.by_words.setdefault(tuple(sorted(words)), set()).add(person)
            for word in words:
                self.by_word.setdefault(word, set()).add(person)

    def named(self, name: str, *, in_full: bool = False) -> Person | None:
        """Return the one person with this name; with `in_full`, not by one word of it alone."""
        words = name_words(name)
        people = self.by_words.get(tuple(sorted(words)), set())
        if not people and len(words) == 1 and not in_full:
            people = self.by_word.get(words[0], set())
        if len(people) != 1 or (in_full and len(words) < 2):
            return None
        return next(iter(people))


def mark_of(line: str) -> tuple[str, int] | None:
    """Return the kind and depth of the number or bullet before the line; None without one."""
    match = _MARK.match(line)
    if match is None:
        return None
    kind = match.lastgroup or ""
    if kind in {"number", "dotted"}:
        return "number", match[kind].count(".") + 1
    return (match[kind] if kind == "bullet" else kind), 1


def without_mark(line: str) -> str:
    """Return the line without its number or bullet. A time of day stays."""
    match = _MARK.match(line)
    return line[match.end() :] if match and match.lastgroup != "clock" else line.strip()


def read_line(line: str, names: PresenterNames) -> Line:
    """Read length and presenter at the end of the line, or the length before it.

    What is not certain stays among the words.
    """
    read = Line(line)
    if len(line) > _LINE_MAX_CHARACTERS:
        return read
    while (shorter := _shorter(read, names)) and shorter.words:
        read = shorter
    return read


def _shorter(line: Line, names: PresenterNames) -> Line | None:
    """Return the line with one more part read; None where nothing more is certain."""
    words = line.words
    for pattern in (_BRACKETS_AT_END, _BRACKETS_AT_START):
        if (match := pattern.search(words)) and (shorter := _without_brackets(line, match, names)):
            return shorter
    if line.minutes is None and (shorter := _without_length(line)):
        return shorter
    if line.presenter is None:
        for pattern, in_full in ((_SPEAKER_AT_END, False), (_NAME_AT_END, True)):
            match = pattern.search(words)
            if match and (person := names.named(match["name"], in_full=in_full)):
                return Line(words[: match.start()].rstrip(_SIGNS), line.minutes, person)
    return None


def _without_length(line: Line) -> Line | None:
    """Return the line without the length at its end or before it."""
    words = line.words.split(" ")
    for count in range(min(_LENGTH_MAX_WORDS, len(words)), 0, -1):
        if minutes := minutes_in(" ".join(words[-count:])):
            return Line(" ".join(words[:-count]).rstrip(_SIGNS), minutes, line.presenter)
    match = _LENGTH_AT_START.match(line.words)
    minutes = minutes_in(match["words"]) if match else None
    return Line(line.words[match.end() :], minutes, line.presenter) if match and minutes else None


def _without_brackets(line: Line, match: re.Match[str], names: PresenterNames) -> Line | None:
    """Read what is in brackets: a length, a name, both, or one of them beside other words."""
    left = _BETWEEN.split(match[1])
    count = len(left)
    minutes, presenter = line.minutes, line.presenter
    lengths = [part for part in left if minutes_in(part)]
    if len(lengths) == 1 and minutes is None:
        minutes = minutes_in(lengths[0])
        left.remove(lengths[0])
    # Of two names nobody knows which presents, and "Mira, others" is more than one.
    if len(left) == 1 and presenter is None and (person := names.named(left[0])):
        presenter, left = person, []
    if len(left) == count:
        return None
    if left:
        before, after = line.words[: match.start(1)], line.words[match.end(1) :]
        return Line(f"{before}{', '.join(left)}{after}", minutes, presenter)
    words = line.words[: match.start()] + line.words[match.end() :]
    return Line(words.strip(), minutes, presenter)


def minutes_in(words: str) -> int | None:
    """Return the length that these words say, such as "10 min", "1 h 30 min" or "5'"."""
    match = _HOURS.fullmatch(words.strip()) or _LENGTH.fullmatch(words.strip())
    if match is None or not (match["hours"] or match["minutes"]):
        return None
    minutes = int(match["hours"] or 0) * 60 + int(match["minutes"] or 0)
    return minutes if 0 < minutes <= MEETING_MAX_MINUTES else None
