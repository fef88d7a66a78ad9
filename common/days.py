"""Days that a person names: what is today for the person, and when such a day is over.

A day is stored as a date. A past day is checked against the calendar of the person who typed it (or
of its meeting) and is shown as typed to every reader. A last day, such as that of a review or the
due date of an action item, ends for everybody at the same moment: when it has ended everywhere on
Earth, in UTC-12.
"""

from datetime import UTC, date, datetime, time, timedelta

from django.utils import timezone

from common.times import zone_named

# The first place on Earth where a day begins and the last where it ends, each beside the date line.
FIRST_PLACE, LAST_PLACE = timedelta(hours=14), timedelta(hours=-12)
# Later moments cannot be written in every zone.
LAST_DAY = date(9998, 12, 31)


def today_in(zone: str, now: datetime | None = None) -> date:
    """Return today's date in this IANA zone; in UTC when this server does not know the name."""
    return (now or timezone.now()).astimezone(zone_named(zone)).date()


def latest_today(now: datetime | None = None) -> date:
    """Return today's date in UTC+14, where days begin first: later days are in the future everywhere."""
    return ((now or timezone.now()).astimezone(UTC) + FIRST_PLACE).date()


def start_of(day: date, zone: str) -> datetime:
    """Return the moment in UTC at which the day begins in this zone."""
    return datetime.combine(day, time(), tzinfo=zone_named(zone)).astimezone(UTC)


def moment_of(day: date, zone: str, now: datetime | None = None) -> datetime:
    """Return a moment for the day in this zone: now for today, else noon, and never after now."""
    now = now or timezone.now()
    if day == today_in(zone, now):
        return now
    noon = datetime.combine(day, time(12), tzinfo=zone_named(zone)).astimezone(UTC)
    return min(noon, now)


def end_of(day: date) -> datetime:
    """Return the moment at which the day is over everywhere on Earth: noon UTC of the next day."""
    day = min(day, LAST_DAY)
    return datetime.combine(day, time(), tzinfo=UTC) + timedelta(days=1) - LAST_PLACE


def first_running(now: datetime | None = None) -> date:
    """Return the earliest day that is not over everywhere on Earth."""
    return ((now or timezone.now()).astimezone(UTC) + LAST_PLACE).date()


def is_over(day: date | None, now: datetime | None = None) -> bool:
    """Whether the day has ended everywhere on Earth; False for None."""
    return day is not None and day < first_running(now)
