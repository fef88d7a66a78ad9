"""Joining a group, adding a person to it, changing their level, and leaving."""

from django.db import transaction
from django.utils.translation import gettext as _

from common.access import viewer_for
from common.errors import Invalid, WrongState
from common.record.actions import record
from common.times import ended
from members.organizations.models import Organization
from members.people.models import Person
from workinggroups.groups.actions.admission import withdraw_request_of
from workinggroups.groups.actions.guards import lock_group, require_running
from workinggroups.groups.actions.owners import hand_over_items
from workinggroups.groups.actions.seats import (
    checked_level,
    end_offices,
    participation_facts,
    refuse_second_seat,
    require_affiliation,
    seat_person,
)
from workinggroups.groups.choices import Admission, GroupAct, OfficeKind, ParticipationLevel
from workinggroups.groups.models import Group, Office, Participation, Seat
from workinggroups.groups.notifications import (
    LevelChanged,
    MemberAdded,
    MemberJoined,
    MemberLeft,
    notify_in,
)
from workinggroups.groups.permissions import (
    can_hand_over_items,
    can_leave,
    can_manage_person,
    can_take_part,
    is_closed,
    is_running,
)
from workinggroups.groups.queries import eligible_affiliations


def join(
    *,
    actor: Person,
    group: Group,
    organization: Organization | None,
    level: str = ParticipationLevel.PARTICIPANT,
) -> Participation:
    """Let the actor take part in an open group, on behalf of the organization or as an individual
    (None); notify the chairs.

    Raises NotAllowed, WrongState, and Invalid for an organization that the actor does not belong
    to. Locks the group, so that joining twice at once makes one seat.
    """
    with transaction.atomic():
        group = lock_group(group)
        refuse_second_seat(group, actor)
        require_running(group)
        can_take_part.require(viewer_for(actor.pk), group)
        if group.admission != Admission.OPEN:
            raise WrongState(
                _("This group is no longer open to everyone. Reload the page to see how to join.")
            )
        require_affiliation(actor, organization)
        participation = seat_person(
            actor=actor,
            group=group,
            person=actor,
            organization=organization,
            level=checked_level(level),
            verb=GroupAct.JOINED,
        )
        withdraw_request_of(actor, group)
        joined = MemberJoined(group=group.pk, person=actor.pk)
        notify_in(group, actor, joined, cause=participation.pk)
    return participation


def add_member(
    *,
    actor: Person,
    group: Group,
    person: Person,
    organization: Organization | None,
    level: str = ParticipationLevel.PARTICIPANT,
) -> Participation:
    """Let the person take part in the group; an invited expert needs no organization.

    Chairs add to their group; staff to groups that the alliance reads, and to a closed one while it
    has no chair. Nobody adds themselves. Notifies the person and the chairs, or all members where
    staff adds to a closed group.
    """
    with transaction.atomic():
        group = lock_group(group)
        viewer = viewer_for(actor.pk)
        can_manage_person.require(viewer, group, person)
        by_staff = is_closed(group) and not viewer.is_chair(group.pk)
        if level not in ParticipationLevel.values:
            raise Invalid(_("Choose a level."), field="level")
        if level == ParticipationLevel.EXPERT:
            organization = None
        elif organization not in eligible_affiliations(person):
            raise Invalid(
                _(
                    "%(person)s cannot take part on behalf of this organization. "
                    "Invite them as an expert instead."
                )
                % {"person": person},
                field="organization",
            )
        refuse_second_seat(group, person)
        participation = seat_person(
            actor=actor,
            group=group,
            person=person,
            organization=organization,
            level=ParticipationLevel(level),
            verb=GroupAct.ADDED,
        )
        withdraw_request_of(person, group)
        added = MemberAdded(group=group.pk, person=person.pk, all_members=int(by_staff))
        notify_in(group, actor, added, cause=participation.pk)
    return participation


def leave(*, actor: Person, group: Group, items_to: Person | None = None) -> None:
    """End the actor's participation and offices; notify the chairs. WrongState for the last
    chair of a running group.

    Gives the actor's open action items to `items_to`; without such a person they stay the actor's,
    marked as those of someone who has left, until a chair reassigns them.
    """
    with transaction.atomic():
        group = lock_group(group)
        can_leave.require(viewer_for(actor.pk), group)
        # Nobody can become chair of a concluded group, so its last chair is not kept in it.
        if is_running(group) and _is_last_chair(group, actor):
            raise WrongState(
                _("You are the only chair of this group. Hand the chair over before you leave.")
            )
        if items_to is not None:
            can_hand_over_items.require(viewer_for(actor.pk), group)
            hand_over_items(actor=actor, group=group, to=items_to)
        _end_participation(actor, group, actor, GroupAct.LEFT)


def remove_member(*, actor: Person, group: Group, person: Person) -> None:
    """End another person's participation and offices; notify the chairs. WrongState for the last
    chair."""
    with transaction.atomic():
        group = lock_group(group)
        can_manage_person.require(viewer_for(actor.pk), group, person)
        if _is_last_chair(group, person):
            raise WrongState(
                _(
                    "%(person)s is the only chair of this group. "
                    "Someone else has to become chair first."
                )
                % {"person": person}
            )
        _end_participation(actor, group, person, GroupAct.REMOVED)


def change_level(*, actor: Person, group: Group, person: Person, level: str) -> Participation:
    """Let the person take part at another level from now on; notify them and the chairs.

    The earlier participation ends and is kept. Raises WrongState for an officer, who cannot be an
    observer, and for an invited expert.
    """
    with transaction.atomic():
        group = lock_group(group)
        can_manage_person.require(viewer_for(actor.pk), group, person)
        earlier = _participation_of(group, person)
        new_level = checked_level(level)
        if earlier.level == level:
            return earlier
        if earlier.level == ParticipationLevel.EXPERT:
            raise WrongState(_("You cannot change the level of an invited expert."))
        if Office.objects.current().filter(group=group, person=person).exists():
            raise WrongState(
                _(
                    "%(person)s holds an office, and an observer cannot. "
                    "Remove %(person)s from the office first."
                )
                % {"person": person}
            )
        changed = seat_person(
            actor=actor,
            group=group,
            person=person,
            organization=earlier.organization,
            level=new_level,
            verb=GroupAct.LEVEL_CHANGED,
        )
        notification = LevelChanged(group=group.pk, person=person.pk, level=level)
        notify_in(group, actor, notification, cause=changed.pk)
    return changed


def _end_participation(actor: Person, group: Group, person: Person, verb: GroupAct) -> None:
    participation = _participation_of(group, person)
    end_offices(actor=actor, group=group, person=person)
    participation.during = ended(participation.during)
    participation.save(update_fields=["during"])
    record(actor, verb, group, facts=participation_facts(participation))
    left = MemberLeft(group=group.pk, person=person.pk)
    notify_in(group, actor, left, cause=participation.pk)


def _participation_of(group: Group, person: Person) -> Participation:
    current = Participation.objects.current().select_related("person", "organization")
    participation = current.filter(group=group, person=person).first()
    if participation is None:
        raise WrongState(_("%(person)s is no longer in this group.") % {"person": person})
    return participation


def _is_last_chair(group: Group, person: Person) -> bool:
    """Whether the person is the only chair with a seat: a chair whose organization left has none."""
    chairs = Office.objects.current().filter(group=group, office=OfficeKind.CHAIR)
    seated = Seat.objects.filter(group=group, person__in=chairs.values("person"))
    return set(seated.values_list("person_id", flat=True)) == {person.pk}
