"""Importing a series from the calendar file of another system."""

import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from common.access import viewer_for
from common.errors import Conflict, Invalid
from common.identifiers import new_uuid
from common.record.actions import record
from members.people.models import Person
from notifications.actions import notify
from workinggroups.groups.actions.guards import lock_group, require_running
from workinggroups.groups.models import Group
from workinggroups.meetings.actions.agenda_template import add_template_items
from workinggroups.meetings.actions.days import number_days
from workinggroups.meetings.actions.locking import index_meeting
from workinggroups.meetings.actions.occurrences import DayKeys, make_ahead
from workinggroups.meetings.actions.planning import own_uid
from workinggroups.meetings.actions.series import (
    SeriesDetails,
    checked_columns,
    create_series,
    series_facts,
)
from workinggroups.meetings.choices import (
    SERIES_MAX_EXTRA,
    Goal,
    InSeries,
    MeetingState,
    SeriesAct,
)
from workinggroups.meetings.imported_series import ChangedDate, ImportedSeries
from workinggroups.meetings.models import Meeting, MeetingSeries
from workinggroups.meetings.models.series import recurrence_id
from workinggroups.meetings.notifications.series import SeriesPlanned
from workinggroups.meetings.permissions import can_plan_meeting
from workinggroups.meetings.queries.series import imported_already
from workinggroups.meetings.recurrence import moment_of

# Each of these can mean something in Markdown, and with a backslash is itself.
PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")


@transaction.atomic
def import_series(
    *, actor: Person, group: Group, imported: ImportedSeries, with_past: bool = False
) -> MeetingSeries:
    """Schedule the meetings of a series from a calendar file; notify the group once.

    It begins with the first date that has not passed. With `with_past`, up to IMPORT_MAX_PAST earlier
    dates become meetings that were entered afterwards. Dates that were moved or cancelled in the file
    are so here, additional ones are extra meetings. The description becomes the first item of the agenda
    template, as text. Locks the group.

    Raises NotAllowed; Conflict for a series that the group has imported, or that is from here; Invalid
    for a series that cannot be taken over.
    """
    if imported.problem or imported.recurrence is None:
        raise Invalid(imported.problem)
    now = timezone.now()
    first = imported.first_on(now, with_past=with_past)
    details: SeriesDetails = {
        "title": imported.title,
        "first_on": first,
        "local_time": imported.local_time,
        "zone": imported.zone,
        "duration_minutes": imported.duration_minutes,
        "frequency": imported.recurrence.frequency,
        "interval": imported.recurrence.interval,
        "until": imported.recurrence.until,
        "place": imported.place,
        "join_url": imported.join_url,
    }
    changed = [one for one in imported.exceptions if one.day >= first]
    early = [] if with_past else [one for one in changed if one.starts_at <= now]
    skipped = [(day, "") for day in imported.skipped if day >= first]
    skipped += [(one.day, "") for one in early]
    columns = checked_columns(details, skipped)
    group = lock_group(group)
    can_plan_meeting.require(viewer_for(actor.pk), group)
    require_running(group)
    if imported_already(group, imported.uids):
        raise Conflict(_("This series is already in the group."))
    columns["imported_uid"] = imported.uid
    series = create_series(group, columns, skipped, actor=actor)
    _make_changed(series, [one for one in changed if one not in early], actor, now)
    _make_extra(series, imported, actor, now)
    make_ahead(series)
    number_days(series)
    _enter_past(series, now)
    if imported.description:
        text = PUNCTUATION.sub(r"\\\1", imported.description)
        item_title = str(_("About this meeting"))
        add_template_items(
            actor=actor,
            series=series,
            items=[{"title": item_title, "goal": Goal.INFORM, "text": text}],
        )
    record(actor, SeriesAct.PLANNED, series, facts=series_facts(series))
    notify(
        SeriesPlanned(group=group.pk, series=str(series.uuid)),
        cause=series.uuid,
        actor=actor,
        scope_uuid=group.uuid,
    )
    return series


def _make_changed(
    series: MeetingSeries, changed: Iterable[ChangedDate], actor: Person, now: datetime
) -> None:
    """Make the meetings that were changed by themselves, also those beyond the horizon."""
    keys = DayKeys(series.group_id)
    rows = []
    for one in changed:
        row = _row(series, one, actor)
        row.uid, row.in_series = series.uid, InSeries.DATE
        row.recurrence_id = recurrence_id(one.day, series.local_time)
        row.day_key = keys.next(one.day)
        usual = moment_of(one.day, series.local_time, series.zone_info)
        row.moved_from = usual if usual != one.starts_at else None
        if one.is_cancelled:
            row.state, row.cancelled_at, row.cancelled_by = MeetingState.CANCELLED, now, actor
            row.cancelled_reason = _("Cancelled in the imported calendar.")
        rows.append(row)
    Meeting.objects.bulk_create(rows)


def _make_extra(
    series: MeetingSeries, imported: ImportedSeries, actor: Person, now: datetime
) -> None:
    """Make extra meetings of the additional dates that come, and of dates moved to after now."""
    moved = [
        one for one in imported.exceptions if one.day < series.first_on and not one.is_cancelled
    ]
    coming = [one for one in [*imported.extra, *moved] if one.starts_at > now]
    if len(coming) > SERIES_MAX_EXTRA:
        raise Invalid(
            _("A series can have at most %(most)d coming extra meetings.")
            % {"most": SERIES_MAX_EXTRA}
        )
    keys = DayKeys(series.group_id)
    rows = []
    for one in coming:
        row = _row(series, one, actor)
        row.uid, row.in_series = own_uid(row.uuid), InSeries.EXTRA
        row.day_key = keys.next(row.local_date)
        rows.append(row)
    for row in Meeting.objects.bulk_create(rows):
        index_meeting(row)


def _enter_past(series: MeetingSeries, now: datetime) -> None:
    """Let meetings that are over be held ones that were entered afterwards."""
    over = series.meetings.filter(ends_at__lte=now, state=MeetingState.PLANNED)
    over.update(state=MeetingState.HELD, entered_at=now)


def _row(series: MeetingSeries, one: ChangedDate, actor: Person) -> Meeting:
    local = one.starts_at.astimezone(ZoneInfo(one.zone))
    return Meeting(
        uuid=new_uuid(),
        series=series,
        group=series.group,
        level=series.group.content_level,
        title=one.title,
        local_date=local.date(),
        local_time=local.time(),
        fold=local.fold,
        zone=one.zone,
        duration_minutes=one.duration_minutes,
        starts_at=one.starts_at,
        ends_at=one.starts_at + timedelta(minutes=one.duration_minutes),
        place=one.place,
        join_url=one.join_url,
        created_by=actor,
    )
