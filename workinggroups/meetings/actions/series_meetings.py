"""The meetings of a series: locked, given dates and what they have in common, cancelled.

No row is ever deleted. The caller holds the lock of the group.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from common.search.models import SearchEntry
from members.people.models import Person
from workinggroups.meetings.actions.locking import index_meeting
from workinggroups.meetings.actions.occurrences import original_date, set_time
from workinggroups.meetings.actions.planning import own_uid
from workinggroups.meetings.choices import InSeries, MeetingState
from workinggroups.meetings.models import Meeting, MeetingSeries
from workinggroups.meetings.models.series import recurrence_id
from workinggroups.meetings.recurrence import Recurrence, moment_of


def lock_coming(series: MeetingSeries, **conditions: object) -> list[Meeting]:
    """Lock meetings of the series that have not begun; return them by their original start.

    What is done to one meeting alone locks its row only, so it comes before this or after. A number
    tells that a meeting has begun, unless it was scheduled by itself at first.
    """
    coming = series.meetings.filter(
        Q(number=None) | Q(keeps_uid=True), starts_at__gt=timezone.now(), **conditions
    )
    return list(coming.select_for_update(no_key=True).order_by("recurrence_id", "pk"))


def lock_begun(series: MeetingSeries, coming: list[Meeting], **conditions: object) -> list[Meeting]:
    """Lock the other meetings by the rule with a place like those that are coming."""
    begun = series.meetings.filter(in_series=InSeries.DATE, **conditions)
    begun = begun.exclude(pk__in=[row.pk for row in coming])
    return list(begun.select_for_update(no_key=True).order_by("recurrence_id", "pk"))


def lock_beside(series: MeetingSeries) -> list[Meeting]:
    """Lock the coming planned meetings that belong to the series beside its rule."""
    beside = series.meetings.beside_rule().filter(
        starts_at__gt=timezone.now(), state=MeetingState.PLANNED
    )
    return list(beside.select_for_update(no_key=True).order_by("pk"))


def assign_dates(
    rows: list[Meeting], *, series: MeetingSeries, before: Recurrence, actor: Person
) -> None:
    """Give each meeting its date in the changed series, and what it has in common with the others."""
    skipped = dict(series.skipped.values_list("day", "reason"))
    after = series.recurrence
    dates_stay = keeps_dates(before, after)
    if dates_stay:
        places = {row.pk: original_date(row) for row in rows}
    else:
        days = (day for day in after.dates() if day not in skipped)
        places = dict(zip((row.pk for row in rows), days, strict=False))
    for row in rows:
        day = places.get(row.pk)
        if day is None or (after.until and day > after.until):
            drop(row, series, actor=actor)
            continue
        place(row, series, day)
        save_row(row)
        if day in skipped:
            cancel_rows([row], actor=actor, reason=skipped[day] or _("The series skips this date."))
    if not dates_stay and places:
        series.made_until = max(places.values())
        series.save(update_fields=["made_until"])


def keeps_dates(before: Recurrence, after: Recurrence) -> bool:
    """Whether dates of the one rule are dates of the other, up to its end."""
    return replace(before, until=None) == replace(after, until=None)


def place_begun(rows: list[Meeting], *, series: MeetingSeries, dates_stay: bool) -> None:
    """Keep meetings that have begun, though the changed series has a later date for them.

    They were brought forward, or those before them were put off. Such a meeting keeps its date, so that
    the group does not meet for it again; where the dates change, it stands beside the rule.
    """
    skipped = set(series.skipped.values_list("day", flat=True))
    last = series.until or date.max
    for row in rows:
        day = original_date(row)
        row.follows_series = False
        if dates_stay and day <= last and day not in skipped:
            place(row, series, day)
        else:
            if not row.keeps_uid:
                row.uid = own_uid(row.uuid)
            row.series, row.recurrence_id = series, ""
            row.in_series, row.keeps_uid = InSeries.EXTRA, False
        save_row(row)


def drop(row: Meeting, series: MeetingSeries, *, actor: Person) -> None:
    """Cancel a meeting for which the changed series has no date."""
    if row.keeps_uid:
        # The calendar file of the changed series tells those who have it.
        row.series = series
    else:
        row.uid = own_uid(row.uuid)
    row.recurrence_id, row.in_series, row.follows_series = "", InSeries.DROPPED, False
    cancel_rows([row], actor=actor, reason=_("The series no longer meets on this date."))


def place(row: Meeting, series: MeetingSeries, day: date) -> None:
    """Give a meeting this date of the series; one that follows it also takes its time."""
    row.series = series
    if not row.keeps_uid:
        row.uid = series.uid
    row.recurrence_id = recurrence_id(day, series.local_time)
    if row.follows_series:
        _follow(row, series, day)


def _follow(row: Meeting, series: MeetingSeries, day: date) -> None:
    """Set what a meeting has in common with its series, and its time on this day."""
    starts_at = moment_of(day, series.local_time, series.zone_info)
    is_moved = bool(row.starts_at) and row.starts_at != starts_at
    if is_moved:
        row.moved_from = row.starts_at
    before = (row.ends_at, row.zone, row.place, row.join_url)
    set_time(row, series, starts_at)
    is_changed = (row.ends_at, row.zone, row.place, row.join_url) != before
    # Of a meeting without an event of its own, that of the series tells the rest.
    if is_moved or (row.keeps_uid and is_changed):
        row.sequence += 1


def save_row(row: Meeting) -> None:
    row.version += 1
    row.changed_at = timezone.now()
    row.save()
    # A meeting that nobody did anything to is not in the index yet.
    if SearchEntry.objects.filter(kind="meeting", uuid=row.uuid).exists():
        index_meeting(row)


def cancel_rows(rows: Iterable[Meeting], *, actor: Person, reason: str) -> None:
    """Cancel planned meetings of a series without a notification of their own."""
    for row in rows:
        if row.is_cancelled:
            save_row(row)
            continue
        row.state, row.cancelled_reason = MeetingState.CANCELLED, reason
        row.cancelled_at, row.cancelled_by = timezone.now(), actor
        row.follows_series = False
        row.sequence += 1
        save_row(row)
