"""Local time in a meeting's zone, with the hours that a change of clocks skips or repeats."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.utils.translation import gettext as _

from common.errors import Invalid
from common.ui.date_format import zone_word

# Beyond these years no meeting is planned, and some zones cannot be computed.
FIRST_YEAR = 2000
LAST_YEAR = 2100


def zone_of_record(name: str) -> ZoneInfo:
    """Return the IANA zone of this name. Raises Invalid for an unknown name."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise Invalid(
            _("We do not know this time zone. Choose one from the list."), "zone"
        ) from None


def check_year(day: date) -> None:
    """Raise Invalid for a day of a year in which no meeting is planned."""
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        message = _("Enter a year from %(first)d to %(last)d.")
        raise Invalid(message % {"first": FIRST_YEAR, "last": LAST_YEAR}, "local_date")


def instants(day: date, at: time, zone: ZoneInfo) -> list[datetime]:
    """Return the moments in UTC at which clocks there show this time, the earlier first.

    There are none in the hour skipped in spring, and two in the hour repeated in autumn.
    """
    local = datetime.combine(day, at)
    moments: list[datetime] = []
    for fold in (0, 1):
        moment = local.replace(tzinfo=zone, fold=fold).astimezone(UTC)
        exists = moment.astimezone(zone).replace(tzinfo=None) == local
        if exists and moment not in moments:
            moments.append(moment)
    return moments


def instant(day: date, at: time, zone: ZoneInfo, *, fold: int | None = None) -> datetime:
    """Return the one moment that is meant; of two, `fold` chooses 0 the first or 1 the second.

    Raises Invalid for an hour that does not exist, naming the one that clocks show instead, and
    for an hour that exists twice if `fold` is None.
    """
    check_year(day)
    moments = instants(day, at, zone)
    if not moments:
        skipped = datetime.combine(day, at, tzinfo=zone).astimezone(UTC).astimezone(zone)
        raise Invalid(
            _(
                "%(time)s does not exist on this day in %(zone)s, because clocks go forward. "
                "Choose %(instead)s or another time."
            )
            % {"time": f"{at:%H:%M}", "zone": zone.key, "instead": f"{skipped:%H:%M}"},
            "local_time",
        )
    if len(moments) == 1:
        return moments[0]
    if fold is None:
        first, second = (moment.astimezone(zone) for moment in moments)
        raise Invalid(
            _(
                "%(time)s occurs twice on this day in %(zone)s, because clocks go back: first as "
                "%(first)s, an hour later as %(second)s. Choose one of them."
            )
            % {
                "time": f"{at:%H:%M}",
                "zone": zone.key,
                "first": zone_word(first),
                "second": zone_word(second),
            },
            "fold",
        )
    return moments[fold]
