"""Working through the agenda in the meeting: one item at a time is begun, and ended."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from common.errors import WrongState
from members.people.models import Person
from workinggroups.meetings.actions.live import changed, hold, lock_for
from workinggroups.meetings.models import AgendaItem, Meeting
from workinggroups.meetings.permissions import can_run_meeting
from workinggroups.meetings.phases import LiveAct


@transaction.atomic
def begin_item(*, actor: Person, item: AgendaItem) -> AgendaItem:
    """Begin the item, or take it up again; the item that runs until now ends.

    Does nothing for an item that runs already. Raises WrongState for one that was removed. Locks the
    meeting; the unique constraint is the last guard against two running items.
    """
    meeting = lock_for(LiveAct.RUN_AGENDA, actor=actor, meeting=item.meeting, rule=can_run_meeting)
    item = _current(meeting, item)
    if item.is_running:
        return item
    now = timezone.now()
    for running in meeting.agenda.filter(begun_at__isnull=False, ended_at__isnull=True):
        _end(running, now)
    if item.begun_at and item.ended_at:
        item.spent_seconds += int((item.ended_at - item.begun_at).total_seconds())
    item.begun_at, item.ended_at = now, None
    item.save(update_fields=["begun_at", "ended_at", "spent_seconds"])
    hold(meeting)
    return item


@transaction.atomic
def end_item(*, actor: Person, item: AgendaItem) -> AgendaItem:
    """End the item. Does nothing for one that does not run. Locks the meeting."""
    meeting = lock_for(LiveAct.RUN_AGENDA, actor=actor, meeting=item.meeting, rule=can_run_meeting)
    item = _current(meeting, item)
    if item.is_running:
        _end(item, timezone.now())
        changed(meeting)
    return item


def _end(item: AgendaItem, now: datetime) -> None:
    item.ended_at = now
    item.save(update_fields=["ended_at"])


def _current(meeting: Meeting, item: AgendaItem) -> AgendaItem:
    current = meeting.agenda.filter(pk=item.pk).first()
    if current is None:
        raise WrongState(_("Someone removed this item from the agenda in the meantime."))
    return current
