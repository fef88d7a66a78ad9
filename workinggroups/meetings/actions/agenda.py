"""Writing the agenda, and posting it so that everybody can prepare."""

from collections.abc import Sequence
from typing import NotRequired, TypedDict, Unpack

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from common.access import viewer_for
from common.errors import Invalid, WrongState
from common.record.actions import record
from members.people.models import Person
from workinggroups.attachments.actions import remove_with
from workinggroups.meetings.actions.agenda_points import point_columns, renumber
from workinggroups.meetings.actions.agenda_template import begin_agenda
from workinggroups.meetings.actions.locking import (
    lock_meeting,
    notify_group,
    refuse_approved,
    refuse_cancelled,
    touch,
)
from workinggroups.meetings.choices import AGENDA_MAX_ITEMS, MeetingAct
from workinggroups.meetings.models import AgendaItem, AgendaProposal, Meeting
from workinggroups.meetings.notifications.agenda import AgendaPosted
from workinggroups.meetings.permissions import can_edit_meeting


class ItemDetails(TypedDict):
    """What an agenda item says; by default it is to discuss. `text` is Markdown."""

    title: str
    goal: NotRequired[str]
    minutes: NotRequired[int | None]
    presenter: NotRequired[Person | None]
    text: NotRequired[str]


@transaction.atomic
def add_agenda_item(
    *, actor: Person, meeting: Meeting, **details: Unpack[ItemDetails]
) -> AgendaItem:
    """Add an item at the end of the agenda."""
    return add_agenda_items(actor=actor, meeting=meeting, items=[details])[0]


@transaction.atomic
def add_agenda_items(
    *, actor: Person, meeting: Meeting, items: Sequence[ItemDetails]
) -> list[AgendaItem]:
    """Add these items, in order, at the end of the agenda: all of them, or none if one is refused.

    Raises NotAllowed, WrongState, and Invalid for more items than an agenda can have.
    """
    columns = [point_columns(details) for details in items]
    meeting = lock_open(actor=actor, meeting=meeting)
    added = append_items(meeting, [AgendaItem(**each) for each in columns])
    touch(meeting)
    return added


def append_items(meeting: Meeting, items: Sequence[AgendaItem]) -> list[AgendaItem]:
    """Save these items at the end of the agenda, which begins with the template of the series.

    The caller has locked the meeting.
    """
    begin_agenda(meeting)
    count = meeting.agenda.count()
    if count + len(items) > AGENDA_MAX_ITEMS:
        message = _("An agenda can have at most %(count)d items. Combine some of them.")
        raise Invalid(message % {"count": AGENDA_MAX_ITEMS}, "title")
    for position, item in enumerate(items, start=count + 1):
        item.meeting, item.position = meeting, position
    return AgendaItem.objects.bulk_create(items)


@transaction.atomic
def change_agenda_item(
    *, actor: Person, item: AgendaItem, **details: Unpack[ItemDetails]
) -> AgendaItem:
    """Change these details of the item; it keeps its place."""
    columns = point_columns(details)
    meeting = lock_open(actor=actor, meeting=item.meeting)
    item = current_item(meeting, item)
    for name, value in columns.items():
        setattr(item, name, value)
    item.save(update_fields=columns.keys())
    touch(meeting)
    return item


@transaction.atomic
def move_agenda_item(*, actor: Person, item: AgendaItem, places: int) -> None:
    """Move the item down by `places`, or up where negative, at most to the end of the agenda."""
    meeting = lock_open(actor=actor, meeting=item.meeting)
    item = current_item(meeting, item)
    order = list(meeting.agenda.all())
    at = order.index(item)
    order.insert(max(at + places, 0), order.pop(at))
    renumber(order)
    touch(meeting)


@transaction.atomic
def remove_agenda_item(*, actor: Person, item: AgendaItem) -> None:
    """Remove the item with its papers and files; the items after it move up.

    A proposal from which it came stays accepted.
    """
    meeting = lock_open(actor=actor, meeting=item.meeting)
    item = current_item(meeting, item)
    remove_with(actor=actor, kind="agenda_item", uuid=item.uuid, recorded_of=meeting)
    item.papers.all().delete()
    AgendaProposal.objects.filter(item=item).update(item=None)
    item.delete()
    renumber(list(meeting.agenda.all()))
    touch(meeting)


@transaction.atomic
def post_agenda(*, actor: Person, meeting: Meeting) -> Meeting:
    """Record the agenda as posted and notify the group; it can be posted again after changes."""
    meeting = lock_open(actor=actor, meeting=meeting)
    if meeting.is_over:
        raise WrongState(_("This meeting is over, so its agenda can no longer be posted."))
    begin_agenda(meeting)
    count = meeting.agenda.count()
    if count == 0:
        raise WrongState(_("The agenda is empty. Add an item first."))
    meeting.agenda_posted_at = timezone.now()
    touch(meeting, "agenda_posted_at")
    facts = {"items": count, "version": meeting.version}
    record(actor, MeetingAct.AGENDA_POSTED, meeting, facts=facts)
    notify_group(AgendaPosted, meeting, actor=actor, cause=f"{meeting.uuid}:{meeting.version}")
    return meeting


def lock_open(*, actor: Person, meeting: Meeting) -> Meeting:
    """Lock the meeting; return it if the actor can change its agenda now."""
    meeting = lock_meeting(meeting)
    can_edit_meeting.require(viewer_for(actor.pk), meeting)
    refuse_cancelled(meeting)
    refuse_approved(meeting)
    return meeting


def current_item(meeting: Meeting, item: AgendaItem) -> AgendaItem:
    """Return the item as it is now. Raises WrongState when it was removed in the meantime."""
    current = meeting.agenda.filter(pk=item.pk).first()
    if current is None:
        raise WrongState(_("Someone removed this item from the agenda in the meantime."))
    return current
