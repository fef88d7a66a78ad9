"""A series as a calendar file of another system has it, to look at and to import."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time
from itertools import islice
from zoneinfo import ZoneInfo

from django.utils.formats import time_format
from django.utils.translation import gettext as _

from workinggroups.meetings.choices import IMPORT_MAX_PAST
from workinggroups.meetings.recurrence import WEEKDAYS, Recurrence, moment_of

DATES_SHOWN = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedDate:
    """A date of the rule that was changed by itself: cancelled, or with its own time and place."""

    day: date
    starts_at: datetime
    duration_minutes: int
    zone: str
    title: str
    place: str
    join_url: str
    is_cancelled: bool = False


def part_uid(uid: str, rule: Recurrence) -> str:
    """Return the name of the part on the weekday of this rule: "…#MO"."""
    return f"{uid}#{WEEKDAYS[rule.first.weekday()]}"


@dataclass(slots=True, kw_only=True)
class ImportedSeries:
    """A series in a file; `problem` says why it cannot be imported, `notes` what is left out."""

    uid: str
    title: str
    # Of a series on several weekdays, which becomes one for each: its `uid` in the file, and the
    # weekdays on which the others meet.
    whole_uid: str = ""
    other_weekdays: frozenset[int] = frozenset()
    is_first_part: bool = True
    problem: str = ""
    notes: list[str] = field(default_factory=list)
    recurrence: Recurrence | None = None
    local_time: time = time(0)
    zone: str = "UTC"
    duration_minutes: int = 60
    place: str = ""
    join_url: str = ""
    description: str = ""
    skipped: list[date] = field(default_factory=list)
    exceptions: list[ChangedDate] = field(default_factory=list)
    extra: list[ChangedDate] = field(default_factory=list)

    @property
    def key(self) -> str:
        """Return a short text that stands for the `uid` in a form."""
        return hashlib.sha256(self.uid.encode(errors="replace")).hexdigest()[:16]

    @property
    def uids(self) -> list[str]:
        """Return under which names the group can have it: of all its weekdays, or of this one."""
        if self.whole_uid or self.recurrence is None:
            return [name for name in (self.uid, self.whole_uid) if name]
        return [self.uid, part_uid(self.uid, self.recurrence)]

    def takes(self, day: date) -> bool:
        """Whether an additional date is its own, and not that of the part on another weekday."""
        if self.recurrence and day.weekday() == self.recurrence.first.weekday():
            return True
        return self.is_first_part and day.weekday() not in self.other_weekdays

    def moment(self, day: date) -> datetime:
        return moment_of(day, self.local_time, ZoneInfo(self.zone))

    def dates(self) -> Iterator[date]:
        """Yield the dates of the rule that are not skipped."""
        if self.recurrence is not None:
            skipped = set(self.skipped)
            yield from (day for day in self.recurrence.dates() if day not in skipped)

    def coming(self, now: datetime) -> Iterator[date]:
        return (day for day in self.dates() if self.moment(day) > now)

    def past(self, now: datetime) -> list[date]:
        """Return the dates that have passed."""
        passed = []
        for day in self.dates():
            if self.moment(day) > now:
                break
            passed.append(day)
        return passed

    def first_on(self, now: datetime, *, with_past: bool) -> date:
        """Return the first date that is taken over, at most IMPORT_MAX_PAST before the first coming one."""
        past = self.past(now)[-IMPORT_MAX_PAST:] if with_past else []
        return past[0] if past else next(self.coming(now))

    @property
    def rule_words(self) -> str:
        """Return the rule in words, such as "Every Tuesday, 16:00 Paris"."""
        return _("%(rule)s, %(time)s %(place)s") % {
            "rule": self.recurrence.words() if self.recurrence else "",
            "time": time_format(self.local_time, "H:i"),
            "place": self.zone.rpartition("/")[2].replace("_", " "),
        }

    def first_dates(self, now: datetime) -> list[date]:
        """Return the first coming dates that were not changed by themselves."""
        changed = {one.day for one in self.exceptions}
        unchanged = (day for day in self.coming(now) if day not in changed)
        return list(islice(unchanged, DATES_SHOWN))
