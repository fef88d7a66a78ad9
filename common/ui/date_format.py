"""Dates and times as text: always with the zone, and relative ones beside the date."""

from datetime import date, datetime, timedelta

from django.utils import timezone
from django.utils.dateformat import format as format_date
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from common.days import today_in
from common.times import zone_named


def zone_word(moment: datetime) -> str:
    """Return "CET (UTC+1)" when the zone has a name, "UTC+5:45" when it has only a number.

    An abbreviation always has its offset: CST is used in Chicago, Shanghai and Havana.
    """
    number = offset_words(moment.utcoffset() or timedelta())
    name = moment.tzname() or number
    return number if name[0] in "+-" or name == number else f"{name} ({number})"


def offset_words(offset: timedelta) -> str:
    """Return "UTC+5:45"."""
    if not offset:
        return "UTC"
    minutes = abs(int(offset.total_seconds())) // 60
    sign = "-" if offset < timedelta() else "+"
    hours, rest = divmod(minutes, 60)
    return f"UTC{sign}{hours}:{rest:02}" if rest else f"UTC{sign}{hours}"


def zone_place(name: str) -> str:
    """Return "Prague" for "Europe/Prague"."""
    return name.rpartition("/")[2].replace("_", " ")


def zone_now_words(name: str, now: datetime | None = None) -> str:
    """Return "Prague, CET (UTC+1)": the zone with its abbreviation and offset of today."""
    word = zone_word((now or timezone.now()).astimezone(zone_named(name)))
    place = zone_place(name)
    return place if place == word else f"{place}, {word}"


def today_words(zone: str) -> str:
    """Return "Today is Sat 28 Nov 2026 in Auckland, NZDT (UTC+13)." for the help of a date field."""
    return _("Today is %(day)s in %(zone)s.") % {
        "day": day_words(today_in(zone), weekday=True),
        "zone": zone_now_words(zone),
    }


def day_words(day: date, *, weekday: bool = False, year: bool = True) -> str:
    """Return "18 Nov 2026", on request with the weekday or without the year."""
    pattern = ("D " if weekday else "") + "j M" + (" Y" if year else "")
    return format_date(day, pattern)


def hour_words(moment: datetime) -> str:
    return format_date(moment, "H:i")


def moment_words(
    moment: datetime,
    zone: str,
    *,
    until: datetime | None = None,
    other_zone: str = "",
    relative: bool = False,
) -> str:
    """Return "Thu 26 Nov 2026, 18:00 CET (UTC+1); in Tokyo Fri 27 Nov, 02:00 (UTC+9)".

    The time is in `zone`, the reader's. `until` makes it a range, `relative` adds the distance from
    now, and `other_zone` (a meeting's own) adds the time there when it differs.
    """
    local = moment.astimezone(zone_named(zone))
    words = f"{day_words(local, weekday=True)}, {hour_words(local)}"
    if until is not None:
        end = until.astimezone(local.tzinfo)
        end_words = hour_words(end)
        if end.date() != local.date():
            end_words = f"{day_words(end, weekday=True)}, {end_words}"
        words = _range(local, words, end, end_words)
    else:
        words = f"{words} {zone_word(local)}"
    if relative:
        words = f"{words}, {distance(moment)}"
    there = moment.astimezone(zone_named(other_zone)) if other_zone else local
    if there.utcoffset() == local.utcoffset():
        return words
    day = "" if there.date() == local.date() else day_words(there, weekday=True, year=False)
    return _("%(here)s; in %(place)s %(there)s (%(offset)s)") % {
        "here": words,
        "place": zone_place(other_zone),
        "there": f"{day}, {hour_words(there)}" if day else hour_words(there),
        "offset": offset_words(there.utcoffset() or timedelta()),
    }


def range_words(start: datetime, end: datetime) -> str:
    """Return "18:00 to 19:00 CET (UTC+1)": two moments of one zone, for a line below their date."""
    return _range(start, hour_words(start), end, hour_words(end))


def _range(start: datetime, start_words: str, end: datetime, end_words: str) -> str:
    """Join two moments of one zone; the start has a zone too when the clocks change before the end."""
    if end.utcoffset() != start.utcoffset():
        start_words = f"{start_words} {zone_word(start)}"
    words = _("%(start)s to %(end)s") % {"start": start_words, "end": end_words}
    return f"{words} {zone_word(end)}"


def distance(moment: datetime, now: datetime | None = None) -> str:
    """Return "in 2 days" or "20 minutes ago": hours up to a day and a half, then days."""
    seconds = int((moment - (now or timezone.now())).total_seconds())
    ahead, span = seconds >= 0, abs(seconds)
    if span < 60:
        return _("now")
    if span < 3600:
        count = span // 60
        words = ngettext("%(count)d minute", "%(count)d minutes", count)
    elif span < 36 * 3600:
        count = span // 3600
        words = ngettext("%(count)d hour", "%(count)d hours", count)
    else:
        count = (span + 43200) // 86400
        words = ngettext("%(count)d day", "%(count)d days", count)
    phrase = _("in %(span)s") if ahead else _("%(span)s ago")
    return phrase % {"span": words % {"count": count}}
