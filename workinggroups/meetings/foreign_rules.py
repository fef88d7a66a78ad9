"""Rules of other systems (RRULE of RFC 5545) as rules by which a series here can meet."""

from datetime import UTC, date, datetime, time
from itertools import islice
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from icalendar import vRecur

from workinggroups.meetings.choices import SERIES_MAX_INTERVAL, SEVERAL_DAYS_MAX, Frequency
from workinggroups.meetings.local_time import FIRST_YEAR, LAST_YEAR
from workinggroups.meetings.recurrence import FOREVER, WEEKDAYS, Recurrence, moment_of

RULE_MAX_CHARACTERS = 500
PARTS = {"FREQ", "INTERVAL", "COUNT", "UNTIL", "BYDAY", "BYMONTHDAY", "BYMONTH", "BYSETPOS", "WKST"}


class CannotImport(Exception):
    """A series cannot be taken over; the message says why."""


def rule_of(text: str, first: date, at: time, zone: ZoneInfo) -> Recurrence:
    """Return the rule of an event that begins on this day at this local time.

    Raises CannotImport for a rule by which no series here can meet.
    """
    parts = _parts(text)
    interval = _whole_numbers(parts, "INTERVAL", 1)[0]
    frequency, interval = _frequency(parts, interval, first)
    if not 1 <= interval <= SERIES_MAX_INTERVAL:
        raise CannotImport(_("It repeats less often than a series here can."))
    endless = Recurrence(first=first, frequency=frequency, interval=interval)
    if not endless.has(first):
        raise CannotImport(_("Its first date does not match its rule."))
    rule = Recurrence(
        first=first,
        frequency=frequency,
        interval=interval,
        until=_until(parts, endless, at, zone),
    )
    if frequency == Frequency.DAILY:
        days = list(islice(rule.dates(), SEVERAL_DAYS_MAX + 1))
        if rule.until is None or len(days) > SEVERAL_DAYS_MAX:
            raise CannotImport(_("It repeats every day. A series here meets weekly or monthly."))
    return rule


def _parts(text: str) -> dict[str, list[object]]:
    names = {part.partition("=")[0].strip().upper() for part in text.split(";") if part.strip()}
    if len(text) > RULE_MAX_CHARACTERS or names - PARTS:
        raise CannotImport(_("It repeats by a rule that a series here cannot have."))
    try:
        parts = {str(name).upper(): list(values) for name, values in vRecur.from_ical(text).items()}
    except (ValueError, TypeError, OverflowError):
        raise CannotImport(_("Its rule cannot be read.")) from None
    if "FREQ" not in parts or any(not values for values in parts.values()):
        raise CannotImport(_("Its rule cannot be read."))
    return parts


def _whole_numbers(parts: dict[str, list[object]], name: str, *default: int) -> list[int]:
    """Return the numbers of this part. Raises CannotImport for others, such as the leap month "5L"."""
    try:
        return [int(str(value)) for value in parts.get(name, default)]
    except ValueError:
        raise CannotImport(_("Its rule cannot be read.")) from None


def _frequency(parts: dict[str, list[object]], interval: int, first: date) -> tuple[str, int]:
    """Return how often a series with this rule meets, and the interval."""
    kind = str(parts["FREQ"][0]).upper()
    days = [str(day).upper() for day in parts.get("BYDAY", [])]
    month_days = _whole_numbers(parts, "BYMONTHDAY")
    places = _whole_numbers(parts, "BYSETPOS")
    months = _whole_numbers(parts, "BYMONTH")
    weekday = str(WEEKDAYS[first.weekday()])
    if len(days) > 1:
        raise CannotImport(
            _("It meets on several weekdays. Plan a series for each of them instead.")
        )
    by_other_parts = bool(month_days or places or months)
    if kind == "WEEKLY" and days in ([], [weekday]) and not by_other_parts:
        return Frequency.WEEKLY, interval
    if kind == "DAILY" and not days and not by_other_parts:
        if interval % 7 == 0:
            return Frequency.WEEKLY, interval // 7
        if interval == 1:
            return Frequency.DAILY, 1
    if kind == "YEARLY" and interval == 1 and (months == [first.month] or not (months or days)):
        kind, interval, months = "MONTHLY", 12, []
    if kind == "MONTHLY" and not months:
        if days and not month_days:
            return _by_weekday(days[0], places, first), interval
        if not days and not places and month_days in ([], [first.day]):
            return Frequency.MONTHLY_DAY, interval
    raise CannotImport(_("It repeats by a rule that a series here cannot have."))


def _by_weekday(day: str, places: list[int], first: date) -> str:
    """Return the frequency of a rule such as 2TU, -1TU, or TU with the place 2."""
    nth, weekday = day[:-2].lstrip("+"), day[-2:]
    place = int(nth) if nth else (places[0] if len(places) == 1 else 0)
    if nth and places and places != [1]:
        place = 0
    if weekday == str(WEEKDAYS[first.weekday()]):
        if place == -1:
            return Frequency.MONTHLY_LAST
        if place == (first.day - 1) // 7 + 1:
            return Frequency.MONTHLY_WEEKDAY
    raise CannotImport(_("It repeats by a rule that a series here cannot have."))


def _until(
    parts: dict[str, list[object]], endless: Recurrence, at: time, zone: ZoneInfo
) -> date | None:
    """Return the last date of the rule; None for one without an end."""
    if "COUNT" in parts:
        count = _whole_numbers(parts, "COUNT")[0]
        if count < 1:
            raise CannotImport(_("Its rule cannot be read."))
        days = list(islice(endless.dates(), min(count, 366 * LAST_YEAR)))
        return days[-1] if len(days) == count else None
    until = parts.get("UNTIL", [None])[0]
    if until is None:
        return None
    if isinstance(until, date) and until.year > LAST_YEAR:
        return None
    if isinstance(until, date) and until.year < FIRST_YEAR:
        raise CannotImport(_("It ends before it begins."))
    if isinstance(until, datetime):
        moment = (until if until.tzinfo else until.replace(tzinfo=zone)).astimezone(UTC)
        last = moment.astimezone(zone).date()
        is_over = last <= FOREVER and moment_of(last, at, zone) > moment
        bound = date.fromordinal(last.toordinal() - 1) if is_over else last
    elif isinstance(until, date):
        bound = until
    else:
        raise CannotImport(_("Its rule cannot be read."))
    if bound >= FOREVER:
        return None
    if bound < endless.first:
        raise CannotImport(_("It ends before it begins."))
    last_date = None
    for day in endless.dates():
        if day > bound:
            break
        last_date = day
    return last_date
