"""Notifying people, a week before, that a change of clocks shifts the hour of their meetings."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone

from common.days import today_in
from common.times import zone_named
from notifications.actions import notify
from workinggroups.groups.choices import GroupState
from workinggroups.groups.models import Seat
from workinggroups.meetings.choices import (
    CLOCK_CHANGE_NOTIFY_DAYS,
    CLOCK_CHANGE_SERIES_NAMED,
    CLOCK_CHANGE_TOGETHER_DAYS,
)
from workinggroups.meetings.clock_changes import HourShift, occurrences_around, shifts_between
from workinggroups.meetings.models import MeetingSeries, NotifiedClockChange
from workinggroups.meetings.notifications.clock_changes import ClocksChange
from workinggroups.meetings.regions import UNCHOSEN

PEOPLE_AT_ONCE = 200
# What was notified of longer ago can come no more.
KEPT = timedelta(days=400)
# A person by id and uuid.
Reader = tuple[int, UUID]
# By person, then by the day on which clocks change: the shifts with their series.
Shifts = dict[Reader, dict[date, list[tuple[HourShift, MeetingSeries]]]]


def notify_of_clock_changes() -> int:
    """Notify people whose local hour of a series shifts within a week; return how many were notified.

    Called by a periodic task. A run notifies a person once, of all series that shift by the same
    changes of clocks, also of those that meet a little later. Nobody is notified of a change twice,
    also by two runs at once: `NotifiedClockChange` decides. Who has chosen no time zone has no local
    hour and is left out.
    """
    now = timezone.now()
    due = {
        reader: changes
        for reader, by_day in _coming_shifts(now).items()
        if (changes := _due(by_day, now))
    }
    notified = 0
    for chunk in _chunks(sorted(due), PEOPLE_AT_ONCE):
        with transaction.atomic():
            for reader, days in _claimed({each: due[each].keys() for each in chunk}).items():
                _notify(reader, {day: due[reader][day] for day in days})
                notified += 1
    NotifiedClockChange.objects.filter(created_at__lt=now - KEPT).delete()
    return notified


def _coming_shifts(now: datetime) -> Shifts:
    """Return the shifts of all series that go on, of the people with a seat in their groups."""
    until = now + timedelta(days=CLOCK_CHANGE_TOGETHER_DAYS)
    going_on = MeetingSeries.objects.active().filter(
        Q(until__isnull=True) | Q(until__gte=today_in("UTC", now))
    )
    series = going_on.exclude(group__state=GroupState.CONCLUDED).prefetch_related("skipped")
    listed = list(series)
    readers = _readers_by_zone({each.group_id for each in listed})
    coming: Shifts = defaultdict(lambda: defaultdict(list))
    for each in listed:
        occurrences = occurrences_around(each, now, until)
        for zone, people in readers[each.group_id].items():
            place = zone_named(zone)
            for shift in shifts_between(occurrences, each.zone_info, place, now, until):
                for reader in people:
                    coming[reader][shift.changed_on].append((shift, each))
    return coming


def _readers_by_zone(groups: Iterable[int]) -> dict[int, dict[str, list[Reader]]]:
    """Return the people with a seat in these groups, by group and time zone. One query."""
    readers: dict[int, dict[str, list[Reader]]] = defaultdict(lambda: defaultdict(list))
    seats = Seat.objects.filter(group__in=list(groups), person__is_active=True)
    columns = ("group_id", "person__zone", "person_id", "person__uuid")
    for group_id, zone, person_id, uuid in seats.exclude(person__zone=UNCHOSEN).values_list(
        *columns
    ):
        readers[group_id][zone].append((person_id, uuid))
    return readers


def _due(
    by_day: Mapping[date, list[tuple[HourShift, MeetingSeries]]], now: datetime
) -> dict[date, list[MeetingSeries]]:
    """Return the changes by which a meeting shifts within the week, with all series that they shift."""
    soon = now + timedelta(days=CLOCK_CHANGE_NOTIFY_DAYS)
    return {
        day: [series for _shift, series in shifts]
        for day, shifts in by_day.items()
        if any(shift.first <= soon for shift, _series in shifts)
    }


CLAIM = """
INSERT INTO meetings_notifiedclockchange (person_id, changed_on, created_at)
SELECT person_id, changed_on, %(now)s
  FROM unnest(%(people)s::bigint[], %(days)s::date[]) AS due (person_id, changed_on)
ON CONFLICT DO NOTHING
RETURNING person_id, changed_on
"""


def _claimed(due: Mapping[Reader, Iterable[date]]) -> dict[Reader, list[date]]:
    """Note these changes as notified; return those of which the people were not notified before."""
    pairs = [(reader, day) for reader, days in due.items() for day in sorted(days)]
    with connection.cursor() as cursor:
        cursor.execute(
            CLAIM,
            {
                "now": timezone.now(),
                "people": [reader[0] for reader, _day in pairs],
                "days": [day for _reader, day in pairs],
            },
        )
        new = set(cursor.fetchall())
    claimed: dict[Reader, list[date]] = defaultdict(list)
    for reader, day in pairs:
        if (reader[0], day) in new:
            claimed[reader].append(day)
    return claimed


def _notify(reader: Reader, changes: Mapping[date, list[MeetingSeries]]) -> None:
    series = {str(each.uuid): None for shifted in changes.values() for each in shifted}
    days = sorted(day.isoformat() for day in changes)
    notify(
        ClocksChange(
            person=reader[0],
            changes=",".join(days),
            series=",".join(list(series)[:CLOCK_CHANGE_SERIES_NAMED]),
        ),
        cause=f"{reader[1]}:{days[0]}",
    )


def _chunks(readers: list[Reader], size: int) -> Iterable[list[Reader]]:
    return (readers[at : at + size] for at in range(0, len(readers), size))
