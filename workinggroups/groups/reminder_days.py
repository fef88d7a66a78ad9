"""On which days people are reminded of an action item: the arithmetic, without the database.

Its owners the day before it is due, on the day, and every week after; from CHAIRS_REMINDED_DAYS on the
chairs too. A reminder is made in the last minutes before the hour of the daily mail in the reader's
zone, so that the digest of that morning has it, and its own mail is sent at that hour.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from django.db.models import Q

from common.times import zone_named
from notifications.mornings import morning_of
from workinggroups.groups.choices import CHAIRS_REMINDED_DAYS

DAY = timedelta(days=1)
WEEK_DAYS = 7
# The periodic task runs every quarter of an hour: it comes once, or twice, in this time.
AHEAD = timedelta(minutes=20)


@dataclass(frozen=True, slots=True)
class Morning:
    """The morning of a local day: mails are sent `at` this moment (UTC), of what was so at `noted_at`."""

    day: date
    at: datetime

    @property
    def noted_at(self) -> datetime:
        return self.at - AHEAD


def current_morning(zone: str, now: datetime) -> Morning | None:
    """Return the morning of today in this zone, if reminders for it can be made; None before that.

    They can be made until the day ends there: after an outage late, but never on another day.
    """
    day = now.astimezone(zone_named(zone)).date()
    morning = Morning(day, morning_of(day, zone).astimezone(UTC))
    return morning if now >= morning.noted_at else None


def is_owners_day(due_on: date, today: date) -> bool:
    """Whether the owners of an item that is due on this day are reminded today."""
    late = (today - due_on).days
    return late == -1 or (late >= 0 and late % WEEK_DAYS == 0)


def is_chairs_day(due_on: date, today: date) -> bool:
    """Whether the chairs of the group are reminded today too."""
    return (today - due_on).days >= CHAIRS_REMINDED_DAYS and is_owners_day(due_on, today)


def due_for_reminder(today: date) -> Q:
    """Filter items by `is_owners_day`: one that is late by whole weeks is due on this day of the week."""
    weekly = Q(due_on__lte=today, due_on__iso_week_day=today.isoweekday())
    return Q(due_on=today + DAY) | weekly
