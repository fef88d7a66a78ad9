"""The guests of a meeting: added, removed, and their names erased."""

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from common.access import viewer_for
from common.errors import Invalid, WrongState
from common.names import equality_key
from common.record.actions import record
from common.unseen import refuse_unseen
from members.people.models import Person
from workinggroups.meetings.actions.live import changed, hold, lock_for
from workinggroups.meetings.actions.locking import lock_meeting
from workinggroups.meetings.choices import GUESTS_MAX, MeetingAct
from workinggroups.meetings.documents import forget_documents
from workinggroups.meetings.models import Guest, Meeting
from workinggroups.meetings.permissions import can_anonymise_guest, can_manage_guests
from workinggroups.meetings.phases import LiveAct


@transaction.atomic
def add_guest(*, actor: Person, meeting: Meeting, name: str, affiliation: str) -> Guest:
    """Write down a guest by name and affiliation; "" for an affiliation that is not known.

    Raises Invalid without a name, for a guest who is on the list already, and beyond GUESTS_MAX.
    Locks the meeting.
    """
    meeting = lock_for(LiveAct.ADD_GUESTS, actor=actor, meeting=meeting, rule=can_manage_guests)
    guest = insert_guest(actor=actor, meeting=meeting, name=name, affiliation=affiliation)
    record(actor, MeetingAct.GUEST_ADDED, meeting, facts={"guest": guest.uuid})
    hold(meeting)
    return guest


def insert_guest(*, actor: Person, meeting: Meeting, name: str, affiliation: str) -> Guest:
    """Insert the row of a guest. The caller has checked the right and holds the lock."""
    inserted = insert_guests(actor=actor, meeting=meeting, guests=[(name, affiliation)])
    if not inserted:
        message = _("%(name)s is already on the list of guests.")
        raise Invalid(message % {"name": " ".join(name.split())}, "name")
    return inserted[0]


def insert_guests(
    *, actor: Person, meeting: Meeting, guests: Iterable[tuple[str, str]]
) -> list[Guest]:
    """Insert guests by name and affiliation, without those who are on the list already.

    The caller has checked the right and holds the lock. Raises Invalid as `add_guest` does. Two
    queries.
    """
    listed = list(meeting.guests.all())
    known = {(equality_key(each.name), equality_key(each.affiliation)) for each in listed}
    rows: list[Guest] = []
    for name, affiliation in guests:
        name, affiliation = " ".join(name.split()), " ".join(affiliation.split())
        if not name:
            raise Invalid(_("Enter the name of the guest."), "name")
        refuse_unseen(name=name, affiliation=affiliation)
        key = (equality_key(name), equality_key(affiliation))
        if key not in known:
            known.add(key)
            rows.append(Guest(meeting=meeting, name=name, affiliation=affiliation, added_by=actor))
    if rows and len(listed) + len(rows) > GUESTS_MAX:
        message = _("A meeting can have at most %(most)d guests.")
        raise Invalid(message % {"most": GUESTS_MAX}, "name")
    return Guest.objects.bulk_create(rows)


@transaction.atomic
def remove_guest(*, actor: Person, guest: Guest) -> None:
    """Remove a guest who was added by mistake, and every PDF with the name.

    Does nothing if the guest is gone already.
    """
    meeting = lock_for(
        LiveAct.ADD_GUESTS, actor=actor, meeting=guest.meeting, rule=can_manage_guests
    )
    removed, _by_model = Guest.objects.filter(pk=guest.pk).delete()
    if removed:
        forget_documents(meeting)
        record(actor, MeetingAct.GUEST_REMOVED, meeting, facts={"guest": guest.uuid})
        changed(meeting)


@transaction.atomic
def anonymise_guest(*, actor: Person, guest: Guest) -> Guest:
    """Erase the name of a guest for good, as a person can ask; the affiliation stays.

    Also from every PDF, and once the minutes are approved. Raises WrongState when it is erased already.
    """
    meeting = lock_meeting(guest.meeting)
    can_anonymise_guest.require(viewer_for(actor.pk), guest)
    current: Guest | None = (
        meeting.guests.select_for_update(no_key=True).filter(pk=guest.pk).first()
    )
    if current is None:
        raise WrongState(_("Someone removed this guest in the meantime."))
    guest = current
    if guest.is_anonymised:
        raise WrongState(_("The name of this guest has already been removed."))
    guest.name, guest.anonymised_at, guest.anonymised_by = "", timezone.now(), actor
    guest.save(update_fields=["name", "anonymised_at", "anonymised_by"])
    forget_documents(meeting)
    record(actor, MeetingAct.GUEST_ANONYMISED, meeting, facts={"guest": guest.uuid})
    changed(meeting)
    return guest
