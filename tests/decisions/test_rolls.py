"""Rolls of open ballots over time: reminders, votes that lapse, and votes handed on."""

import pytest

from common.errors import NotAllowed
from common.record.models import Record
from common.times import ended, since
from members.organizations.models import Affiliation, Membership, Representation
from notifications.models import Event
from tests import factories
from tests.factories import ballots
from workinggroups.decisions.actions import keep_rolls, remind_voters


@pytest.fixture
def voters(group):
    return ballots.voters(group, 3)


@pytest.fixture
def ballot(group, chair, voters):
    return ballots.opened(chair, group)


def reminders() -> list[int]:
    """The days before closing of each reminder sent so far."""
    events = Event.objects.filter(kind="vote_missing").order_by("pk")
    return [event.ref["days"] for event in events]


def test_nobody_is_reminded_before_the_first_day_of_the_rules(ballot):
    ballots.shift(ballot, days=3)

    assert remind_voters() == 0
    assert reminders() == []


def test_each_reminder_of_the_rules_is_sent_once(ballot):
    ballots.shift(ballot, days=4, minutes=1)
    remind_voters()
    remind_voters()
    assert reminders() == [3]

    ballots.shift(ballot, days=2)
    remind_voters()
    remind_voters()
    assert reminders() == [3, 1]


def test_a_late_run_sends_only_the_latest_reminder(ballot):
    ballots.shift(ballot, days=6, hours=12)
    remind_voters()

    assert reminders() == [1]


def test_nobody_is_reminded_after_the_closing_time(ballot):
    ballots.shift(ballot, days=8)
    remind_voters()

    assert reminders() == []


def test_a_vote_lapses_visibly_with_its_membership_and_once(ballot, voters):
    entry = ballots.entry_of(voters[0], ballot)
    membership = Membership.objects.get(organization=entry.organization)
    membership.during = ended(membership.during)
    membership.save()

    assert keep_rolls() == 1
    assert keep_rolls() == 0
    entry.refresh_from_db()
    assert entry.lapsed_at
    assert str(entry.uuid) in Record.objects.get(verb="lapsed").facts
    with pytest.raises(NotAllowed):
        ballots.vote(voters[0], ballot)


def test_the_vote_of_who_left_is_handed_on_to_the_new_representative(ballot, voters):
    entry = ballots.entry_of(voters[0], ballot)
    left = factories.ago(hours=1)
    for model in (Representation, Affiliation):
        current = model.objects.get(person=voters[0])
        current.during = ended(current.during, left)
        current.save()
    successor = factories.member_of(entry.organization, "Successor")
    factories.represent(successor, entry.organization, during=since(left))
    factories.seat(ballot.group, successor)

    assert keep_rolls() == 1
    assert keep_rolls() == 0
    assert ballots.vote(successor, ballot).entry == entry
    with pytest.raises(NotAllowed):
        ballots.vote(voters[0], ballot)


def test_a_new_representative_without_a_seat_gets_the_vote_too(ballot, voters):
    entry = ballots.entry_of(voters[0], ballot)
    left = factories.ago(hours=1)
    for model in (Representation, Affiliation):
        current = model.objects.get(person=voters[0])
        current.during = ended(current.during, left)
        current.save()
    successor = factories.member_of(entry.organization, "Successor")
    factories.represent(successor, entry.organization, during=since(left))

    assert keep_rolls() == 1
    assert ballots.vote(successor, ballot).entry == entry
