"""Attendance from the list of a video call: who was present, and guests, recorded in one act."""

from collections.abc import Collection
from typing import NamedTuple

from django.db import transaction

from common.access import viewer_for
from members.people.models import Person
from workinggroups.meetings.actions.attendance import note_recorded, write_rows
from workinggroups.meetings.actions.guests import insert_guests
from workinggroups.meetings.actions.live import lock_for
from workinggroups.meetings.actions.locking import refuse_approved
from workinggroups.meetings.choices import PresenceSource
from workinggroups.meetings.models import Meeting
from workinggroups.meetings.permissions import can_manage_guests, can_record_attendance
from workinggroups.meetings.phases import LiveAct


class Imported(NamedTuple):
    """How many people became present, and how many guests were added."""

    people: int
    guests: int


@transaction.atomic
def import_attendance(
    *,
    actor: Person,
    meeting: Meeting,
    present: Collection[int],
    guests: Collection[tuple[str, str]],
) -> Imported:
    """Record people (ids) as present, and add guests by name and affiliation; nobody becomes absent.

    Who is present already, or on the list of guests, stays as recorded, so the same list can be
    imported again. People without a seat count only if they are in the attendance already. Recorded
    once, and not at all where nothing changes. Raises Invalid as `add_guest` does. Locks the meeting.
    """
    rule = can_record_attendance
    meeting = lock_for(LiveAct.RECORD_OTHERS, actor=actor, meeting=meeting, rule=rule)
    can_manage_guests.require(viewer_for(actor.pk), meeting)
    refuse_approved(meeting)
    people = write_rows(meeting, present, present, PresenceSource.IMPORTED)
    added = insert_guests(actor=actor, meeting=meeting, guests=guests)
    if people or added:
        uuids = [guest.uuid for guest in added]
        note_recorded(actor=actor, meeting=meeting, imported=people, guests=uuids)
    return Imported(people, len(added))
