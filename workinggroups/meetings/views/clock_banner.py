"""What pages say of clocks that change on different days: for the reader, and by region."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.translation import gettext as _

from common.access import Viewer
from common.times import zone_named
from common.ui.date_format import day_words
from workinggroups.meetings.choices import CLOCK_CHANGE_SHOWN_DAYS
from workinggroups.meetings.clock_changes import (
    HourShift,
    Occurrence,
    hour_shifts,
    occurrences_around,
    shifts_between,
)
from workinggroups.meetings.models import MeetingSeries
from workinggroups.meetings.permissions import can_see_polls
from workinggroups.meetings.queries.fairness import people_by_zone
from workinggroups.meetings.regions import UNCHOSEN, Region, regions_of


@dataclass(frozen=True, slots=True)
class ClockBanner:
    """Sentences about coming shifts: for the reader, and for each region of the group."""

    own: list[str]
    regions: list[str]

    def __bool__(self) -> bool:
        return bool(self.own or self.regions)


def banner_of_series(series: MeetingSeries, viewer: Viewer) -> ClockBanner:
    """Return what shifts in the coming weeks; regions only for the people of the group. Two queries."""
    now = timezone.now()
    until = now + timedelta(days=CLOCK_CHANGE_SHOWN_DAYS)
    occurrences = occurrences_around(series, now, until)
    home = series.zone_info
    own: list[str] = []
    if viewer.zone != UNCHOSEN:
        zone = zone_named(viewer.zone)
        shifts = shifts_between(occurrences, home, zone, now, until)
        own = [_own_words(shift, zone) for shift in shifts]
    if not can_see_polls(viewer, series.group):
        return ClockBanner(own, [])
    moments = [each.at for each in occurrences if each.at > now]
    regions = regions_of(people_by_zone(series.group), moments).regions if moments else ()
    words = [
        _region_words(region, shift)
        for region in regions
        for shift in shifts_between(occurrences, home, region.zone, now, until)
    ]
    return ClockBanner(own, words)


def banner_of_times(
    occurrences: Sequence[Occurrence], home: ZoneInfo, regions: Sequence[Region]
) -> ClockBanner:
    """Return what shifts by region over these meetings."""
    words = [
        _region_words(region, shift)
        for region in regions
        for shift in hour_shifts(occurrences, home, region.zone)
    ]
    return ClockBanner([], words)


def _own_words(shift: HourShift, zone: ZoneInfo) -> str:
    facts = _facts(shift, zone)
    if shift.back is None:
        return _("For you it is at %(after)s instead of %(before)s from %(first)s.") % facts
    return (
        _(
            "For you it is at %(after)s instead of %(before)s from %(first)s, and at %(before)s again "
            "from %(back)s."
        )
        % facts
    )


def _region_words(region: Region, shift: HourShift) -> str:
    facts = {**_facts(shift, region.zone), "region": region.name}
    if shift.back is None:
        return _("In %(region)s it is at %(after)s instead of %(before)s from %(first)s.") % facts
    return (
        _(
            "In %(region)s it is at %(after)s instead of %(before)s from %(first)s, and at %(before)s "
            "again from %(back)s."
        )
        % facts
    )


def _facts(shift: HourShift, zone: ZoneInfo) -> dict[str, str]:
    return {
        "first": day_words(shift.first.astimezone(zone).date()),
        "back": day_words(shift.back.astimezone(zone).date()) if shift.back else "",
        "before": f"{shift.before:%H:%M}",
        "after": f"{shift.after:%H:%M}",
    }
