"""The notification that a change of clocks shifts the hour of meetings."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Self

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from common.access import Viewer
from common.times import zone_named
from common.ui.date_format import day_words, zone_place
from members.people.models import Person
from notifications.choices import Category
from notifications.types import AnyPayload, NotificationContent, NotificationType
from workinggroups.meetings.choices import CLOCK_CHANGE_TOGETHER_DAYS
from workinggroups.meetings.clock_changes import HourShift, shifts_of
from workinggroups.meetings.models import MeetingSeries

DAY = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class ClocksChange(NotificationType[list[MeetingSeries]]):
    """For one person, about all their series that shift by the changes of clocks on these days.

    `changes` are days in UTC and `series` uuids, both with commas between them. What is said is computed
    when it is read, in the zone that the reader has then.
    """

    name = "clocks_change"
    label = gettext_lazy("Clocks change, and your meetings shift")
    category = Category.MEETINGS

    person: int
    changes: str
    series: str

    def recipients(self) -> QuerySet[Person]:
        return Person.objects.active().filter(pk=self.person)

    @classmethod
    def find_targets(
        cls, payloads: Iterable[Self], viewer: Viewer
    ) -> Mapping[AnyPayload, list[MeetingSeries]]:
        listed = [each for each in payloads if each.person == viewer.person_id]
        uuids = {uuid for each in listed for uuid in each.series.split(",")}
        readable = MeetingSeries.objects.visible_to(viewer).active().filter(uuid__in=uuids)
        mine = readable.filter(group_id__in=viewer.group_ids)
        by_uuid = {
            str(each.uuid): each
            for each in mine.select_related("group").prefetch_related("skipped")
        }
        return {
            each: [by_uuid[uuid] for uuid in each.series.split(",") if uuid in by_uuid]
            for each in listed
        }

    def content(self, target: list[MeetingSeries], viewer: Viewer) -> NotificationContent | None:
        """Return what shifts for this reader; None where nothing does any more."""
        shifted = [
            (series, shift) for series in target for shift in self._shifts(series, viewer.zone)
        ]
        if not shifted:
            return None
        first, _shift = shifted[0]
        is_one = all(series == first for series, _each in shifted)
        return NotificationContent(
            title=_("Clocks change: %(title)s") % {"title": first.title}
            if is_one
            else ngettext(
                "Clocks change: %(count)d series of meetings shifts for you",
                "Clocks change: %(count)d series of meetings shift for you",
                len({series.pk for series, _each in shifted}),
            )
            % {"count": len({series.pk for series, _each in shifted})},
            url=first.get_absolute_url() if is_one else reverse("calendar"),
            why=_("because your clocks and those of the meeting change on different days"),
            detail="\n".join(
                shift_words(series.title, shift, viewer.zone) for series, shift in shifted
            ),
            group_name=first.group.name if is_one else "",
            thread_key=f"clocks:{self.changes}",
        )

    def _shifts(self, series: MeetingSeries, zone: str) -> list[HourShift]:
        days = sorted(date.fromisoformat(day) for day in self.changes.split(","))
        begin = datetime.combine(days[0], time(), tzinfo=UTC) - DAY
        end = datetime.combine(days[-1], time(), tzinfo=UTC)
        end += timedelta(days=CLOCK_CHANGE_TOGETHER_DAYS) + DAY
        shifts = shifts_of(series, zone_named(zone), begin, end)
        return [shift for shift in shifts if shift.changed_on in days]


def shift_words(title: str, shift: HourShift, zone: str) -> str:
    """Return a sentence about a series that is at another hour from a meeting on, in this zone."""
    place = zone_named(zone)
    facts = {
        "title": title,
        "first": day_words(shift.first.astimezone(place).date(), weekday=True),
        "after": f"{shift.after:%H:%M}",
        "before": f"{shift.before:%H:%M}",
        "place": zone_place(zone),
    }
    if shift.back is None:
        return (
            _(
                "From %(first)s, %(title)s is at %(after)s instead of %(before)s for you "
                "(times in %(place)s)."
            )
            % facts
        )
    back = day_words(shift.back.astimezone(place).date(), weekday=True)
    return _(
        "From %(first)s, %(title)s is at %(after)s instead of %(before)s for you; from %(back)s "
        "it is at %(before)s again (times in %(place)s)."
    ) % {**facts, "back": back}
