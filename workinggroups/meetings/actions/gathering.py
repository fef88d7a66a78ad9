"""Gathering meetings that were scheduled singly into a series."""

from collections.abc import Iterable, Sequence
from typing import Unpack

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from common.access import viewer_for
from common.errors import Conflict, Invalid
from common.record.actions import record
from members.people.models import Person
from notifications.actions import notify
from workinggroups.groups.actions.guards import lock_group, require_running
from workinggroups.groups.models import Group
from workinggroups.meetings import local_time
from workinggroups.meetings.actions.occurrences import make_ahead
from workinggroups.meetings.actions.series import (
    SeriesDetails,
    Skipped,
    check_rule,
    checked_columns,
    create_series,
    series_facts,
)
from workinggroups.meetings.choices import (
    GATHERED_MAX,
    SERIES_MAX_EXTRA,
    SERIES_MAX_SKIPPED,
    Frequency,
    InSeries,
    MeetingState,
    SeriesAct,
)
from workinggroups.meetings.gathering import Common, Fate, Gathered, Gathering, gather
from workinggroups.meetings.models import Meeting, MeetingSeries
from workinggroups.meetings.models.series import recurrence_id
from workinggroups.meetings.notifications.series import SeriesGathered
from workinggroups.meetings.permissions import can_plan_meeting

CHANGED = (
    "series", "in_series", "recurrence_id", "keeps_uid", "follows_series", "version", "changed_at",
)  # fmt: skip


def preview_gathering(
    meetings: Sequence[Meeting], *, skipped: Skipped = (), **details: Unpack[SeriesDetails]
) -> Gathering:
    """Return what `gather_meetings` would do now. Raises Invalid as it does."""
    checked_columns(details, skipped)
    _check_chosen(meetings)
    common = _common(details, skipped)
    gathering = gather(meetings, common, timezone.now())
    _check_bounds(gathering, skipped)
    return gathering


@transaction.atomic
def gather_meetings(
    *,
    actor: Person,
    group: Group,
    meetings: Sequence[Meeting],
    seen: str,
    skipped: Skipped = (),
    **details: Unpack[SeriesDetails],
) -> MeetingSeries:
    """Make meetings of the group that belong to no series the meetings of a new one; notify it once.

    Each keeps its time, place, number, address, answers, agenda, files, minutes and calendar identity
    (`uid`). What becomes of each is decided by `gathering.gather`. Dates of the rule that passed
    without a meeting are skipped, later ones get new meetings.

    `seen` is the token of the preview that the actor has seen. Raises Conflict when something else
    would be done now, or when a meeting was cancelled or gathered in the meantime; NotAllowed;
    Invalid for a rule that cannot be, and for too many meetings. Locks the group, then the meetings.
    """
    columns = checked_columns(details, skipped)
    group = lock_group(group)
    can_plan_meeting.require(viewer_for(actor.pk), group)
    require_running(group)
    rows = _lock_single(group, meetings)
    gathering = preview_gathering(rows, skipped=skipped, **details)
    if gathering.token != seen:
        raise Conflict(
            _("Something changed since the preview. Check what will happen, then save again.")
        )
    all_skipped = [*skipped, *((day, "") for day in gathering.passed)]
    series = create_series(group, columns, all_skipped, actor=actor)
    _put_in(series, gathering.meetings)
    make_ahead(series)
    facts = {**series_facts(series), "meetings": len(rows)}
    record(actor, SeriesAct.GATHERED, series, facts=facts)
    notify(
        SeriesGathered(group=group.pk, series=str(series.uuid)),
        cause=series.uuid,
        actor=actor,
        scope_uuid=group.uuid,
    )
    return series


def _check_chosen(meetings: Sequence[Meeting]) -> None:
    if len(meetings) < 2:
        raise Invalid(_("Choose at least two meetings."))
    if len(meetings) > GATHERED_MAX:
        raise Invalid(_("Choose at most %(most)d meetings.") % {"most": GATHERED_MAX})


def _check_bounds(gathering: Gathering, skipped: Skipped) -> None:
    """Raise Invalid for a rule to which the meetings do not fit at all."""
    if len(dict(skipped)) + len(gathering.passed) > SERIES_MAX_SKIPPED:
        raise Invalid(
            _(
                "More than %(most)d dates of this series have passed without a meeting. Choose a later "
                "first date, or a series that meets less often."
            )
            % {"most": SERIES_MAX_SKIPPED},
            "interval",
        )
    extra = [one for one in gathering.meetings if one.fate == Fate.EXTRA]
    if len(extra) == len(gathering.meetings):
        raise Invalid(
            _("None of the meetings is on or near a date of this series. Change how it repeats."),
            "frequency",
        )
    if sum(not one.meeting.is_over for one in extra) > SERIES_MAX_EXTRA:
        raise Invalid(
            _("A series can have at most %(most)d coming extra meetings.")
            % {"most": SERIES_MAX_EXTRA},
            "frequency",
        )


def _lock_single(group: Group, meetings: Iterable[Meeting]) -> list[Meeting]:
    """Lock the meetings; return them as they are now. Raises Conflict for one that no longer is single."""
    chosen = Meeting.objects.filter(group=group, pk__in=[one.pk for one in meetings])
    rows = list(chosen.select_for_update(of=("self",), no_key=True).order_by("pk"))
    for row in rows:
        row.group = group
        if row.series_id is not None:
            raise Conflict(
                _("“%(meeting)s” belongs to a series by now. Choose the meetings again.")
                % {"meeting": row.name_and_day}
            )
        if row.state == MeetingState.CANCELLED:
            raise Conflict(
                _("“%(meeting)s” was cancelled in the meantime. Choose the meetings again.")
                % {"meeting": row.name_and_day}
            )
    return rows


def _common(details: SeriesDetails, skipped: Skipped) -> Common:
    if details["frequency"] == Frequency.DAILY:
        raise Invalid(_("Choose how often the group meets."), "frequency")
    return Common(
        title=details["title"],
        recurrence=check_rule(
            details["first_on"],
            details["frequency"],
            details.get("interval", 1),
            details.get("until"),
        ),
        local_time=details["local_time"].replace(second=0, microsecond=0),
        zone=local_time.zone_of_record(details["zone"]),
        duration_minutes=details["duration_minutes"],
        place=details.get("place", ""),
        join_url=details.get("join_url", ""),
        skipped=frozenset(dict(skipped)),
    )


def _put_in(series: MeetingSeries, gathered: Iterable[Gathered]) -> None:
    """Give the meetings their places in the series; nothing else of them changes."""
    now = timezone.now()
    rows = []
    for one in gathered:
        row = one.meeting
        row.series = series
        row.in_series = InSeries.EXTRA if one.day is None else InSeries.DATE
        if one.day is not None:
            row.recurrence_id = recurrence_id(one.day, series.local_time)
            row.keeps_uid = True
            row.follows_series = one.fate == Fate.FOLLOWS
        row.version += 1
        row.changed_at = now
        rows.append(row)
    Meeting.objects.bulk_update(rows, CHANGED)
