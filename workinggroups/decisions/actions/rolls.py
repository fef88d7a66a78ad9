"""Keeping the rolls of open ballots true: votes that lapse, votes handed on, people to remind."""

from datetime import timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from common.access.grants import end_grants, grant_reading
from common.record.actions import record
from members.organizations.models import Membership, Organization, Representation
from members.people.models import Person
from notifications.actions import notify
from workinggroups.decisions.actions.ballots import database_now, lock_ballot
from workinggroups.decisions.choices import BallotAct, BallotState, RollRole
from workinggroups.decisions.models import Ballot, RollEntry, RollPerson
from workinggroups.decisions.notifications import VoteMissing, VoteWanted
from workinggroups.decisions.queries.ballots import speaking
from workinggroups.groups.models import Group
from workinggroups.groups.voters import voters_of


def keep_rolls() -> int:
    """Let votes of ended memberships lapse, and hand on votes of which nobody can speak any more.

    Returns how many entries changed. A second run at once changes nothing more.
    """
    return sum(_lapse(entry) for entry in _ended()) + sum(_hand_on(entry) for entry in _silent())


def _of_open_ballots() -> QuerySet[RollEntry]:
    open_ballots = Ballot.objects.open()
    entries = RollEntry.objects.filter(ballot__in=open_ballots, lapsed_at__isnull=True)
    return entries.select_related("ballot__group", "organization")


def _ended() -> list[RollEntry]:
    """Return the entries of organizations whose membership is over."""
    memberships = Membership.objects.inside().filter(organization=OuterRef("organization"))
    suspended = Membership.objects.current().filter(
        organization=OuterRef("organization"), status="suspended"
    )
    return list(
        _of_open_ballots().filter(
            ~Exists(memberships), ~Exists(suspended), organization__isnull=False
        )
    )


def _lapse(entry: RollEntry) -> bool:
    """Mark the entry as lapsed, visibly; its rules say whether a vote already cast counts."""
    with transaction.atomic():
        ballot = lock_ballot(entry.ballot)
        entry = RollEntry.objects.select_for_update(of=("self",), no_key=True).get(pk=entry.pk)
        if ballot.state != BallotState.OPEN or entry.lapsed_at:
            return False
        entry.lapsed_at = database_now()
        entry.save(update_fields=["lapsed_at"])
        people = list(entry.people.values_list("person_id", flat=True))
        elsewhere = RollPerson.objects.filter(
            entry__ballot=ballot, entry__lapsed_at__isnull=True, person__in=people
        )
        gone = set(people) - set(elsewhere.values_list("person_id", flat=True))
        end_grants(cause=ballot.uuid, person_ids=gone)
        record(None, BallotAct.LAPSED, ballot, facts={"entry": entry.uuid})
    return True


def _silent() -> list[RollEntry]:
    """Return the entries of organizations for which nobody on the roll can vote any more."""
    people = speaking(RollPerson.objects.filter(entry=OuterRef("pk")))
    return list(_of_open_ballots().filter(~Exists(people), person__isnull=True))


def _hand_on(entry: RollEntry) -> bool:
    """Add the people who vote for the organization in the group now, and let them read and vote."""
    with transaction.atomic():
        ballot = lock_ballot(entry.ballot)
        if ballot.state != BallotState.OPEN or entry.organization is None:
            return False
        known = set(entry.people.values_list("person_id", flat=True))
        named = _successors(ballot.group, entry.organization)
        people = [person for person in named if person and person.pk not in known]
        if not people:
            return False
        last = entry.people.count()
        RollPerson.objects.bulk_create(
            RollPerson(
                entry=entry,
                person=person,
                organization=entry.organization,
                role=RollRole.VOTER if place == 1 else RollRole.ALTERNATE,
                position=last + place,
            )
            for place, person in enumerate(people, start=1)
        )
        grant_people(ballot, people)
        facts = {"entry": entry.uuid, "to": [person.uuid for person in people]}
        record(None, BallotAct.HANDED_ON, ballot, facts=facts)
        wanted = VoteWanted(group=ballot.group_id, ballot=ballot.pk)
        cause = f"{ballot.uuid}:{entry.uuid}:{last}"
        notify(wanted, cause=cause, scope_uuid=ballot.group.uuid)
    return True


def _successors(group: Group, organization: Organization) -> list[Person | None]:
    """Return who votes for the organization in the group now, the voter first.

    Where nobody takes part for it any more, these are its representatives, but in a group that only
    its members know of nobody.
    """
    if voters := voters_of(group, organization):
        return [voters.voter, *voters.alternates]
    if group.is_secret:
        return []
    acting = Representation.objects.current().filter(organization=organization)
    by_role = acting.select_related("person").order_by("-role", "pk")  # primary before alternate
    return [row.person for row in by_role]


def grant_people(ballot: Ballot, people: list[Person]) -> None:
    """Let these people read the ballot, its text and its topic until it closes."""
    assert ballot.closes_at
    for kind, uuid in ballot.granted_objects:
        grant_reading(
            kind=kind,
            uuid=uuid,
            group_id=ballot.group_id,
            person_ids=[person.pk for person in people],
            until=ballot.closes_at,
            cause=ballot.uuid,
        )


def remind_voters() -> int:
    """Remind those whose vote is missing, at the days before closing that the rules name.

    Returns how many reminders were sent. Each is sent once: a second run sends nothing, and a run
    that comes late sends only the latest of those that are due.
    """
    sent = 0
    now = database_now()
    for ballot in Ballot.objects.open().select_related("group"):
        assert ballot.closes_at
        assert ballot.opened_at
        left = ballot.closes_at - now
        due = [days for days in ballot.rules.reminder_days if left <= timedelta(days=days)]
        if not due or ballot.closes_at - timedelta(days=min(due)) <= ballot.opened_at:
            continue
        reminder = VoteMissing(group=ballot.group_id, ballot=ballot.pk, days=min(due))
        cause = f"{ballot.uuid}:{ballot.closes_at.isoformat()}:{min(due)}"
        with transaction.atomic():
            notify(reminder, cause=cause, scope_uuid=ballot.group.uuid)
        sent += 1
    return sent
