"""Local time in a zone of record, and the hours that a change of clocks skips or repeats."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.utils.translation import gettext as _

from common.errors import Invalid
from common.ui.date_format import zone_word

# Beyond these years no meeting is planned, and some zones cannot be computed.
FIRST_YEAR = 2000
LAST_YEAR = 2100


def zone_of_record(name: str) -> ZoneInfo:
    """The IANA zone of this name. Raises Invalid for a name that the database does not have."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise Invalid(
            _("There is no time zone of this name. Choose one from the list."), "zone"
        ) from None


def instants(day: date, at: time, zone: ZoneInfo) -> list[datetime]:
    """The moments in UTC at which clocks there show this time, the earlier first.

    None in the hour that is skipped in spring, two in the hour that is repeated in autumn.
    """
    wall = datetime.combine(day, at)
    found: list[datetime] = []
    for fold in (0, 1):
        moment = wall.replace(tzinfo=zone, fold=fold).astimezone(UTC)
        exists = moment.astimezone(zone).replace(tzinfo=None) == wall
        if exists and moment not in found:
            found.append(moment)
    return found


def instant(day: date, at: time, zone: ZoneInfo, *, fold: int | None = None) -> datetime:
    """The one moment that is meant; `fold` chooses between two: 0 the first, 1 the second.

    Raises Invalid for an hour that does not exist, naming the one that clocks show instead, and
    for an hour that exists twice while `fold` does not say which one is meant.
    """
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise Invalid(
            _("Choose a year from %(first)d to %(last)d.")
            % {"first": FIRST_YEAR, "last": LAST_YEAR},
            "local_date",
        )
    found = instants(day, at, zone)
    if not found:
        skipped = datetime.combine(day, at, tzinfo=zone).astimezone(UTC).astimezone(zone)
        raise Invalid(
            _(
                "At %(time)s on this day there is no such time in %(zone)s: clocks go forward "
                "over it. Choose %(instead)s or another time."
            )
            % {
                "time": f"{at:%H:%M}",
                "zone": zone.key,
                "instead": f"{skipped:%H:%M}",
            },
            "local_time",
        )
    if len(found) == 1:
        return found[0]
    if fold is None:
        first, second = (moment.astimezone(zone) for moment in found)
        raise Invalid(
            _(
                "%(time)s comes twice on this day in %(zone)s, since clocks go back: first as "
                "%(first)s, an hour later as %(second)s. Choose which one."
            )
            % {
                "time": f"{at:%H:%M}",
                "zone": zone.key,
                "first": zone_word(first),
                "second": zone_word(second),
            },
            "fold",
        )
    return found[fold]
