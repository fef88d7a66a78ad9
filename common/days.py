"""Days that a person names: what is today for them, and when such a day is over.

A day is a date. A day of the past is written down once, judged by the calendar of the person who
typed it (or of the meeting it belongs to), and shown as typed to every reader. A day that something
lasts until, such as the last day of a review or the day a task is due, ends for everybody at the
same moment: when it has ended everywhere on Earth, in UTC-12.
"""

from datetime import UTC, date, datetime, time, timedelta

from django.utils import timezone

from common.times import zone_named

# The first place on Earth where a day begins and the last where it ends, each beside the date line.
FIRST_PLACE, LAST_PLACE = timedelta(hours=14), timedelta(hours=-12)
# Later moments cannot be written in every zone.
LAST_DAY = date(9998, 12, 31)


def today_in(zone: str, now: datetime | None = None) -> date:
    """The date on a calendar in this IANA zone; in UTC for a name that this server does not know."""
    return (now or timezone.now()).astimezone(zone_named(zone)).date()


def latest_today(now: datetime | None = None) -> date:
    """The date where a day begins first, in UTC+14: every later day is to come everywhere."""
    return ((now or timezone.now()).astimezone(UTC) + FIRST_PLACE).date()


def start_of(day: date, zone: str) -> datetime:
    """The moment in UTC at which the day begins in this zone."""
    return datetime.combine(day, time(), tzinfo=zone_named(zone)).astimezone(UTC)


def moment_of(day: date, zone: str, now: datetime | None = None) -> datetime:
    """A moment that stands for the day in this zone, never after now: now for today, else noon."""
    now = now or timezone.now()
    if day == today_in(zone, now):
        return now
    noon = datetime.combine(day, time(12), tzinfo=zone_named(zone)).astimezone(UTC)
    return min(noon, now)


def end_of(day: date) -> datetime:
    """The moment at which the day is over everywhere on Earth: noon in UTC of the next day."""
    day = min(day, LAST_DAY)
    return datetime.combine(day, time(), tzinfo=UTC) + timedelta(days=1) - LAST_PLACE


def first_running(now: datetime | None = None) -> date:
    """The earliest day that is not over everywhere on Earth: every day before it is."""
    return ((now or timezone.now()).astimezone(UTC) + LAST_PLACE).date()


def is_over(day: date | None, now: datetime | None = None) -> bool:
    """Whether the day has ended everywhere on Earth; no day never ends."""
    return day is not None and day < first_running(now)
