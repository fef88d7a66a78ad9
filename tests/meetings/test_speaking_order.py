"""The order of speakers as a pure function: what is fair, and what always holds."""

from datetime import UTC, datetime, timedelta
from itertools import count, pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workinggroups.meetings.speaking_order import PASSED_OVER_MAX, Turn, speaking_order

START = datetime(2031, 3, 4, 16, tzinfo=UTC)


def at(minute: float) -> datetime:
    return START + timedelta(minutes=minute)


def turn(number: int, person: str, party: str, raised: float, called: float | None = None) -> Turn:
    people = ord(person)
    return Turn(number, people, party, at(raised), None if called is None else at(called))


def names(turns: list[Turn]) -> str:
    return "".join(chr(one.person) for one in speaking_order(turns))


@pytest.mark.parametrize(
    ("what", "turns", "order"),
    [
        ("nobody waits", [], ""),
        ("who asked earlier", [turn(2, "b", "B", 2), turn(1, "a", "A", 1)], "ab"),
        (
            "who has not spoken goes first",
            [turn(1, "a", "A", 0, 1), turn(2, "a", "A", 2), turn(3, "b", "B", 3)],
            "ba",
        ),
        (
            "then the organization that was called less",
            [turn(1, "a", "A", 0, 1), turn(2, "c", "A", 2), turn(3, "b", "B", 3)],
            "bc",
        ),
        (
            "who speaks now has spoken",
            [turn(1, "a", "A", 0, 1), turn(2, "a", "A", 5), turn(3, "b", "A", 6)],
            "ba",
        ),
        ("one moment: by number", [turn(2, "b", "B", 1), turn(1, "a", "A", 1)], "ab"),
    ],
)
def test_fairness(what: str, turns: list[Turn], order: str) -> None:
    assert names(turns) == order, what


def test_who_was_passed_over_often_enough_is_next() -> None:
    spoke = turn(1, "a", "A", 0, 1)
    waits = turn(2, "a", "A", 2)
    later = [
        turn(10 + place, chr(ord("k") + place), f"Org {place}", 3 + place, 20 + place)
        for place in range(PASSED_OVER_MAX - 1)
    ]
    newcomer = turn(50, "z", "Z", 60)

    assert names([spoke, waits, *later, newcomer]) == "za"
    once_more = turn(40, "y", "Y", 30, 31)
    assert names([spoke, waits, *later, once_more, newcomer]) == "az"


PEOPLE = st.sampled_from("abcdefgh")
# None calls the next speaker; a letter raises that person's hand.
EVENTS = st.lists(st.one_of(st.none(), PEOPLE), max_size=120)
PARTIES = {"a": "A", "b": "A", "c": "A", "d": "B", "e": "B", "f": "F", "g": "G", "h": "H"}


def played(events: list[str | None]) -> list[Turn]:
    """What becomes of the turns when people ask and are called in this order."""
    turns: list[Turn] = []
    numbers = count(1)
    for minute, event in enumerate(events):
        waiting = {one.person for one in turns if one.called_at is None}
        if event is None:
            order = speaking_order(turns)
            if order:
                first = order[0]
                turns.remove(first)
                turns.append(Turn(first.pk, first.person, first.party, first.raised_at, at(minute)))
        elif ord(event) not in waiting:
            turns.append(turn(next(numbers), event, PARTIES.get(event, event), minute))
    return turns


@given(EVENTS, st.randoms(use_true_random=False))
def test_the_order_does_not_depend_on_the_order_of_rows(events: list[str | None], dice) -> None:
    turns = played(events)
    mixed = turns[:]
    dice.shuffle(mixed)

    assert speaking_order(mixed) == speaking_order(turns)


@given(EVENTS)
def test_everybody_who_waits_is_listed_once(events: list[str | None]) -> None:
    turns = played(events)

    listed = speaking_order(turns)

    assert sorted(one.pk for one in listed) == sorted(
        one.pk for one in turns if one.called_at is None
    )


# Each time someone asks, and perhaps the next one is called: the list stays short and people come and go.
MANY = [chr(code) for code in range(ord("A"), ord("A") + 40)]
LIVELY = st.lists(
    st.tuples(st.sampled_from(MANY), st.integers(0, 1)), min_size=20, max_size=80
).map(lambda pairs: [event for who, calls in pairs for event in (who, *[None] * calls)])


@settings(max_examples=300)
@given(LIVELY)
def test_nobody_is_passed_over_more_often_than_the_limit(events: list[str | None]) -> None:
    turns = played(events)
    called = [one for one in turns if one.called_at is not None]

    for one in turns:
        until = one.called_at or at(10_000)
        passed = [
            other
            for other in called
            if other.place > one.place and other.called_at is not None and other.called_at < until
        ]
        assert len(passed) <= PASSED_OVER_MAX


@given(EVENTS)
def test_who_goes_before_a_person_has_a_reason(events: list[str | None]) -> None:
    turns = played(events)
    called = [one for one in turns if one.called_at is not None]
    spoken = {one.person for one in called}
    order = speaking_order(turns)

    for earlier, later in pairwise(order):
        if sum(other.place > earlier.place for other in called) >= PASSED_OVER_MAX:
            continue
        assert (earlier.person in spoken) <= (later.person in spoken)
