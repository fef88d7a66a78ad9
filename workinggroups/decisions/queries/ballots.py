"""What pages, tasks and notifications read of ballots."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from members.organizations.models import Insider
from members.people.models import Person
from workinggroups.decisions.counting import Outcome, RollLine, VoteLine, count
from workinggroups.decisions.models import Ballot, RollEntry, RollPerson, Vote
from workinggroups.groups.choices import Listing
from workinggroups.groups.models import CharterVersion, Seat


def speaking(people: "QuerySet[RollPerson]") -> "QuerySet[RollPerson]":
    """Return those of these places on rolls whose person can vote for the entry at this moment.

    They still belong to the organization, whose membership is active; in a group that only its
    members know of they still have a seat. An individual still has a membership of their own.
    """
    through = Insider.objects.filter(person=OuterRef("person"), read_only=False)
    seat = Seat.objects.filter(person=OuterRef("person"), group=OuterRef("entry__ballot__group"))
    return people.filter(
        Exists(through.filter(organization=OuterRef("organization")))
        | Q(organization__isnull=True) & Exists(through.filter(organization__isnull=True)),
        ~Q(entry__ballot__group__listing=Listing.MEMBERS) | Exists(seat),
    )


def speaker_for(person: Person, entry: RollEntry) -> RollPerson | None:
    """Return the person's place on the roll for this entry; None where they cannot vote for it now."""
    return speaking(RollPerson.objects.filter(entry=entry, person=person)).first()


def entries_of(person_id: int, ballot: Ballot) -> list[RollEntry]:
    """Return the entries of the roll for which the person can vote now."""
    places = speaking(RollPerson.objects.filter(entry__ballot=ballot, person=person_id))
    return list(ballot.roll.filter(pk__in=places.values("entry")).order_by("position"))


def entries_to_vote(person_id: int) -> QuerySet[RollEntry]:
    """Return the entries of open ballots for which the person can vote now, the next to close first.

    Their own vote, or a colleague's, may be cast already: it can be changed until the closing.
    """
    places = speaking(RollPerson.objects.filter(person=person_id))
    return (
        RollEntry.objects.filter(
            pk__in=places.values("entry"), ballot__in=Ballot.objects.open(), lapsed_at__isnull=True
        )
        .select_related("ballot__group", "organization")
        .order_by("ballot__closes_at", "pk")
    )


def people_without_vote(ballot: Ballot) -> QuerySet[Person]:
    """Return the people who can vote for the entries of the base that have no vote yet."""
    entries = RollEntry.objects.filter(ballot=ballot).without_vote()
    places = speaking(RollPerson.objects.filter(entry__in=entries))
    return Person.objects.active().filter(pk__in=places.values("person"))


def people_on_roll(ballot_id: int) -> QuerySet[Person]:
    """Return the people who can vote in this ballot now."""
    places = speaking(RollPerson.objects.filter(entry__ballot=ballot_id))
    return Person.objects.active().filter(pk__in=places.values("person"))


def people_speaking_for(entry_id: int) -> QuerySet[Person]:
    """Return the people who can vote for this entry of a roll now."""
    places = speaking(RollPerson.objects.filter(entry=entry_id))
    return Person.objects.active().filter(pk__in=places.values("person"))


def why_put_to_the_vote(charter: CharterVersion) -> str:
    """Return why a draft charter cannot be edited now: it is put to the vote. "" where it is not."""
    ballot = Ballot.objects.pending().filter(charter_version=charter).first()
    if ballot is None:
        return ""
    message = _("This draft is put to the vote in ballot B-%(number)d and cannot be edited now.")
    return message % {"number": ballot.number}


def outcome_facts(outcome: Outcome) -> dict[str, object]:
    """Return what the record says of a count."""
    return {
        "result": outcome.result.value,
        "for": outcome.votes_for,
        "against": outcome.votes_against,
        "abstained": outcome.abstentions,
        "discuss": outcome.discuss,
        "seats": outcome.seats,
        "quorum_needed": outcome.quorum_needed,
        "quorum_present": outcome.quorum_present,
        "got": str(outcome.got),
        "base": str(outcome.base),
    }


def roll_lines(entries: Iterable[RollEntry]) -> list[RollLine]:
    """Return the roll as the count takes it."""
    return [
        RollLine(
            key=str(entry.uuid),
            related=str(entry.related_uuid),
            category=entry.category,
            is_attending=entry.is_attending,
            is_recused=entry.recused_at is not None,
            is_lapsed=entry.lapsed_at is not None,
        )
        for entry in entries
    ]


def vote_lines(votes: Iterable[Vote]) -> list[VoteLine]:
    """Return the votes as the count takes them; each with its `entry` loaded."""
    return [
        VoteLine(key=str(vote.entry.uuid), position=vote.position, cast_at=vote.cast_at)
        for vote in votes
    ]


def outcome_of(
    ballot: Ballot,
    entries: Sequence[RollEntry] | None = None,
    votes: Sequence[Vote] | None = None,
    *,
    at: datetime | None = None,
) -> Outcome:
    """Count the ballot by its own rules, in two queries.

    Counts what is cast up to `at`, by default its closing: of an open ballot that is the result if
    nobody votes any more.
    """
    roll = ballot.roll.all() if entries is None else entries
    if votes is None:
        votes = list(ballot.votes.counted().select_related("entry"))
    at = at or ballot.closed_at or ballot.closes_at
    assert at
    return count(ballot.rules, roll_lines(roll), vote_lines(votes), at)
