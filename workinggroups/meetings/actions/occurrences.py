"""The rows of a series: made ahead for the dates of its rule, and numbered when they begin."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone

from workinggroups.groups.actions.guards import lock_group
from workinggroups.groups.choices import GroupState
from workinggroups.groups.models import Group
from workinggroups.meetings.actions.locking import index_meeting
from workinggroups.meetings.choices import (
    SERIES_AHEAD_DAYS,
    InSeries,
    MeetingState,
)
from workinggroups.meetings.models import Meeting, MeetingSeries
from workinggroups.meetings.models.series import date_of, recurrence_id
from workinggroups.meetings.recurrence import moment_of


def extend_series() -> int:
    """Make the meetings ahead that are missing; return how many. Two runs at once make none twice.

    Series of concluded groups are left alone. Each series has a transaction of its own.
    """
    created = 0
    for pk in MeetingSeries.objects.active().values_list("pk", flat=True):
        with transaction.atomic():
            series = MeetingSeries.objects.select_related("group").get(pk=pk)
            group = lock_group(series.group)
            series.refresh_from_db()
            if not series.is_ended and group.state != GroupState.CONCLUDED:
                created += make_ahead(series)
    return created


def number_begun_meetings() -> int:
    """Give each meeting of a series that has begun the group's next number; return how many.

    In the order of their start. A cancelled meeting never begins and keeps its address by day.
    """
    begun = Meeting.objects.filter(number=None, starts_at__lte=Now()).exclude(
        state=MeetingState.CANCELLED
    )
    numbered = 0
    for group in Group.objects.filter(pk__in=begun.values("group")):
        with transaction.atomic():
            lock_group(group)
            number = Meeting.objects.next_number(group)
            rows = begun.filter(group=group).select_related("group")
            locked = rows.select_for_update(of=("self",), no_key=True)
            for meeting in locked.order_by("starts_at", "pk"):
                meeting.number, number = number, number + 1
                meeting.version += 1
                meeting.changed_at = timezone.now()
                meeting.save(update_fields=["number", "version", "changed_at"])
                index_meeting(meeting)
                numbered += 1
    return numbered


def set_time(row: Meeting, series: MeetingSeries, starts_at: datetime) -> None:
    """Set what a meeting has in common with its series, and its time."""
    local = starts_at.astimezone(series.zone_info)
    row.title, row.zone = series.title, series.zone
    row.place, row.join_url = series.place, series.join_url
    row.duration_minutes = series.duration_minutes
    row.starts_at, row.ends_at = starts_at, starts_at + timedelta(minutes=series.duration_minutes)
    # What clocks show then: of a skipped hour, the one that takes its place.
    row.local_date, row.local_time, row.fold = local.date(), local.time(), local.fold


def make_ahead(series: MeetingSeries) -> int:
    """Make the meetings up to the horizon that are missing; return how many.

    Of a series that meets rarely, the next one. The caller holds the lock of the group.
    """
    skipped = set(series.skipped.values_list("day", flat=True))
    placed = series.meetings.exclude(recurrence_id="").only("recurrence_id")
    taken = {original_date(row) for row in placed}
    keys = DayKeys(series.group_id)
    rows: list[Meeting] = []
    made_until = series.made_until
    for day in _due(series):
        made_until = day
        if day not in skipped and day not in taken:
            row = Meeting(
                uid=series.uid,
                recurrence_id=recurrence_id(day, series.local_time),
                day_key=keys.next(day),
                series=series,
                in_series=InSeries.DATE,
                follows_series=True,
                group_id=series.group_id,
                level=series.group.content_level,
                created_by_id=series.created_by_id,
            )
            set_time(row, series, moment_of(day, series.local_time, series.zone_info))
            rows.append(row)
    Meeting.objects.bulk_create(rows)
    if made_until != series.made_until:
        series.made_until = made_until
        series.save(update_fields=["made_until"])
    return len(rows)


def _due(series: MeetingSeries) -> Iterator[date]:
    """Yield the dates of the rule, after those made, up to the horizon and at least one ahead.

    The days of a meeting of several days are made all at once.
    """
    today = timezone.now().astimezone(series.zone_info).date()
    horizon = today + timedelta(days=SERIES_AHEAD_DAYS)
    is_one_ahead = series.made_until is not None and series.made_until > today
    for day in series.recurrence.dates(after=series.made_until):
        if day > horizon and is_one_ahead and not series.is_several_days:
            return
        yield day
        is_one_ahead = is_one_ahead or day > today


def original_date(row: Meeting) -> date:
    """Return the date that a meeting of a series has by the rule."""
    return date_of(row.recurrence_id)


class DayKeys:
    """Addresses by day of one group that no meeting has or had."""

    def __init__(self, group_id: int) -> None:
        taken = Meeting.objects.filter(group=group_id).exclude(day_key="")
        self.taken = set(taken.values_list("day_key", flat=True))

    def next(self, day: date) -> str:
        key, count = day.isoformat(), 1
        while key in self.taken:
            count += 1
            key = f"{day.isoformat()}-{count}"
        self.taken.add(key)
        return key
