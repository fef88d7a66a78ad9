"""Staff open the private content of a group: with a reason, for a limited time, and recorded."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from common.access import viewer_for
from common.errors import Invalid, WrongState
from common.record.actions import record
from common.times import between, ended
from members.people.models import Person
from workinggroups.groups.actions.guards import lock_group
from workinggroups.groups.choices import BREAK_GLASS_MAX_MINUTES, BreakGlassAct
from workinggroups.groups.models import BreakGlass, BreakGlassRead, Group
from workinggroups.groups.notifications import BreakGlassOpened, notify_in
from workinggroups.groups.permissions import can_break_glass, can_end_break_glass


def break_glass(*, actor: Person, group: Group, reason: str, minutes: int) -> BreakGlass:
    """Let the actor read the group for this many minutes; notify the chairs, with the reason.

    Raises NotAllowed, Invalid, and WrongState while the actor has the group open already.
    """
    if not 1 <= minutes <= BREAK_GLASS_MAX_MINUTES:
        raise Invalid(_("Choose between 1 and 60 minutes."), field="minutes")
    if not reason.strip():
        raise Invalid(_("Give a reason. We send it to the group's chairs."), field="reason")
    with transaction.atomic():
        group = lock_group(group)
        can_break_glass.require(viewer_for(actor.pk), group)
        if BreakGlass.objects.current().filter(group=group, person=actor).exists():
            raise WrongState(_("You already have this group open."))
        now = timezone.now()
        opening = BreakGlass.objects.create(
            group=group,
            person=actor,
            reason=reason.strip(),
            during=between(now, now + timedelta(minutes=minutes)),
        )
        facts = {"group": group.uuid, "minutes": minutes}
        record(actor, BreakGlassAct.OPENED, opening, facts=facts)
        opened = BreakGlassOpened(group=group.pk, opening=opening.pk)
        notify_in(group, actor, opened, cause=opening.uuid)
    return opening


def end_break_glass(*, actor: Person, opening: BreakGlass) -> BreakGlass:
    """End the actor's access before its time is over."""
    with transaction.atomic():
        opening = BreakGlass.objects.select_for_update().get(pk=opening.pk)
        can_end_break_glass.require(viewer_for(actor.pk), opening)
        now = timezone.now()
        if opening.during.upper <= now:
            raise WrongState(_("Your access has already ended."))
        opening.during = ended(opening.during, now)
        opening.save(update_fields=["during"])
        record(actor, BreakGlassAct.CLOSED, opening, facts={"group": opening.group.uuid})
    return opening


def record_reads(*, person_id: int, group_id: int, addresses: list[str]) -> None:
    """Record what the person reads in a group that they opened, for its chairs to see.

    One row and one record for each address and opening. Called before the response is sent.
    """
    with transaction.atomic():
        openings = BreakGlass.objects.filter(person=person_id, group=group_id)
        opening = openings.select_related("person", "group").latest("during")
        known = set(opening.reads.filter(address__in=addresses).values_list("address", flat=True))
        for address in addresses:
            if address in known:
                continue
            read, is_new = BreakGlassRead.objects.get_or_create(opening=opening, address=address)
            if is_new:
                # The address may hold the name of a group that only its members know of.
                facts = {"group": opening.group.uuid, "read": read.uuid}
                record(opening.person, BreakGlassAct.READ, opening, facts=facts)
