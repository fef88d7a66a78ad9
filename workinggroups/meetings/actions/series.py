"""Series of meetings: planned, changed from one meeting on, and ended.

A meeting of a series is a row like any other, made ahead (`actions.occurrences`). No row is ever
deleted: where a changed rule has no place for a meeting, it is cancelled and says why. All actions
here hold the lock of the group.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, time, timedelta
from itertools import islice
from typing import NotRequired, TypedDict, Unpack

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from common.access import viewer_for
from common.errors import Conflict, Invalid, WrongState
from common.identifiers import new_uuid
from common.record.actions import record
from common.ui.date_format import day_words
from common.unseen import refuse_unseen
from members.people.models import Person
from notifications.actions import notify
from workinggroups.groups.actions.guards import lock_group, require_running
from workinggroups.groups.models import Group
from workinggroups.meetings import local_time
from workinggroups.meetings.actions.agenda_template import copy_template
from workinggroups.meetings.actions.check_in import take_back_early_check_ins
from workinggroups.meetings.actions.days import number_days
from workinggroups.meetings.actions.occurrences import make_ahead, original_date
from workinggroups.meetings.actions.planning import own_uid
from workinggroups.meetings.actions.proposals import carry_over
from workinggroups.meetings.actions.series_meetings import (
    assign_dates,
    cancel_rows,
    keeps_dates,
    lock_begun,
    lock_beside,
    lock_coming,
    place_begun,
)
from workinggroups.meetings.choices import (
    MEETING_MAX_MINUTES,
    SERIES_MAX_INTERVAL,
    SERIES_MAX_SKIPPED,
    SEVERAL_DAYS_MAX,
    Frequency,
    MeetingState,
    SeriesAct,
    SeriesState,
)
from workinggroups.meetings.models import Meeting, MeetingSeries, SkippedDay
from workinggroups.meetings.notifications.series import SeriesChanged, SeriesEnded, SeriesPlanned
from workinggroups.meetings.permissions import can_end_series, can_plan_meeting
from workinggroups.meetings.recurrence import Recurrence, moment_of

Skipped = Sequence[tuple[date, str]]


class SeriesDetails(TypedDict):
    """What the meetings of a series have in common, and its rule; `until` is the last date."""

    title: str
    first_on: date
    local_time: time
    zone: str
    duration_minutes: int
    frequency: str
    interval: NotRequired[int]
    until: NotRequired[date | None]
    place: NotRequired[str]
    join_url: NotRequired[str]


@transaction.atomic
def plan_series(
    *, actor: Person, group: Group, skipped: Skipped = (), **details: Unpack[SeriesDetails]
) -> MeetingSeries:
    """Schedule meetings by a rule and notify the group once. `skipped` are dates with a reason.

    Locks the group. Raises NotAllowed, and Invalid for a rule or an hour that cannot be.
    """
    columns = checked_columns(details, skipped)
    group = lock_group(group)
    can_plan_meeting.require(viewer_for(actor.pk), group)
    require_running(group)
    series = create_series(group, columns, skipped, actor=actor)
    make_ahead(series)
    number_days(series)
    record(actor, SeriesAct.PLANNED, series, facts=series_facts(series))
    notify(
        SeriesPlanned(group=group.pk, series=str(series.uuid)),
        cause=series.uuid,
        actor=actor,
        scope_uuid=group.uuid,
    )
    return series


@transaction.atomic
def change_series(
    *,
    actor: Person,
    start: Meeting,
    sequence: int,
    skipped: Skipped = (),
    **details: Unpack[SeriesDetails],
) -> MeetingSeries:
    """Change the meeting `start` and all that follow in its series; notify the group once.

    Meetings before `start` stay as they are: if there are any, the series ends before it and another
    one goes on. Where dates stay dates of the rule, each meeting keeps its own; else the meetings
    take the new dates in order. A meeting that was moved or cancelled by itself keeps its own time or
    stays cancelled. One that finds no date is cancelled with the reason.

    Extra meetings keep their time; those after `start` go on with the changed series. The days of a
    meeting of several days stay days, and are counted on.

    `sequence` is that of the series which the actor has seen. Raises Conflict when it has changed
    since, WrongState when `start` has begun, Invalid as `plan_series` does.
    """
    columns = checked_columns(details, skipped)
    group = lock_group(start.group)
    can_plan_meeting.require(viewer_for(actor.pk), group)
    require_running(group)
    start = Meeting.objects.select_related("series").get(pk=start.pk)
    series = lock_open(start.series)
    if series.sequence != sequence:
        raise Conflict(
            _(
                "Someone changed this series while you were editing. It is now: %(rule)s. "
                "Check its dates first."
            )
            % {"rule": series.words}
        )
    if start.has_begun:
        raise WrongState(_("This meeting has begun. Change the ones after it."))
    zone = local_time.zone_of_record(details["zone"])
    if moment_of(details["first_on"], details["local_time"], zone) <= timezone.now():
        raise Invalid(_("This date is in the past."), "local_date")
    _check_days(series, columns)
    rows = lock_coming(series, recurrence_id__gte=start.recurrence_id)
    begun = lock_begun(series, rows, recurrence_id__gte=start.recurrence_id)
    before = series.recurrence
    first = original_date(start)
    if first > series.first_on:
        changed = split_series(series, first, columns, skipped, actor=actor)
        later = series.meetings.beside_rule().filter(starts_at__gte=start.starts_at)
        later.update(series=changed)
    else:
        changed = rewrite_series(series, columns, skipped)
    before = replace(before, first=first)
    assign_dates(rows, series=changed, before=before, actor=actor)
    place_begun(begun, series=changed, dates_stay=keeps_dates(before, changed.recurrence))
    take_back_early_check_ins(rows)
    make_ahead(changed)
    carry_over(row for row in rows if row.is_cancelled)
    number_days(changed)
    record(actor, SeriesAct.CHANGED, changed, facts=series_facts(changed))
    notify(
        SeriesChanged(group=group.pk, series=str(changed.uuid)),
        cause=f"{changed.uuid}:{changed.sequence}",
        actor=actor,
        scope_uuid=group.uuid,
    )
    return changed


@transaction.atomic
def end_series(*, actor: Person, series: MeetingSeries, reason: str) -> MeetingSeries:
    """Cancel all coming meetings of the series with the reason; notify the group once.

    Raises NotAllowed, Invalid without a reason, WrongState when it has ended.
    """
    reason = reason.strip()
    if not reason:
        raise Invalid(_("Give a reason. It is shown on the page and in the e-mail."), "reason")
    group = lock_group(series.group)
    can_end_series.require(viewer_for(actor.pk), series)
    series = lock_open(series)
    close_series(series, actor=actor, reason=reason)
    notify(
        SeriesEnded(group=group.pk, series=str(series.uuid)),
        cause=series.uuid,
        actor=actor,
        scope_uuid=group.uuid,
    )
    return series


def close_series(series: MeetingSeries, *, actor: Person, reason: str) -> None:
    """End the series without a notification: cancel its coming meetings, and record it.

    The caller holds the locks of the group and of the series.
    """
    rows = [*lock_coming(series, state=MeetingState.PLANNED), *lock_beside(series)]
    cancel_rows(rows, actor=actor, reason=reason)
    take_back_early_check_ins(rows)
    carry_over(rows)
    series.state, series.ended_reason = SeriesState.ENDED, reason
    if series.made_until:
        series.until = min(series.until or series.made_until, series.made_until)
    series.sequence += 1
    series.changed_at = timezone.now()
    series.save(update_fields=["state", "ended_reason", "until", "sequence", "changed_at"])
    record(actor, SeriesAct.ENDED, series, facts=series_facts(series))


def series_facts(series: MeetingSeries) -> dict[str, object]:
    """Return what the record says of a series."""
    return {
        "group": series.group.uuid,
        "sequence": series.sequence,
        "first_on": series.first_on,
        "local_time": f"{series.local_time:%H:%M}",
        "zone": series.zone,
        "frequency": series.frequency,
        "interval": series.interval,
        "until": series.until,
        "continues": series.continues.uuid if series.continues else None,
        **({"rotation": series.rotation} if series.rotation else {}),
    }


def checked_columns(details: SeriesDetails, skipped: Skipped) -> dict[str, object]:
    """Return the columns of a series. Raises Invalid at the field that is wrong."""
    reasons = " ".join(reason for _day, reason in skipped)
    refuse_unseen(title=details["title"], place=details.get("place", ""), skipped=reasons)
    local_time.zone_of_record(details["zone"])
    first, until = details["first_on"], details.get("until")
    local_time.check_year(first)
    if not 1 <= details["duration_minutes"] <= MEETING_MAX_MINUTES:
        raise Invalid(_("A meeting can last from 1 minute to 24 hours."), "duration_minutes")
    interval = details.get("interval", 1)
    rule = check_rule(first, details["frequency"], interval, until)
    if details["frequency"] == Frequency.DAILY:
        _check_several_days(first, until, interval, skipped)
    if len(skipped) > SERIES_MAX_SKIPPED:
        raise Invalid(
            _("Enter at most %(most)d days to skip.") % {"most": SERIES_MAX_SKIPPED}, "skipped"
        )
    if all(day in dict(skipped) for day in islice(rule.dates(), SERIES_MAX_SKIPPED + 1)):
        raise Invalid(_("All dates are skipped, so the group would never meet."), "skipped")
    return {
        "place": "",
        "join_url": "",
        **details,
        "interval": interval,
        "until": until,
        "local_time": details["local_time"].replace(second=0, microsecond=0),
    }


def check_rule(first: date, frequency: str, interval: int, until: date | None) -> Recurrence:
    """Return the rule of a series. Raises Invalid at the field that is wrong."""
    if frequency not in Frequency.values:
        raise Invalid(_("Choose how often the group meets."), "frequency")
    if not 1 <= interval <= SERIES_MAX_INTERVAL:
        raise Invalid(
            _("Enter a number from 1 to %(most)d.") % {"most": SERIES_MAX_INTERVAL}, "interval"
        )
    if until is not None and until.year > local_time.LAST_YEAR:
        raise Invalid(_("Enter a year up to %(last)d.") % {"last": local_time.LAST_YEAR}, "until")
    if until is not None and until < first:
        raise Invalid(_("The last date is before the first one."), "until")
    rule = Recurrence(first=first, frequency=frequency, interval=interval, until=until)
    if not rule.has(first):
        raise Invalid(
            _("The first date does not match how the series repeats."),
            "local_date",
        )
    return rule


def _check_several_days(first: date, until: date | None, interval: int, skipped: Skipped) -> None:
    """Raise Invalid for days that a meeting of several days cannot have."""
    if until is None or (until - first).days >= SEVERAL_DAYS_MAX:
        raise Invalid(
            _("A meeting can have at most %(most)d days.") % {"most": SEVERAL_DAYS_MAX}, "days"
        )
    if interval != 1 or skipped:
        raise Invalid(
            _("A meeting of several days takes place every day. Cancel a day that has no meeting."),
            "days",
        )


def _check_days(series: MeetingSeries, columns: dict[str, object]) -> None:
    """Raise Invalid for a change that would mix a series with a meeting of several days, or go on past
    the part that continues it.
    """
    if (columns["frequency"] == Frequency.DAILY) != series.is_several_days:
        raise Invalid(
            _("A series and a meeting of several days cannot become each other. Schedule another."),
            "frequency",
        )
    follower = series.continued_by.order_by("first_on").first()
    until = columns["until"]
    if follower is None or (isinstance(until, date) and until < follower.first_on):
        return
    if series.is_several_days:
        raise Invalid(
            _("The days after these were changed by themselves. Change them on their own page."),
            "days",
        )
    raise Invalid(
        _(
            "The meetings from %(day)s on were changed by themselves. Enter an earlier last date, or "
            "change those on their own page."
        )
        % {"day": day_words(follower.first_on)},
        "until",
    )


def lock_open(series: MeetingSeries | None) -> MeetingSeries:
    """Lock the series; return it as it is now. Raises WrongState when it has ended."""
    if series is None:
        raise WrongState(_("This meeting belongs to no series."))
    rows = MeetingSeries.objects.select_for_update(of=("self",), no_key=True)
    current: MeetingSeries = rows.select_related("group").get(pk=series.pk)
    if current.is_ended:
        raise WrongState(_("This series has ended. Schedule another one."))
    return current


def create_series(
    group: Group,
    columns: dict[str, object],
    skipped: Skipped,
    *,
    actor: Person,
    continues: MeetingSeries | None = None,
) -> MeetingSeries:
    """Create the row of a series; one that continues another takes its turns and agenda template."""
    uuid = new_uuid()
    series: MeetingSeries = MeetingSeries.objects.create(
        uuid=uuid,
        uid=own_uid(uuid),
        group=group,
        level=group.content_level,
        **{"rotation": continues.rotation if continues else None, **columns},
        continues=continues,
        # Who still sees the former series is told of the change.
        sequence=continues.sequence if continues else 0,
        first_part_id=continues.heading_id if continues and continues.is_several_days else None,
        created_by=actor,
    )
    _skip(series, skipped)
    if continues:
        copy_template(continues, series)
    return series


def _skip(series: MeetingSeries, skipped: Skipped) -> None:
    SkippedDay.objects.bulk_create(
        SkippedDay(series=series, day=day, reason=reason) for day, reason in dict(skipped).items()
    )


def split_series(
    series: MeetingSeries,
    first: date,
    columns: dict[str, object],
    skipped: Skipped,
    *,
    actor: Person,
) -> MeetingSeries:
    """End the series before `first`; return a new one that continues it."""
    series.until = first - timedelta(days=1)
    series.made_until = min(series.made_until or series.until, series.until)
    series.sequence += 1
    series.changed_at = timezone.now()
    series.save(update_fields=["until", "made_until", "sequence", "changed_at"])
    return create_series(series.group, columns, skipped, actor=actor, continues=series)


def rewrite_series(
    series: MeetingSeries, columns: dict[str, object], skipped: Skipped
) -> MeetingSeries:
    """Change a series none of whose meetings is before the change."""
    for name, value in columns.items():
        setattr(series, name, value)
    series.sequence += 1
    series.made_until = None
    series.changed_at = timezone.now()
    series.save(update_fields=[*columns, "sequence", "made_until", "changed_at"])
    series.skipped.all().delete()
    _skip(series, skipped)
    return series
