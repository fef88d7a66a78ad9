"""The day by which something is due, as people write it at the beginning or end of a marker.

A day is taken only where it certainly is the due date: "by 4 December", "due: 2026-12-04",
"– 4 Dec". Any other time ("by the next meeting", "the 2026-12-10 call") leaves the marker in doubt,
so that no time is silently ignored.
"""

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
        rf"(?:(?P<year>\d{{4}})\s?[年년]\s?)?(?P<number>\d{{1,2}})\s?[月월]\s?{_DAY}\s?[日号號일]",
    )
]
_NEXT = re.compile(
    rf"(?:(?:this|next|coming)\s+)?(?P<name>{'|'.join(sorted(_DAYS, key=len, reverse=True))})",
    re.IGNORECASE,
)
_NEAR = {"today": 0, "tomorrow": 1}
_TODAY = re.compile("|".join(_NEAR), re.IGNORECASE)
# The words before a due date.
_BY = (
    r"(?:by|until|before|due|deadline|till|no\s+later\s+than"
    r"|bis(?:\s+zum)?|spätestens(?:\s+am)?|до|до\s+дня|do)\s*:?(?:\s+(?:on|by))?"
)
# The last "by" or "until" of the line, and at most six words after it.
_DUE = re.compile(
    rf"[\s,;(\[]+{_BY}\s+(?P<phrase>(?:[^\s]+\s+){{0,5}}[^\s]+?)\s*[)\]]?[.!]?$", re.IGNORECASE
)
_AFTER_DASH = re.compile(r"\s+(?:[-–—]+|[-=]*>|→)\s*(?P<phrase>(?:[^\s]+\s+){0,4}[^\s]+?)\s*[.!]?$")
# A day is looked for among so many characters at the end: a marker can be as long as a text.
_END_CHARACTERS = 80
_SIGNS_BEFORE = " ,;(["
_UNSPACED_DAY = r"(?:\d{4}\s?[年년]\s?)?\d{1,2}\s?[月월]\s?\d{1,2}\s?[日号號일]"
_UNSPACED_BY = r"(?:まで(?:に)?|迄(?:に)?|之前|以前|前|까지)"
_DUE_UNSPACED = re.compile(
    rf"(?P<apart>[\s、，（(：:])?(?P<phrase>{_UNSPACED_DAY})\s?(?P<by>{_UNSPACED_BY})?[)）。.]?$"
)
_FIRST_UNSPACED = re.compile(rf"[(（]?(?P<phrase>{_UNSPACED_DAY})\s?{_UNSPACED_BY}[)）、,]?")
# Before the words: a day with "by", or one that a sign separates from them.
_FIRST = re.compile(rf"[(\[]?\s*(?P<by>{_BY}\s+)?", re.IGNORECASE)
_FIRST_END = re.compile(r"\s*(?P<sign>[)\]]\s*[:,;–—-]?|[:,;–—-])?\s*")
_WEEKDAYS = "|".join(name.lower() for name in calendar.day_name)
_FULL_MONTHS = "|".join(name.lower() for name in calendar.month_name if name)
_SPAN = r"(?:hours?|days?|weeks?|fortnight|months?|quarters?|years?)"
_COUNT = r"(?:\d+|an?|one|two|three|four|five|six|seven|eight|nine|ten|twelve|few|a\s+few|some)"
_TIME = (
    rf"(?:{_WEEKDAYS}|{_FULL_MONTHS}|{_SPAN}|eo[dwmqy]|[ce]ob|noon|midnight|tonight|today|tomorrow"
    r"|morning|afternoon|evening|week-?end|christmas|easter|new\s+year|spring|summer|autumn|fall"
    r"|winter|holidays?|ramadan|eid|diwali|hanukkah|thanksgiving|meeting|session|workshop|plenary"
    r"|deadline|q[1-4]|(?:19|20)\d\d|then|next\s+\w+)"
)
# The months in other languages, as written beside a day: such a day is noticed, but not read.
_OTHER_MONTHS = (
    "januar|februar|märz|mai|juni|juli|oktober|dezember|jänner"
    "|janvier|février|mars|avril|juin|juillet|août|septembre|octobre|novembre|décembre"
    "|enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre"
    "|gennaio|febbraio|aprile|maggio|giugno|luglio|settembre|ottobre|dicembre"
    "|janeiro|fevereiro|março|maio|junho|julho|setembro|outubro|novembro|dezembro"
    "|januari|februari|maart|mei|augustus|augusti|maj|december|desember|januára"
    "|stycznia|lutego|marca|kwietnia|maja|czerwca|lipca|sierpnia|września|października|listopada|grudnia"
    "|ledna|února|března|dubna|května|června|července|srpna|září|října|listopadu|prosince"
    "|января|февраля|марта|апреля|мая|июня|июля|августа|сентября|октября|ноября|декабря"
    "|січня|лютого|березня|квітня|травня|червня|липня|серпня|вересня|жовтня|листопада|грудня"
    "|ocak|şubat|mart|nisan|mayıs|haziran|temmuz|ağustos|eylül|ekim|kasım|aralık"
)
# What looks like a time, due or not.
_LOOKS_LIKE_A_TIME = re.compile(
    "|".join(
        (
            r"\b\d{4}[-/.]\d{1,2}[-/.]\d{1,2}\b",
            r"\b\d{1,2}[-/.]\s?\d{1,2}[-/.]\s?(?:19|20)\d\d\b",
            rf"\b\d{{1,2}}(?:st|nd|rd|th)?\s+(?:of\s+)?{_MONTH.replace('?P<month>', '?:')}(?!\w)",
            rf"\b{_MONTH.replace('?P<month>', '?:')}\s+\d{{1,2}}\b",
            rf"\b\d{{1,2}}(?:er|\.|º)?\s+(?:de\s+)?(?:{_OTHER_MONTHS})\b",
            r"\b\d{1,2}(?:er|\.|º)?\s+(?:de\s+|d['’])?[^\W\d_]{3,12}\.?\s+(?:de\s+|del\s+)?(?:19|20)\d\d\b",
            _UNSPACED_DAY,
            rf"\b(?:by|until|before|till|within|due(?!\s+to)|no\s+later\s+than)\s*:?\s+(?:[^\s]{{1,30}}\s+){{0,4}}?{_TIME}\b",
            r"\b(?:by|until|before|till|due|no\s+later\s+than)\s*:?\s+\d",
            rf"\b(?:in|within)\s+{_COUNT}\s+(?:\w+\s+)?{_SPAN}\b",
            rf"\bin\s+(?:{_FULL_MONTHS}|q[1-4])\b",
            rf"\b(?:next|this|coming|following|end\s+of(?:\s+the)?)\s+(?:{_SPAN}|{_WEEKDAYS}|meeting|call)\b",
            rf"\b(?:on|for)\s+(?:{_WEEKDAYS})\b|\b(?:{_WEEKDAYS}|eo[dwmqy]|[ce]ob)\W*$",
            r"\b(?:today|tonight|tomorrow)\b",
            # "Until" and "within" in other languages.
            r"\b(?:bis|binnen|innerhalb|spätestens|jusqu['’]?\w*|d['’]ici|hasta|entro|senest|senast)\s",
            r"\b(?:avant\s+le|antes\s+del?|pour\s+le|para\s+el|до|am|le|el)\s+\d",
        )
    ),
    re.IGNORECASE,
)


def split_due(text: str, on: date) -> tuple[str, date | None]:
    """Return the text without the due date at its end, and that day, or None if none is certain.

    "Friday" and "20 December" are the next such days after `on`.
    """
    unspaced = _DUE_UNSPACED.search(text, max(len(text) - _END_CHARACTERS, 0))
    if unspaced is not None and (unspaced["by"] or unspaced["apart"] or not unspaced.start()):
        day = _read(unspaced["phrase"], on)
        before = text[: unspaced.start()].rstrip(f"{_SIGNS_BEFORE}（、")
        return (before, day) if day else (text, None)
    for form in (_DUE, _AFTER_DASH):
        for due in _every(form, text):
            if day := _read(due["phrase"], on):
                return _without_due(text[: due.start()]), day
    return text, None


def split_first_due(text: str, on: date) -> tuple[str, date | None]:
    """Return the text without the due date at its beginning ("by Friday: call them"), and that day."""
    if unspaced := _FIRST_UNSPACED.match(text):
        day = _read(unspaced["phrase"], on)
        return (text[unspaced.end() :].lstrip(), day) if day else (text, None)
    begun = _FIRST.match(text)
    start = begun.end() if begun else 0
    is_due = bool(begun and begun["by"])
    for form in (*_FORMS, *((_NEXT, _TODAY) if is_due else ())):
        phrase = form.match(text, start)
        end = _FIRST_END.match(text, phrase.end()) if phrase else None
        if phrase is None or end is None or not (end[0] or end.end() == len(text)):
            continue
        if (is_due or end["sign"]) and (day := _read(phrase[0], on)):
            return text[end.end() :], day
    return text, None


def speaks_of_a_time(text: str) -> bool:
    """Tell whether the text names a day or another time, due or not."""
    return _LOOKS_LIKE_A_TIME.search(text) is not None


def likely_due(text: str, on: date) -> date | None:
    """Guess the due date: the day with which the text ends or begins."""
    words = text[-_END_CHARACTERS:].split()
    ends = (" ".join(words[begin:]) for begin in range(max(len(words) - 5, 0), len(words)))
    days = (_read(phrase.strip("[]（）。、"), on) for phrase in ends)
    if last_day := next(filter(None, days), None):
        return last_day
    phrases = (form.match(text) for form in _FORMS)
    return next((day for phrase in phrases if phrase and (day := _read(phrase[0], on))), None)


def _without_due(text: str) -> str:
    """Return the text without the signs and the "due" at its end: "Send it, due (by …)"."""
    words = text.rstrip(_SIGNS_BEFORE)
    for word in ("due", "due:"):
        before = words[: -len(word)]
        if words.lower().endswith(word) and before and before[-1] in _SIGNS_BEFORE:
            return before.rstrip(_SIGNS_BEFORE)
    return words


def _every(form: re.Pattern[str], text: str) -> list[re.Match[str]]:
    """Return the matches at each "by" of the last words, the last first: "by hand by Friday"."""
    position = max(len(text) - _END_CHARACTERS, 0)
    matches = []
    while (due := form.search(text, position)) is not None:
        matches.append(due)
        position = due.start() + 1
    return matches[::-1]


def _read(phrase: str, on: date) -> date | None:
    """Return the day that the whole phrase names, or None."""
    phrase = phrase.strip(" .,;()[]")
    for form in _FORMS:
        if read := form.fullmatch(phrase):
            return _date(read, on)
    if phrase.lower() in _NEAR:
        return on + timedelta(days=_NEAR[phrase.lower()])
    if weekday := _NEXT.fullmatch(phrase):
        ahead = (_DAYS[weekday["name"].lower()] - on.weekday() - 1) % 7 + 1
        return on + timedelta(days=ahead)
    return None


def _date(read: re.Match[str], on: date) -> date | None:
    named = read.groupdict()
    month = int(named["number"]) if named.get("number") else _MONTHS[named["month"].lower()]
    day = int(named["day"])
    if named["year"]:
        return _valid(int(named["year"]), month, day)
    # Leap days: the next year that has the day.
    years = range(on.year, on.year + 9)
    days = (_valid(year, month, day) for year in years)
    return next((coming for coming in days if coming is not None and coming >= on), None)


def _valid(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
