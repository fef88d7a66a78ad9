"""When a series meets: its rule (RFC 5545, 3.3.10), its dates, and the same in words.

A rule counts local dates. The moment of an occurrence follows from the local time in the zone of the
series: an hour that clocks skip takes the offset from before the change, an hour that comes twice is
the first (RFC 5545, 3.3.5). Nobody is asked, since meetings are also made while nobody looks.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from dateutil.rrule import DAILY, FR, MO, MONTHLY, SA, SU, TH, TU, WE, WEEKLY, rrule
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from workinggroups.meetings.choices import Frequency
from workinggroups.meetings.local_time import LAST_YEAR

WEEKDAYS = (MO, TU, WE, TH, FR, SA, SU)
FREQUENCIES: dict[str, str] = {Frequency.DAILY: "DAILY", Frequency.WEEKLY: "WEEKLY"}
FOREVER = date(LAST_YEAR, 12, 31)


@dataclass(frozen=True, kw_only=True)
class Recurrence:
    """Every day, or every `interval` weeks or months, from `first` on, to `until` (the last possible date)."""

    first: date
    frequency: str
    interval: int = 1
    until: date | None = None

    def dates(self, after: date | None = None) -> Iterator[date]:
        """Yield the dates in order, only those after `after` if it is given."""
        rule = self._rule()
        moments = rule if after is None else rule.xafter(datetime.combine(after, time.max))
        for moment in moments:
            yield moment.date()

    def has(self, day: date) -> bool:
        return next(self.dates(day - timedelta(days=1)), None) == day

    def rule_parts(self, at: time, zone: ZoneInfo) -> dict[str, object]:
        """Return the parts of the RRULE for a series at this local time in this zone.

        UNTIL is a moment in UTC, as RFC 5545 asks where the start has a zone: of an hour that clocks
        skip or show twice the later one, since programs do not agree which of them is the last start.
        """
        parts: dict[str, object] = {"FREQ": FREQUENCIES.get(self.frequency, "MONTHLY")}
        if self.interval > 1:
            parts["INTERVAL"] = self.interval
        if self.until is not None:
            last = datetime.combine(self.until, at, tzinfo=zone)
            parts["UNTIL"] = max(last.replace(fold=fold).astimezone(UTC) for fold in (0, 1))
        weekday = str(WEEKDAYS[self.first.weekday()])
        match self.frequency:
            case Frequency.DAILY:
                pass
            case Frequency.WEEKLY:
                parts["BYDAY"] = weekday
            case Frequency.MONTHLY_WEEKDAY:
                parts["BYDAY"] = f"{self._nth()}{weekday}"
            case Frequency.MONTHLY_LAST:
                parts["BYDAY"] = f"-1{weekday}"
            case _:
                parts["BYMONTHDAY"] = self.first.day
        return parts

    def words(self) -> str:
        """Return the rule in words, such as "Every second Tuesday", in the active language."""
        weekday = date_format(self.first, "l")
        if self.frequency == Frequency.DAILY:
            return _("Every day")
        if self.frequency == Frequency.WEEKLY:
            return _weekly_words(self.interval, weekday)
        if self.frequency == Frequency.MONTHLY_DAY:
            which = _("Day %(day)d") % {"day": self.first.day}
        elif self.frequency == Frequency.MONTHLY_LAST:
            which = _("Last %(weekday)s") % {"weekday": weekday}
        else:
            ordinals = (
                pgettext("weekday of a month", "First %(weekday)s"),
                pgettext("weekday of a month", "Second %(weekday)s"),
                pgettext("weekday of a month", "Third %(weekday)s"),
                pgettext("weekday of a month", "Fourth %(weekday)s"),
                pgettext("weekday of a month", "Fifth %(weekday)s"),
            )
            which = ordinals[self._nth() - 1] % {"weekday": weekday}
        return ngettext(
            "%(which)s of every month", "%(which)s of every %(count)d months", self.interval
        ) % {"which": which, "count": self.interval}

    def _nth(self) -> int:
        return (self.first.day - 1) // 7 + 1

    def _rule(self) -> rrule:
        by: dict[str, object]
        weekday = WEEKDAYS[self.first.weekday()]
        match self.frequency:
            case Frequency.DAILY:
                by = {}
            case Frequency.WEEKLY:
                by = {"byweekday": weekday}
            case Frequency.MONTHLY_WEEKDAY:
                by = {"byweekday": weekday(self._nth())}
            case Frequency.MONTHLY_LAST:
                by = {"byweekday": weekday(-1)}
            case _:
                by = {"bymonthday": self.first.day}
        return rrule(
            {"DAILY": DAILY, "WEEKLY": WEEKLY}.get(FREQUENCIES.get(self.frequency, ""), MONTHLY),
            dtstart=datetime.combine(self.first, time.min),
            interval=self.interval,
            until=datetime.combine(min(self.until or FOREVER, FOREVER), time.max),
            wkst=MO,
            **by,
        )


def _weekly_words(interval: int, weekday: str) -> str:
    if interval == 1:
        return _("Every %(weekday)s") % {"weekday": weekday}
    if interval == 2:
        return _("Every second %(weekday)s") % {"weekday": weekday}
    return _("%(weekday)s every %(count)d weeks") % {"weekday": weekday, "count": interval}


def moment_of(day: date, at: time, zone: ZoneInfo) -> datetime:
    """Return the moment in UTC of a local time, which may be skipped or come twice on that day."""
    return datetime.combine(day, at, tzinfo=zone).astimezone(UTC)
