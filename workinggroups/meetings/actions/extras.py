"""Extra meetings of a series: one more date outside of its rule."""

from typing import Unpack

from django.db import transaction
from django.utils.translation import gettext as _

from common.access import viewer_for
from common.errors import Invalid, WrongState
from common.identifiers import new_uuid
from common.record.actions import record
from members.people.models import Person
from workinggroups.groups.actions.guards import lock_group, require_running
from workinggroups.meetings.actions.locking import index_meeting, notify_group
from workinggroups.meetings.actions.occurrences import DayKeys
from workinggroups.meetings.actions.planning import (
    MeetingDetails,
    checked_span,
    columns_of,
    meeting_facts,
    own_uid,
)
from workinggroups.meetings.actions.series import lock_open
from workinggroups.meetings.choices import SERIES_MAX_EXTRA, InSeries, MeetingAct
from workinggroups.meetings.models import Meeting, MeetingSeries
from workinggroups.meetings.notifications.meetings import MeetingPlanned
from workinggroups.meetings.permissions import can_plan_meeting


@transaction.atomic
def add_extra_meeting(
    *, actor: Person, series: MeetingSeries, **details: Unpack[MeetingDetails]
) -> Meeting:
    """Schedule one more meeting of the series, outside of its rule; notify the group.

    It has a calendar identity of its own, and a number from when it begins. A change of the series
    leaves its time and place alone; when the series ends, it is cancelled too. Locks the group.

    Raises NotAllowed, WrongState for a series that has ended and for a meeting of several days, and
    Invalid for an hour that a change of clocks skips or repeats.
    """
    starts_at, ends_at = checked_span(details)
    group = lock_group(series.group)
    can_plan_meeting.require(viewer_for(actor.pk), group)
    require_running(group)
    series = lock_open(series)
    if series.is_several_days:
        raise WrongState(_("To add a day, change the number of days of the meeting."))
    if series.meetings.beside_rule().upcoming().count() >= SERIES_MAX_EXTRA:
        raise Invalid(
            _("A series can have at most %(most)d coming extra meetings.")
            % {"most": SERIES_MAX_EXTRA}
        )
    uuid = new_uuid()
    meeting = Meeting.objects.create(
        uuid=uuid,
        uid=own_uid(uuid),
        day_key=DayKeys(group.pk).next(details["local_date"]),
        series=series,
        in_series=InSeries.EXTRA,
        group=group,
        level=group.content_level,
        **columns_of(details),
        starts_at=starts_at,
        ends_at=ends_at,
        created_by=actor,
    )
    index_meeting(meeting)
    record(actor, MeetingAct.PLANNED, meeting, facts=meeting_facts(meeting))
    notify_group(MeetingPlanned, meeting, actor=actor, cause=meeting.uuid)
    return meeting
