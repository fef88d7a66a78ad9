"""Naming who votes for an organization in a group, removing them, and asking for someone."""

from collections.abc import Sequence

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from common.access import viewer_for
from common.constraints import refused_by
from common.errors import Invalid, WrongState
from common.record.actions import record
from common.times import ended
from members.organizations.models import Affiliation, Organization
from members.people.models import Person
from workinggroups.groups.actions.guards import lock_group, require_running
from workinggroups.groups.choices import (
    ALTERNATES_MAX,
    GroupAct,
    GroupState,
    Listing,
    ParticipationLevel,
    VoterRole,
)
from workinggroups.groups.models import Group, Participation, VoterRequest, VotingRepresentative
from workinggroups.groups.notifications import VoterAsked, VoterEnded, VoterNamed, notify_in
from workinggroups.groups.voter_permissions import (
    can_ask_for_voter,
    can_name_voter,
    can_remove_voter,
)
from workinggroups.groups.voters import electable, voters_of


def name_voters(
    *,
    actor: Person,
    group: Group,
    organization: Organization,
    voter: Person | None,
    alternates: Sequence[Person] = (),
) -> list[VotingRepresentative]:
    """Name who votes for the organization in the group, and the alternates in order; hand the vote
    on from those named before. With nobody named, the default votes.

    Notifies who is named and who no longer is, the organization's representatives and the chairs.
    Raises NotAllowed, WrongState where nobody takes part for the organization, and Invalid for
    people who cannot be named. Who keeps role and place is not notified again.
    """
    with transaction.atomic():
        group = lock_group(group)
        can_name_voter.require(viewer_for(actor.pk), group, organization)
        require_running(group)
        if voters_of(group, organization) is None:
            message = _("Nobody takes part in this group for %(organization)s.")
            raise WrongState(message % {"organization": organization})
        wanted = _checked(group, organization, voter, alternates)
        current = VotingRepresentative.objects.current().filter(
            group=group, organization=organization
        )
        rows = list(current.select_related("group", "organization", "person"))
        kept = _kept(rows, wanted)
        for row in rows:
            if row not in kept:
                still_named = any(row.person_id == person.pk for person, _role in wanted)
                _end(actor, row, notifies=not still_named)
        have = {row.person_id for row in kept}
        for person, role in wanted:
            if person.pk not in have:
                kept.append(_name(actor, group, organization, person, role))
    return kept


def remove_voter(*, actor: Person, voter: VotingRepresentative) -> None:
    """End this person's vote for the organization; the alternates move up in order.

    Notifies them, the organization's representatives and the chairs.
    """
    with transaction.atomic():
        lock_group(voter.group)
        rows = VotingRepresentative.objects.current().select_related(
            "group", "organization", "person"
        )
        row = rows.filter(pk=voter.pk).first()
        can_remove_voter.require(viewer_for(actor.pk), row or voter)
        if row is None:
            message = _("%(person)s no longer votes for %(organization)s in this group.")
            raise WrongState(message % {"person": voter.person, "organization": voter.organization})
        _end(actor, row, notifies=True)


def ask_for_voter(*, actor: Person, group: Group, organization: Organization) -> VoterRequest:
    """Ask the organization to name who votes for it in the group.

    Notifies those who can name someone. WrongState if it was asked today already, or takes no part.
    """
    with transaction.atomic():
        group = lock_group(group)
        can_ask_for_voter.require(viewer_for(actor.pk), group)
        if voters_of(group, organization) is None:
            message = _("Nobody takes part in this group for %(organization)s.")
            raise WrongState(message % {"organization": organization})
        asked_today = WrongState(
            _("%(organization)s was asked today. You can ask again tomorrow.")
            % {"organization": organization}
        )
        with refused_by("voter_request_once_a_day", error=asked_today):
            request = VoterRequest.objects.create(
                group=group, organization=organization, asked_by=actor
            )
        asked = VoterAsked(group=group.pk, request=request.pk)
        notify_in(group, actor, asked, cause=request.uuid)
    return request


def end_lapsed_voters() -> int:
    """End the rows of people who can no longer vote for their organization; return how many.

    They left the organization, can no longer sign in, or in a group that only its members know of
    no longer take part for it. Whether someone votes does not depend on this: it ends the row and
    notifies the organization. While a membership is suspended its voters stay named.
    """
    count = 0
    lapsed = _lapsed().filter(during__upper_inf=True).order_by("group", "pk")
    for pk, group in lapsed.values_list("pk", "group"):
        with transaction.atomic():
            lock_group(Group(pk=group))
            rows = _lapsed().select_related("group", "organization", "person")
            if row := rows.filter(pk=pk).first():
                _end(None, row, notifies=True)
                count += 1
    return count


def _lapsed() -> QuerySet[VotingRepresentative]:
    belongs = Affiliation.objects.current().filter(
        person=OuterRef("person"), organization=OuterRef("organization")
    )
    takes_part = Participation.objects.current().filter(
        group=OuterRef("group"),
        person=OuterRef("person"),
        organization=OuterRef("organization"),
        level=ParticipationLevel.PARTICIPANT,
    )
    current = VotingRepresentative.objects.current().exclude(group__state=GroupState.CONCLUDED)
    return current.filter(
        ~Exists(belongs)
        | Q(person__is_active=False)
        | (Q(group__listing=Listing.MEMBERS) & ~Exists(takes_part))
    )


Wanted = list[tuple[Person, VoterRole]]


def _checked(
    group: Group, organization: Organization, voter: Person | None, alternates: Sequence[Person]
) -> Wanted:
    """Return the people to name with their roles, each once; raise Invalid for who cannot be named."""
    others = list({person.pk: person for person in alternates if person != voter}.values())
    if voter is None and others:
        raise Invalid(_("Choose who votes before you choose alternates."), field="voter")
    if len(others) > ALTERNATES_MAX:
        message = _("Choose at most %(most)d alternates.")
        raise Invalid(message % {"most": ALTERNATES_MAX}, field="alternates")
    wanted: Wanted = [(voter, VoterRole.PRIMARY)] if voter else []
    wanted += [(person, VoterRole.ALTERNATE) for person in others]
    ids = [person.pk for person, _role in wanted]
    able = set(electable(group, organization).filter(pk__in=ids).values_list("pk", flat=True))
    for person, role in wanted:
        if person.pk not in able:
            raise Invalid(
                _("%(person)s cannot vote for %(organization)s in this group.")
                % {"person": person, "organization": organization},
                field="voter" if role == VoterRole.PRIMARY else "alternates",
            )
    return wanted


def _kept(rows: Sequence[VotingRepresentative], wanted: Wanted) -> list[VotingRepresentative]:
    """Return the rows to keep: the same people in the same roles, alternates in the same order.

    Alternates vote in the order of their rows, so from the first one that differs all are new.
    """
    kept = [
        row
        for row in rows
        if row.role == VoterRole.PRIMARY and (row.person, VoterRole.PRIMARY) in wanted
    ]
    alternates = [row for row in rows if row.role == VoterRole.ALTERNATE]
    persons = [person for person, role in wanted if role == VoterRole.ALTERNATE]
    in_place = [row for row in alternates if row.person in persons]
    for row, person in zip(in_place, persons, strict=False):
        if row.person != person:
            break
        kept.append(row)
    return kept


def _name(
    actor: Person, group: Group, organization: Organization, person: Person, role: VoterRole
) -> VotingRepresentative:
    named = VotingRepresentative.objects.create(
        group=group, organization=organization, person=person, role=role, named_by=actor
    )
    record(actor, GroupAct.VOTER_NAMED, group, facts=_facts(named))
    notify_in(group, actor, VoterNamed(group=group.pk, voter=named.pk), cause=named.uuid)
    return named


def _end(actor: Person | None, row: VotingRepresentative, *, notifies: bool) -> None:
    row.during = ended(row.during)
    row.save(update_fields=["during"])
    record(actor, GroupAct.VOTER_ENDED, row.group, facts=_facts(row))
    if notifies:
        notify_in(row.group, actor, VoterEnded(group=row.group_id, voter=row.pk), cause=row.uuid)


def _facts(row: VotingRepresentative) -> dict[str, object]:
    return {
        "person": row.person.uuid,
        "organization": row.organization.uuid,
        "role": row.role,
    }
