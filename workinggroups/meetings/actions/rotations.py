"""Rotations: two or three series scheduled at once whose meetings take turns, each at its own hour.

A rotation has no row: its series have the same `rotation`. So calendars, feeds, answers and changes of
single meetings need nothing new. It can take the place of a series; then the meetings of that one keep
their dates where the rotation has them, with answers, agendas and files, and take its hours.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, time, timedelta
from heapq import merge
from typing import NotRequired, TypedDict, Unpack

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from common.access import viewer_for
from common.errors import Conflict, Invalid, WrongState
from common.identifiers import new_uuid
from common.record.actions import record
from members.people.models import Person
from notifications.actions import notify
from workinggroups.groups.actions.guards import lock_group, require_running
from workinggroups.groups.models import Group
from workinggroups.meetings import local_time
from workinggroups.meetings.actions.agenda_template import copy_template
from workinggroups.meetings.actions.check_in import take_back_early_check_ins
from workinggroups.meetings.actions.occurrences import make_ahead, original_date
from workinggroups.meetings.actions.polls import close_with_result, lock_poll, require_open
from workinggroups.meetings.actions.series import (
    Skipped,
    checked_columns,
    create_series,
    lock_open,
    rewrite_series,
    series_facts,
    split_series,
)
from workinggroups.meetings.actions.series_meetings import (
    cancel_rows,
    drop,
    lock_beside,
    lock_coming,
    place,
    save_row,
)
from workinggroups.meetings.choices import (
    ROTATION_MAX_TIMES,
    SERIES_MAX_INTERVAL,
    Frequency,
    MeetingState,
    SeriesAct,
    SeriesState,
)
from workinggroups.meetings.models import Meeting, MeetingSeries, TimePoll
from workinggroups.meetings.notifications.series import RotationPlanned, SeriesEnded
from workinggroups.meetings.permissions import can_edit_poll, can_end_series, can_plan_meeting
from workinggroups.meetings.recurrence import Recurrence, moment_of

LocalStart = tuple[date, time]


class RotationDetails(TypedDict):
    """`times` is the first meeting at each time, in order; the group meets every so many `weeks`."""

    title: str
    times: Sequence[LocalStart]
    weeks: int
    zone: str
    duration_minutes: int
    until: NotRequired[date | None]
    place: NotRequired[str]
    join_url: NotRequired[str]


@transaction.atomic
def plan_rotation(
    *,
    actor: Person,
    group: Group,
    skipped: Skipped = (),
    replaces: MeetingSeries | None = None,
    sequence: int = 0,
    poll: TimePoll | None = None,
    **details: Unpack[RotationDetails],
) -> list[MeetingSeries]:
    """Schedule one, two or three series that take turns; notify the group once. Return them in order.

    Locks the group, then `poll`, in which these times are then chosen, then `replaces`, which ends
    before the first date and whose later meetings go on in the new series. `sequence` is that of
    `replaces` which the actor has seen. Raises NotAllowed; Conflict when it has changed since;
    WrongState for a poll or series that has ended; Invalid at the field that is wrong.
    """
    all_columns = _checked_turns(details, skipped)
    group = lock_group(group)
    viewer = viewer_for(actor.pk)
    can_plan_meeting.require(viewer, group)
    require_running(group)
    if poll is not None:
        poll = lock_poll(poll)
        can_edit_poll.require(viewer, poll)
        require_open(poll)
    rows: list[Meeting] = []
    first = details["times"][0][0]
    if replaces is None:
        planned = [create_series(group, columns, skipped, actor=actor) for columns in all_columns]
    else:
        replaced = _lock_replaced(replaces, group, sequence)
        rows = lock_coming(replaced, recurrence_id__gte=f"{first:%Y%m%d}")
        planned = _put_in_place(actor, replaced, all_columns, skipped)
        _assign(rows, planned, actor)
        take_back_early_check_ins(rows)
    for series in planned:
        make_ahead(series)
        record(actor, SeriesAct.PLANNED, series, facts=series_facts(series))
    if poll is not None:
        chosen = [each for each in poll.options.all() if each.local_start in details["times"]]
        close_with_result(actor=actor, poll=poll, options=chosen, series=planned[0])
    notify(
        RotationPlanned(group=group.pk, series=str(planned[0].uuid)),
        cause=planned[0].uuid,
        actor=actor,
        scope_uuid=group.uuid,
    )
    return planned


@transaction.atomic
def end_rotation(*, actor: Person, series: MeetingSeries, reason: str) -> list[MeetingSeries]:
    """Cancel all coming meetings of the series that take turns with this one; notify the group once.

    Raises NotAllowed, Invalid without a reason, WrongState when this one has ended.
    """
    reason = reason.strip()
    if not reason:
        raise Invalid(_("Give a reason. It is shown on the page and in the e-mail."), "reason")
    group = lock_group(series.group)
    can_end_series.require(viewer_for(actor.pk), series)
    lock_open(series)
    together = MeetingSeries.objects.in_turns_with(series)
    ended = list(together.select_for_update(no_key=True))
    for each in ended:
        each.group = group
        rows = [*lock_coming(each, state=MeetingState.PLANNED), *lock_beside(each)]
        cancel_rows(rows, actor=actor, reason=reason)
        take_back_early_check_ins(rows)
        each.state, each.ended_reason = SeriesState.ENDED, reason
        if each.made_until:
            each.until = min(each.until or each.made_until, each.made_until)
        each.sequence += 1
        each.changed_at = timezone.now()
        each.save(update_fields=["state", "ended_reason", "until", "sequence", "changed_at"])
        record(actor, SeriesAct.ENDED, each, facts=series_facts(each))
    notify(
        SeriesEnded(group=group.pk, series=str(series.uuid)),
        cause=series.uuid,
        actor=actor,
        scope_uuid=group.uuid,
    )
    return ended


def _checked_turns(details: RotationDetails, skipped: Skipped) -> list[dict[str, object]]:
    """Return the columns of each series. Raises Invalid at the field that is wrong."""
    times, weeks = list(details["times"]), details["weeks"]
    if not 1 <= len(times) <= ROTATION_MAX_TIMES:
        raise Invalid(_("Choose one to %(most)d times.") % {"most": ROTATION_MAX_TIMES}, "times")
    if weeks < 1 or weeks * len(times) > SERIES_MAX_INTERVAL:
        raise Invalid(
            _("Each time can come again after at most %(most)d weeks.")
            % {"most": SERIES_MAX_INTERVAL},
            "weeks",
        )
    days = [day for day, _at in times]
    for day in days:
        local_time.check_year(day)
    is_over = days[-1] >= days[0] + timedelta(weeks=weeks * len(times))
    if days != sorted(set(days)) or is_over:
        raise Invalid(_("The first dates of the times do not follow each other in turn."), "times")
    rotation = new_uuid() if len(times) > 1 else None
    all_columns = [
        {
            **checked_columns(
                {
                    "title": details["title"],
                    "first_on": day,
                    "local_time": at,
                    "zone": details["zone"],
                    "duration_minutes": details["duration_minutes"],
                    "frequency": Frequency.WEEKLY,
                    "interval": weeks * len(times),
                    "until": details.get("until"),
                    "place": details.get("place", ""),
                    "join_url": details.get("join_url", ""),
                },
                skipped,
            ),
            "rotation": rotation,
        }
        for day, at in times
    ]
    zone = local_time.zone_of_record(details["zone"])
    if moment_of(*times[0], zone) <= timezone.now():
        raise Invalid(_("The first date is in the past."), "times")
    return all_columns


def _lock_replaced(series: MeetingSeries, group: Group, sequence: int) -> MeetingSeries:
    """Lock the series that the rotation takes the place of; return it as it is now."""
    series = lock_open(series)
    if series.group_id != group.pk:
        raise WrongState(_("This series belongs to another group."))
    if series.is_several_days:
        raise WrongState(_("A meeting of several days takes no turns."))
    if series.rotation is not None:
        raise WrongState(_("This series takes turns with others already. End them first."))
    if series.sequence != sequence:
        raise Conflict(
            _("Someone changed this series while you were editing. Check its dates first.")
        )
    return series


def _put_in_place(
    actor: Person,
    replaced: MeetingSeries,
    all_columns: Sequence[dict[str, object]],
    skipped: Skipped,
) -> list[MeetingSeries]:
    """End the series before the first date of the rotation; return the series of the rotation.

    A series of which nothing is before that date becomes the first of the rotation instead.
    """
    first, *others = all_columns
    day = first["first_on"]
    assert isinstance(day, date)
    if replaced.until is not None and replaced.until < day:
        begun = create_series(replaced.group, first, skipped, actor=actor, continues=replaced)
    elif day > replaced.first_on:
        begun = split_series(replaced, day, first, skipped, actor=actor)
    else:
        begun = rewrite_series(replaced, first, skipped)
    more = [
        create_series(replaced.group, columns, skipped, actor=actor, continues=begun.continues)
        for columns in others
    ]
    if begun.continues is None:
        for series in more:
            copy_template(begun, series)
    return [begun, *more]


def _assign(rows: Sequence[Meeting], planned: Sequence[MeetingSeries], actor: Person) -> None:
    """Give each meeting of the replaced series its date and hour in the rotation.

    Where all their dates are dates of the rotation each keeps its own; else they take its dates in
    order. One that finds no date is cancelled with the reason.
    """
    skipped = dict(planned[0].skipped.values_list("day", "reason"))
    rules = [(replace(each.recurrence, until=None), each) for each in planned]
    places = {row.pk: _on_day(rules, original_date(row)) for row in rows}
    if None in places.values():
        places = dict(zip((row.pk for row in rows), _in_order(rules, skipped), strict=False))
    for row in rows:
        place_in_rotation = places.get(row.pk)
        if place_in_rotation is None or _is_after_end(*place_in_rotation):
            drop(row, planned[0], actor=actor)
            continue
        day, series = place_in_rotation
        place(row, series, day)
        save_row(row)
        if day in skipped:
            cancel_rows([row], actor=actor, reason=skipped[day] or _("The series skips this date."))


def _is_after_end(day: date, series: MeetingSeries) -> bool:
    return series.until is not None and day > series.until


def _on_day(
    rules: Sequence[tuple[Recurrence, MeetingSeries]], day: date
) -> tuple[date, MeetingSeries] | None:
    """Return the day with the series that meets on it; None if none does."""
    return next(((day, series) for rule, series in rules if rule.has(day)), None)


def _in_order(
    rules: Sequence[tuple[Recurrence, MeetingSeries]], skipped: Mapping[date, str]
) -> Iterator[tuple[date, MeetingSeries]]:
    """Yield all dates of the rotation in order, each with its series."""
    turns = [_dates_of(rule, turn) for turn, (rule, _series) in enumerate(rules)]
    for day, turn in merge(*turns):
        if day not in skipped:
            yield day, rules[turn][1]


def _dates_of(rule: Recurrence, turn: int) -> Iterator[tuple[date, int]]:
    for day in rule.dates():
        yield day, turn
