"""Staff opens the private content of a group: with a reason, for a while, and never unseen."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from common.access import viewer_for
from common.errors import Invalid, WrongState
from common.record.actions import record
from common.times import between, ended
from members.people.models import Person
from notifications.actions import notify
from workinggroups.groups.actions.guards import lock_group
from workinggroups.groups.choices import BREAK_GLASS_MAX_MINUTES, BreakGlassAct
from workinggroups.groups.models import BreakGlass, BreakGlassRead, Group
from workinggroups.groups.notifications import BreakGlassOpened
from workinggroups.groups.permissions import can_break_glass, can_end_break_glass


def break_glass(*, actor: Person, group: Group, reason: str, minutes: int) -> BreakGlass:
    """The actor reads the group for up to an hour. Its chairs are told at once, with the reason.

    Raises NotAllowed, Invalid, and WrongState while it stands open.
    """
    if not 1 <= minutes <= BREAK_GLASS_MAX_MINUTES:
        raise Invalid(_("From 1 to 60 minutes."), field="minutes")
    if not reason.strip():
        raise Invalid(_("Say why. The chairs of the group read it."), field="reason")
    with transaction.atomic():
        group = lock_group(group)
        can_break_glass.require(viewer_for(actor.pk), group)
        if BreakGlass.objects.current().filter(group=group, person=actor).exists():
            raise WrongState(_("You have this group open already."))
        now = timezone.now()
        opened = BreakGlass.objects.create(
            group=group,
            person=actor,
            reason=reason.strip(),
            during=between(now, now + timedelta(minutes=minutes)),
        )
        facts = {"group": group.uuid, "minutes": minutes}
        record(actor, BreakGlassAct.OPENED, opened, facts=facts)
        notify(
            BreakGlassOpened(group=group.pk, opening=opened.pk),
            cause=opened.uuid,
            actor=actor,
            scope_uuid=group.uuid,
        )
    return opened


def end_break_glass(*, actor: Person, opened: BreakGlass) -> BreakGlass:
    """The actor reads the group no more, before the time is over."""
    with transaction.atomic():
        opened = BreakGlass.objects.select_for_update().get(pk=opened.pk)
        can_end_break_glass.require(viewer_for(actor.pk), opened)
        now = timezone.now()
        if opened.during.upper <= now:
            raise WrongState(_("The time is over already."))
        opened.during = ended(opened.during, now)
        opened.save(update_fields=["during"])
        record(actor, BreakGlassAct.CLOSED, opened, facts={"group": opened.group.uuid})
    return opened


def record_reads(*, person_id: int, group_id: int, addresses: list[str]) -> None:
    """What the person read in a group it opened is known to the group's chairs.

    One row and one record for each address and opening. Called before the answer is given.
    """
    with transaction.atomic():
        openings = BreakGlass.objects.filter(person=person_id, group=group_id)
        opened = openings.select_related("person", "group").latest("during")
        known = set(opened.reads.filter(address__in=addresses).values_list("address", flat=True))
        for address in addresses:
            if address in known:
                continue
            read, is_new = BreakGlassRead.objects.get_or_create(opening=opened, address=address)
            if is_new:
                # The address may hold the name of a group that only its members know of.
                facts = {"group": opened.group.uuid, "read": read.uuid}
                record(opened.person, BreakGlassAct.READ, opened, facts=facts)
