"""Dates and hours in words: the zone is always written, a relative word never stands alone."""

from datetime import date, datetime, timedelta

from django.utils import timezone
from django.utils.dateformat import format as format_date
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from common.times import zone_named


def zone_word(moment: datetime) -> str:
    """ "CET" where the zone has a name, "UTC+5:45" where it has only a number."""
    name = moment.tzname() or "UTC"
    return name if name[0] not in "+-" else _offset_words(moment.utcoffset() or timedelta())


def _offset_words(offset: timedelta) -> str:
    """ "UTC+5:45"."""
    if not offset:
        return "UTC"
    minutes = abs(int(offset.total_seconds())) // 60
    sign = "-" if offset < timedelta() else "+"
    hours, rest = divmod(minutes, 60)
    return f"UTC{sign}{hours}:{rest:02}" if rest else f"UTC{sign}{hours}"


def zone_place(name: str) -> str:
    """ "Prague" for "Europe/Prague": the place as its people say it."""
    return name.rpartition("/")[2].replace("_", " ")


def zone_now_words(name: str, now: datetime | None = None) -> str:
    """ "Prague, CET (UTC+1)": the zone with its word and its offset of today."""
    local = (now or timezone.now()).astimezone(zone_named(name))
    word, number = zone_word(local), _offset_words(local.utcoffset() or timedelta())
    place = zone_place(name)
    if place == word:
        return place
    return f"{place}, {word}" if word == number else f"{place}, {word} ({number})"


def day_words(day: date, *, weekday: bool = False, year: bool = True) -> str:
    """ "18 Nov 2026", with the weekday and without the year where asked."""
    pattern = ("D " if weekday else "") + "j M" + (" Y" if year else "")
    return format_date(day, pattern)


def hour_words(moment: datetime) -> str:
    return format_date(moment, "H:i")


def distance(moment: datetime, now: datetime | None = None) -> str:
    """ "in 2 days", "20 minutes ago": hours up to a day and a half, days from there."""
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
