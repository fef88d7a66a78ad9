"""The day at the end of a marked line, as people write it."""

import calendar
import re
from datetime import date, timedelta

_MONTHS = {
    name.lower(): number
    for names in (calendar.month_name, calendar.month_abbr)
    for number, name in enumerate(names)
    if name
} | {"sept": 9}
_DAYS = {
    name.lower(): number
    for names in (calendar.day_name, calendar.day_abbr)
    for number, name in enumerate(names)
} | {"tues": 1, "thur": 3, "thurs": 3}
_MONTH = rf"(?P<month>{'|'.join(sorted(_MONTHS, key=len, reverse=True))})\.?"
_WEEKDAY = rf"(?:(?:{'|'.join(sorted(_DAYS, key=len, reverse=True))})\.?,?\s+)?"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_YEAR = r"(?:,?\s+(?P<year>\d{4}))?"
_FORMS = [
    re.compile(form, re.IGNORECASE)
    for form in (
        rf"{_WEEKDAY}(?P<year>\d{{4}})-(?P<number>\d{{1,2}})-{_DAY}",
        rf"{_WEEKDAY}(?:the\s+)?{_DAY}\s+(?:of\s+)?{_MONTH}{_YEAR}",
        rf"{_WEEKDAY}{_MONTH}\s+{_DAY}{_YEAR}",
        rf"{_WEEKDAY}{_DAY}\.\s?(?P<number>\d{{1,2}})\.\s?(?P<year>\d{{4}})",
        rf"(?:(?P<year>\d{{4}})\s?年\s?)?(?P<number>\d{{1,2}})\s?月\s?{_DAY}\s?日",
    )
]
_NEXT = re.compile(
    rf"(?:(?:this|next|coming)\s+)?(?P<name>{'|'.join(sorted(_DAYS, key=len, reverse=True))})",
    re.IGNORECASE,
)
_NEAR = {"today": 0, "tomorrow": 1}
# The last "by" or "until" of the line, and at most six words after it.
_DUE = re.compile(
    r"[\s,;(]+(?:by|until|before|due|till|no\s+later\s+than)\s+(?P<phrase>(?:[^\s]+\s+){0,5}[^\s]+?)\s*\)?[.!]?$",
    re.IGNORECASE,
)
# A day is looked for among so many characters at the end: a line may be as long as a text.
_END_CHARACTERS = 80
_SIGNS_BEFORE = " ,;("
_DUE_UNSPACED = re.compile(
    r"(?P<phrase>(?:\d{4}\s?年\s?)?\d{1,2}\s?月\s?\d{1,2}\s?日)\s?(?:まで(?:に)?|前|之前|까지)?[)）。.]?$"
)
_LOOKS_LIKE_A_DAY = re.compile(
    rf"\d|\b(?:{'|'.join([*_MONTHS, *_DAYS, *_NEAR, 'week', 'month', 'quarter', 'year'])})\b",
    re.IGNORECASE,
)


def split_due(text: str, on: date) -> tuple[str, date | None, bool]:
    """The text without its day; the day; and whether one is written that cannot be understood.

    `on` is the day from which "Friday" or "20 December" is the next one.
    """
    unspaced = _DUE_UNSPACED.search(text, max(len(text) - _END_CHARACTERS, 0))
    if unspaced is not None:
        day, is_day = _read(unspaced["phrase"], on)
        before = text[: unspaced.start()].rstrip(f"{_SIGNS_BEFORE}（、")
        return (before, day, False) if day else (text, None, is_day)
    due = None
    for due in _every_due(text):
        day, is_day = _read(due["phrase"], on)
        if day is not None:
            return _without_due(text[: due.start()]), day, False
        if is_day:
            return text, None, True
    return text, None, False


def _without_due(text: str) -> str:
    """The text without the signs at its end, nor a "due" there: "Send it, due (by …)"."""
    words = text.rstrip(_SIGNS_BEFORE)
    if words[-3:].lower() == "due" and words[-4:-3] and words[-4] in _SIGNS_BEFORE:
        return words[:-3].rstrip(_SIGNS_BEFORE)
    return words


def _every_due(text: str) -> list[re.Match[str]]:
    """Matches that begin at each "by" of the last words, the last first: "by hand by Friday"."""
    position = max(len(text) - _END_CHARACTERS, 0)
    found = []
    while (due := _DUE.search(text, position)) is not None:
        found.append(due)
        position = due.start() + 1
    return list(reversed(found))


def _read(phrase: str, on: date) -> tuple[date | None, bool]:
    """The day this phrase names, and whether it looks like one at all."""
    phrase = phrase.strip(" .,;()")
    for form in _FORMS:
        if read := form.fullmatch(phrase):
            return _date(read, on), True
    if phrase.lower() in _NEAR:
        return on + timedelta(days=_NEAR[phrase.lower()]), True
    if weekday := _NEXT.fullmatch(phrase):
        ahead = (_DAYS[weekday["name"].lower()] - on.weekday() - 1) % 7 + 1
        return on + timedelta(days=ahead), True
    return None, _LOOKS_LIKE_A_DAY.search(phrase) is not None


def _date(read: re.Match[str], on: date) -> date | None:
    named = read.groupdict()
    month = int(named["number"]) if named.get("number") else _MONTHS[named["month"].lower()]
    day = int(named["day"])
    if named["year"]:
        return _valid(int(named["year"]), month, day)
    # Leap days: the next year that has the day.
    years = range(on.year, on.year + 9)
    days = (_valid(year, month, day) for year in years)
    return next((found for found in days if found is not None and found >= on), None)


def _valid(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
