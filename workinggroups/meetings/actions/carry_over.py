"""Carrying over to an agenda what earlier meetings left open."""

from collections.abc import Collection

from django.db import transaction
from django.utils.translation import gettext as _

from common.errors import Invalid, WrongState
from common.record.actions import record
from members.people.models import Person
from workinggroups.meetings.actions.agenda import append_items, lock_open
from workinggroups.meetings.actions.agenda_points import point_columns
from workinggroups.meetings.actions.locking import touch
from workinggroups.meetings.actions.papers import give_papers
from workinggroups.meetings.carrying import Offer, last_meeting_before, offers_for
from workinggroups.meetings.choices import MeetingAct
from workinggroups.meetings.models import AgendaItem, Meeting


@transaction.atomic
def carry_over(*, actor: Person, meeting: Meeting, chosen: Collection[str]) -> list[AgendaItem]:
    """Add what was chosen, by `Offer.key`, to the end of the agenda, in the order of the offers.

    What is on the agenda already, or is no longer open, is left out: of two requests at once, one adds
    it. Locks the meeting, and records how many items came from which meeting.

    Raises NotAllowed, WrongState for a meeting that is over, and Invalid if nothing was chosen or for
    more items than an agenda can have.
    """
    meeting = lock_open(actor=actor, meeting=meeting)
    if meeting.is_over:
        raise WrongState(_("This meeting is over. Carry the items over to a coming one."))
    if not chosen:
        raise Invalid(_("Choose at least one item."))
    last = last_meeting_before(meeting)
    offers = [offer for offer in offers_for(meeting, last) if offer.key in chosen]
    if not offers:
        return []
    added = append_items(meeting, [_item(offer) for offer in offers])
    give_papers(list(zip(added, offers, strict=True)), actor=actor)
    touch(meeting)
    assert last is not None  # else there were no offers
    facts = {"items": len(added), "from": str(last.uuid)}
    record(actor, MeetingAct.CARRIED_OVER, meeting, facts=facts)
    return added


def _item(offer: Offer) -> AgendaItem:
    columns = point_columns(
        {
            "title": offer.title,
            "goal": offer.goal,
            "minutes": offer.minutes,
            "presenter": offer.presenter,
            "text": offer.text,
        }
    )
    return AgendaItem(**columns, carried_kind=offer.kind, carried_uuid=offer.uuid)
