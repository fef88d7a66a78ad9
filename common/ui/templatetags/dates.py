"""Dates and times as text, in the zone of the reader."""

from datetime import date, datetime
from functools import lru_cache

from django import template
from django.template import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from common import days
from common.times import zone_named
from common.ui import date_format

register = template.Library()


def _reader_zone(context: Context) -> str:
    """Return the zone of a signed-in reader; else UTC, so that public pages are the same for all."""
    if not context.get("has_session"):
        return "UTC"
    return str(getattr(context["request"].user, "zone", "UTC"))


@register.simple_tag(takes_context=True)
def when(
    context: Context,
    moment: datetime | None,
    until: datetime | None = None,
    other_zone: str = "",
    relative: bool = False,
) -> SafeString:
    """Render "Thu 26 Nov 2026, 18:00 CET (UTC+1), in 2 days" in the reader's zone.

    The other arguments are those of `moment_words`.
    """
    if moment is None:
        return SafeString("")
    zone = _reader_zone(context)
    words = date_format.moment_words(
        moment, zone, until=until, other_zone=other_zone, relative=relative
    )
    return format_html('<time datetime="{}">{}</time>', _machine_time(moment), words)


def _machine_time(moment: datetime) -> str:
    """Return a moment as HTML takes it, without microseconds."""
    return moment.isoformat(timespec="seconds")


@register.simple_tag(takes_context=True)
def day_ends(context: Context, value: date) -> SafeString:
    """Render when a last day is over, in the reader's zone: "Tue 1 Dec 2026, 02:00 HST (UTC-10)".

    It is over for everybody at the same moment, when it has ended everywhere on Earth.
    """
    return when(context, days.end_of(value))


@register.simple_tag(takes_context=True)
def day(
    context: Context, value: date | datetime | None, weekday: bool = False, year: bool = True
) -> SafeString:
    """Render "18 Nov 2026"; a moment in the reader's zone."""
    if value is None:
        return SafeString("")
    if isinstance(value, datetime):
        value = value.astimezone(zone_named(_reader_zone(context))).date()
    return _day(value, weekday, year, get_language())


@lru_cache(maxsize=4096)
def _day(value: date, weekday: bool, year: bool, language: str | None) -> SafeString:
    """Render a day in the active language; cached, since lists repeat the same few days."""
    words = date_format.day_words(value, weekday=weekday, year=year)
    return format_html('<time datetime="{}">{}</time>', value.isoformat(), words)


@register.simple_tag(takes_context=True)
def hours(context: Context, moment: datetime, until: datetime | None = None) -> SafeString:
    """Render "16:00 to 17:00 CET (UTC+1)", for a line below its date."""
    local = moment.astimezone(zone_named(_reader_zone(context)))
    if until is None:
        words = f"{date_format.hour_words(local)} {date_format.zone_word(local)}"
    else:
        words = date_format.range_words(local, until.astimezone(local.tzinfo))
    return format_html('<time datetime="{}">{}</time>', _machine_time(moment), words)


@register.filter
def place(zone: str) -> str:
    """Return "Prague" for "Europe/Prague"."""
    return date_format.zone_place(zone)


@register.filter
def zone_now(zone: str) -> str:
    """Return "Prague, CET (UTC+1)"."""
    return date_format.zone_now_words(zone)


@register.filter
def today(zone: str) -> str:
    """Return a sentence with today's date in this zone."""
    return date_format.today_words(zone)


@register.simple_tag(takes_context=True)
def date_box(context: Context, moment: date | datetime) -> SafeString:
    """Render the day as a calendar leaf, beside an event of that day."""
    if isinstance(moment, datetime):
        moment = moment.astimezone(zone_named(_reader_zone(context))).date()
    weekday, number, month = date_format.day_words(moment, weekday=True, year=False).split(" ", 2)
    return format_html(
        '<time class="date-box" datetime="{}"><span>{}</span> <b>{}</b> <span>{}</span></time>',
        moment.isoformat(),
        weekday,
        number,
        month,
    )
