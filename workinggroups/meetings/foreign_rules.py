"""Rules of other systems (RRULE of RFC 5545) as rules by which a series here can meet."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

from dateutil.rrule import WEEKLY, rrule, weekday
from django.utils.translation import gettext as _
from icalendar import vRecur

from workinggroups.meetings.choices import SERIES_MAX_INTERVAL, SEVERAL_DAYS_MAX, Frequency
from workinggroups.meetings.local_time import FIRST_YEAR, LAST_YEAR
from workinggroups.meetings.recurrence import FOREVER, WEEKDAYS, Recurrence, moment_of

RULE_MAX_CHARACTERS = 500
PARTS = {"FREQ", "INTERVAL", "COUNT", "UNTIL", "BYDAY", "BYMONTHDAY", "BYMONTH", "BYSETPOS", "WKST"}
OTHER_PARTS = ("BYMONTHDAY", "BYSETPOS", "BYMONTH")
BY_NAME = {str(day): day for day in WEEKDAYS}


class CannotImport(Exception):
    """A series cannot be taken over; the message says why."""


def rules_of(text: str, first: date, at: time, zone: ZoneInfo) -> list[Recurrence]:
    """Return the rule of an event that begins on this day at this local time.

    Of a weekly rule with several weekdays, one for each of them, in the order of their first dates.
    Raises CannotImport for a rule by which no series here can meet.
    """
    parts = _parts(text)
    weekdays = _several_weekdays(parts)
    if not weekdays:
        return [_rule_of(parts, first, at, zone)]
    return _rules_by_weekday(parts, weekdays, first, at, zone)


def _several_weekdays(parts: dict[str, list[object]]) -> list[weekday]:
    """Return the weekdays of a rule that meets on several days of a week; none of another rule.

    A daily rule on some weekdays is a weekly one, and a weekly rule on all of them a daily one.
    """
    kind = str(parts["FREQ"][0]).upper()
    is_weekly = kind == "WEEKLY" or (kind == "DAILY" and _interval(parts) == 1)
    days = dict.fromkeys(str(day).upper() for day in parts.get("BYDAY", []))
    if not (is_weekly and days) or any(parts.get(name) for name in OTHER_PARTS):
        return []
    if days.keys() - BY_NAME.keys():
        raise CannotImport(_("It repeats by a rule that a series here cannot have."))
    is_every_day = len(days) == len(WEEKDAYS) and _interval(parts) == 1
    parts["FREQ"] = ["DAILY" if is_every_day else "WEEKLY"]
    parts["BYDAY"] = [] if is_every_day else [*days]
    return [BY_NAME[day] for day in days] if len(days) > 1 and not is_every_day else []


def _rules_by_weekday(
    parts: dict[str, list[object]], weekdays: list[weekday], first: date, at: time, zone: ZoneInfo
) -> list[Recurrence]:
    """Return a rule for each weekday on which the whole rule has a date.

    Weeks are counted from that of the first date, and begin on the weekday that the rule names: of
    a rule for every second week, Sunday and Monday can be six days apart or eight.
    """
    interval = _interval(parts)
    if not 1 <= interval <= SERIES_MAX_INTERVAL:
        raise CannotImport(_("It repeats less often than a series here can."))
    whole = rrule(
        WEEKLY,
        dtstart=datetime.combine(first, time.min),
        interval=interval,
        wkst=BY_NAME[str(parts.get("WKST", ["MO"])[0]).upper()],
        byweekday=weekdays,
        until=datetime.combine(FOREVER, time.max),
    )
    if next(iter(whole)).date() != first:
        raise CannotImport(_("Its first date does not match its rule."))
    last = _until(parts, first, lambda: (moment.date() for moment in whole), at, zone)
    begins: dict[int, date] = {}
    for moment in islice(whole, len(weekdays)):
        begins.setdefault(moment.weekday(), moment.date())
    rules = []
    for day in begins.values():
        if last is None or day <= last:
            rounds = (last - day) // timedelta(weeks=interval) if last else 0
            until = day + rounds * timedelta(weeks=interval) if last else None
            rules.append(
                Recurrence(first=day, frequency=Frequency.WEEKLY, interval=interval, until=until)
            )
    return rules


def _rule_of(parts: dict[str, list[object]], first: date, at: time, zone: ZoneInfo) -> Recurrence:
    frequency, interval = _frequency(parts, _interval(parts), first)
    if not 1 <= interval <= SERIES_MAX_INTERVAL:
        raise CannotImport(_("It repeats less often than a series here can."))
    endless = Recurrence(first=first, frequency=frequency, interval=interval)
    if not endless.has(first):
        raise CannotImport(_("Its first date does not match its rule."))
    rule = Recurrence(
        first=first,
        frequency=frequency,
        interval=interval,
        until=_until(parts, first, endless.dates, at, zone),
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


def _interval(parts: dict[str, list[object]]) -> int:
    return _whole_numbers(parts, "INTERVAL", 1)[0]


def _frequency(parts: dict[str, list[object]], interval: int, first: date) -> tuple[str, int]:
    """Return how often a series with this rule meets, and the interval."""
    kind = str(parts["FREQ"][0]).upper()
    days = [str(day).upper() for day in parts.get("BYDAY", [])]
    month_days = _whole_numbers(parts, "BYMONTHDAY")
    places = _whole_numbers(parts, "BYSETPOS")
    months = _whole_numbers(parts, "BYMONTH")
    weekday = str(WEEKDAYS[first.weekday()])
    if len(days) > 1:
        raise CannotImport(_("It meets on several weekdays, and not each week."))
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
    parts: dict[str, list[object]],
    first: date,
    dates: Callable[[], Iterator[date]],
    at: time,
    zone: ZoneInfo,
) -> date | None:
    """Return the last date of the rule; None for one without an end. `dates` yields all of them."""
    if "COUNT" in parts:
        count = _whole_numbers(parts, "COUNT")[0]
        if count < 1:
            raise CannotImport(_("Its rule cannot be read."))
        days = list(islice(dates(), min(count, 366 * LAST_YEAR)))
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
    if bound < first:
        raise CannotImport(_("It ends before it begins."))
    last_date = None
    for day in dates():
        if day > bound:
            break
        last_date = day
    return last_date
