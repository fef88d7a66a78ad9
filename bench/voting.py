"""What a ballot of a thousand organizations costs: opening and notifying, 500 votes, closing.

The votes are cast by several connections at once, paced over ten seconds; each is held against one
bare SELECT of its own row. The platform's workers are paused meanwhile.
"""

import statistics
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.db import connection, connections, transaction
from django.utils import timezone

from bench.platform import Platform
from bench.telling import BATCH, paused, seconds
from common.names import lookup_key, sort_key
from common.times import since
from members.organizations.models import Affiliation, Membership, Organization, Representation
from members.people.models import Person
from notifications.fan_out import fan_out
from notifications.models import Event
from workinggroups.decisions import actions
from workinggroups.decisions.electorate import electorate
from workinggroups.decisions.models import Ballot, RollEntry
from workinggroups.groups.models import Group, Office, Participation
from workinggroups.groups.voting_rules import VOTING_DEFAULT

OPEN_GOAL = 5.0  # seconds, to open the ballot and list everybody's notifications
CLOSE_GOAL = 2.0  # seconds
VOTE_GOAL = 10.0  # times one bare SELECT, at the 95th percentile
VOTES = 500
VOTES_SECONDS = 10
CONNECTIONS = 8


@dataclass(frozen=True, slots=True)
class Figures:
    """What was measured, in seconds; `vote` and `select` are 95th percentiles."""

    opened: float
    votes: float
    vote: float
    select: float
    closed: float


def report(running: Platform, organizations: int = 1000) -> list[str]:
    """Print a line a figure; return the goals missed, in words."""
    with paused(running):
        figures = measure(organizations)
    times = figures.vote / figures.select
    print(
        f"\na ballot of {organizations:,} organizations: opened and all notified in "
        f"{figures.opened:.1f} s (goal: {OPEN_GOAL:.0f})"
    )
    print(
        f"{VOTES} votes in {figures.votes:.1f} s (goal: {VOTES_SECONDS} s and a little), p95 "
        f"{figures.vote * 1000:.1f} ms, {times:.1f} times one SELECT (goal: {VOTE_GOAL:.0f})"
    )
    print(f"closed and counted in {figures.closed:.2f} s (goal: {CLOSE_GOAL:.0f})")
    missed = [
        (figures.opened > OPEN_GOAL, f"opening a ballot: {figures.opened:.1f} s"),
        (times > VOTE_GOAL, f"a vote: {times:.1f} times one SELECT"),
        (figures.votes > VOTES_SECONDS * 1.1, f"{VOTES} votes: {figures.votes:.1f} s"),
        (figures.closed > CLOSE_GOAL, f"closing a ballot: {figures.closed:.1f} s"),
    ]
    return [words for is_missed, words in missed if is_missed]


def measure(organizations: int) -> Figures:
    chair, group = voting_group(organizations)
    ballot = actions.draft_ballot(
        actor=chair, group=group, title="Adopt the plan", open_days=7, source="As discussed."
    )
    previewed = electorate(group, VOTING_DEFAULT).digest

    def open_and_notify() -> None:
        actions.open_ballot(actor=chair, ballot=ballot, previewed=previewed)
        for event in Event.objects.filter(scope_uuid=group.uuid):
            fan_out(event)

    opened = seconds(open_and_notify)
    began = time.perf_counter()
    votes = cast_all(voters_of(ballot))
    took = time.perf_counter() - began
    select = bare_selects(ballot)
    Ballot.objects.filter(pk=ballot.pk).update(closes_at=timezone.now())
    closed = seconds(actions.close_due_ballots)
    return Figures(opened, took, p95(votes), p95(select), closed)


@transaction.atomic
def voting_group(number: int) -> tuple[Person, Group]:
    """A group in which so many organizations take part, each by its representative."""
    start = timezone.now().replace(microsecond=0)
    names = [f"Voting {place:04d}" for place in range(number)]
    organizations: list[Organization] = Organization.objects.bulk_create(
        [
            Organization(
                name=name,
                sort_name=sort_key(name),
                search_name=lookup_key(name),
                legal_name=f"{name} Ltd",
                slug=f"voting-{place}",
                kind="company",
                country="CH",
            )
            for place, name in enumerate(names)
        ],
        batch_size=BATCH,
    )
    people: list[Person] = Person.objects.bulk_create(
        [
            Person(
                name=f"Voter {place:04d}",
                sort_name=sort_key(f"Voter {place:04d}"),
                search_name=lookup_key(f"Voter {place:04d}"),
                email=f"voter{place}@people.example",
                joined_at=start,
            )
            for place in range(number)
        ],
        batch_size=BATCH,
    )
    pairs = list(zip(organizations, people, strict=True))
    Membership.objects.bulk_create(
        Membership(
            organization=one,
            kind="member",
            status="active",
            during=since(start),
            joined_on=start.date(),
        )
        for one in organizations
    )
    Affiliation.objects.bulk_create(
        Affiliation(person=person, organization=one, source="staff", during=since(start))
        for one, person in pairs
    )
    Representation.objects.bulk_create(
        Representation(person=person, organization=one, role="primary", during=since(start))
        for one, person in pairs
    )
    group = Group.objects.create(
        name="Voting, many",
        sort_name=sort_key("Voting, many"),
        search_name=lookup_key("Voting, many"),
        slug="voting-many",
        purpose="We vote.",
        focus_area=Group.objects.order_by("pk")[0].focus_area,
        listing="public",
        admission="open",
        content="alliance",
        state="active",
    )
    Participation.objects.bulk_create(
        Participation(group=group, person=person, organization=one, during=since(start))
        for one, person in pairs
    )
    Office.objects.create(group=group, person=people[0], office="chair", during=since(start))
    accept_agreements(organizations, people[0])
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return people[0], group


def accept_agreements(organizations: Sequence[Organization], signatory: Person) -> None:
    """Accept for all what their membership requires, so that they are in good standing."""
    from members.onboarding.choices import FOR_ORGANIZATIONS
    from members.onboarding.models import Acceptance, AgreementVersion

    versions = [
        version
        for version in AgreementVersion.objects.in_force()
        if version.kind in FOR_ORGANIZATIONS
    ]
    Acceptance.objects.bulk_create(
        Acceptance(
            version=version, person=signatory, organization=one, signatory_name=signatory.name
        )
        for version in versions
        for one in organizations
    )


def voters_of(ballot: Ballot) -> list[tuple[Person, RollEntry]]:
    entries = ballot.roll.prefetch_related("people__person")[:VOTES]
    return [(entry.people.all()[0].person, entry) for entry in entries]


def cast_all(voters: Sequence[tuple[Person, RollEntry]]) -> list[float]:
    """Cast these votes over ten seconds from several connections; return how long each took."""
    took: list[float] = []
    pause = VOTES_SECONDS / len(voters)
    began = time.perf_counter()

    def cast(share: Sequence[tuple[int, tuple[Person, RollEntry]]]) -> None:
        try:
            for place, (person, entry) in share:
                time.sleep(max(0.0, began + place * pause - time.perf_counter()))
                vote = _vote(person, entry, place)
                took.append(seconds(vote))
        finally:
            connections.close_all()

    numbered = list(enumerate(voters))
    threads = [
        threading.Thread(target=cast, args=(numbered[first::CONNECTIONS],))
        for first in range(CONNECTIONS)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(took) == len(voters)
    return took


def _vote(person: Person, entry: RollEntry, place: int) -> Callable[[], object]:
    position = "against" if place % 5 == 0 else "for"
    return lambda: actions.cast_vote(actor=person, entry=entry, position=position)


def bare_selects(ballot: Ballot) -> list[float]:
    """Return how long one row of the roll takes to read, many times."""
    pks = list(ballot.roll.values_list("pk", flat=True)[:VOTES])

    def read(pk: int) -> Callable[[], object]:
        return lambda: RollEntry.objects.get(pk=pk)

    return [seconds(read(pk)) for pk in pks]


def p95(times: Sequence[float]) -> float:
    return statistics.quantiles(times, n=20)[-1]
