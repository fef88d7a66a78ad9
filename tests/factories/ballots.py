"""Ballots in every state, made by the actions that a chair uses."""

from datetime import timedelta
from itertools import count
from typing import Any

from django.db import connection
from django.db.models import F

from members.people.models import Person
from tests import factories
from workinggroups.decisions.actions import cast_vote, draft_ballot, open_ballot
from workinggroups.decisions.actions.ballots import rules_in_force
from workinggroups.decisions.electorate import electorate
from workinggroups.decisions.models import Ballot, RollEntry, Vote
from workinggroups.groups.models import Group

_names = count(1)


def voters(group: Group, number: int) -> list[Person]:
    """Representatives of so many more organizations, each of which takes part in the group."""
    people = []
    for _number in range(number):
        organization = factories.organization(f"Voting organization {next(_names)}")
        representative = factories.member_of(organization, f"Voter {next(_names)}")
        factories.represent(representative, organization)
        factories.seat(group, representative)
        people.append(representative)
    return people


def draft(chair: Person, group: Group, title: str = "Adopt the plan", **fields: Any) -> Ballot:
    """The draft of a ballot of seven days."""
    return draft_ballot(actor=chair, group=group, title=title, **{"open_days": 7, **fields})


def digest(ballot: Ballot) -> str:
    """What a chair who looks at the electorate now confirms."""
    rules = ballot.rules if ballot.rules_json else rules_in_force(ballot.group)[0]
    return electorate(ballot.group, rules).digest


def opened(chair: Person, group: Group, title: str = "Adopt the plan", **fields: Any) -> Ballot:
    """An open ballot with everybody on its roll who can vote in the group now."""
    ballot = draft(chair, group, title, **fields)
    return open_ballot(actor=chair, ballot=ballot, previewed=digest(ballot))


def vote(person: Person, ballot: Ballot, position: str = "for", **fields: Any) -> Vote:
    """The vote of the one entry that the person can vote for."""
    return cast_vote(actor=person, entry=entry_of(person, ballot), position=position, **fields)


def entry_of(person: Person, ballot: Ballot) -> RollEntry:
    return RollEntry.objects.get(ballot=ballot, people__person=person)


def shift(ballot: Ballot, **by: int) -> Ballot:
    """Let so much time pass for an open ballot; a trigger fixes its times for everybody else."""
    passed = timedelta(**by)
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
    Ballot.objects.filter(pk=ballot.pk).update(
        announced_at=F("announced_at") - passed,
        opened_at=F("opened_at") - passed,
        closes_at=F("closes_at") - passed,
        closed_at=F("closed_at") - passed,
    )
    ballot.votes.update(cast_at=F("cast_at") - passed)
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = DEFAULT")
    ballot.refresh_from_db()
    return ballot
