"""The examples of the presets, with exactly the numbers that the charter form shows."""

import re
from collections.abc import Sequence
from fractions import Fraction

import pytest

from tests.decisions.test_counting import ballot, blocs
from workinggroups.decisions.counting import RollLine, categories_over_limit
from workinggroups.groups.voting_presets import PRESETS, preset_named, preset_of
from workinggroups.groups.voting_rules import VotingRules, check_voting_rules


def rules(name: str) -> VotingRules:
    preset = preset_named(name)
    assert preset
    return preset.rules


@pytest.mark.parametrize(
    ("name", "votes", "roll", "result"),
    [
        ("majority_of_cast", "+++++---00..", (), "passed"),
        ("majority_of_cast", "++++----00..", (), "failed"),
        ("majority_of_eligible", "+" * 11 + "." * 9, (), "passed"),
        ("majority_of_eligible", "+" * 10 + "." * 10, (), "failed"),
        ("two_thirds_of_cast", "++++++---", (), "passed"),
        ("two_thirds_of_cast", "+++++---0", (), "failed"),
        ("lazy_consensus", "++..........", (), "passed"),
        ("lazy_consensus", "++-.........", (), "failed"),
        ("lazy_consensus", "++?.........", (), "blocked"),
        ("ieee", "+" * 18 + "-" * 6 + "0" * 6 + "." * 10, (), "passed"),
        ("ieee", "+" * 16 + "-" * 5 + "0" * 9 + "." * 10, (), "failed"),
        ("ieee", "+" * 29 + "." * 11, (), "no_quorum"),
        ("capped", "++++++----", blocs(6, 1, 1, 1, 1), "failed"),
        ("two_seats", "+++" + "++----", blocs(3, 1, 1, 1, 1, 1, 1), "failed"),
        ("two_seats", "+++" + "++---.", blocs(3, 1, 1, 1, 1, 1, 1), "passed"),
        ("related", "++." + "+++----", blocs(3, 1, 1, 1, 1, 1, 1, 1), "failed"),
    ],
)
def test_each_example_comes_to_what_it_says(
    name: str, votes: str, roll: Sequence[RollLine], result: str
) -> None:
    assert ballot(rules(name), votes, roll=roll).result == result


def test_the_example_of_seventy_five_percent_is_exact() -> None:
    outcome = ballot(rules("ieee"), "+" * 18 + "-" * 6 + "0" * 6 + "." * 10)

    assert (outcome.quorum_needed, outcome.quorum_present) == (30, 30)
    assert (outcome.got, outcome.needed, outcome.base) == (18, 18, 24)
    assert outcome.abstain_share == Fraction(1, 5)
    producers = [RollLine(str(n), category="producer" if n < 14 else str(n)) for n in range(40)]
    assert [over.entries for over in categories_over_limit(rules("ieee"), producers)] == [14]
    assert categories_over_limit(rules("ieee"), producers[1:]) == []


def test_the_example_of_the_cap_counts_a_quarter() -> None:
    outcome = ballot(rules("capped"), "++++++----", roll=blocs(6, 1, 1, 1, 1))

    assert (outcome.got, outcome.base) == (Fraction(4, 3), Fraction(16, 3))


def test_the_example_of_two_seats_sets_the_third_aside() -> None:
    outcome = ballot(rules("two_seats"), "+++++----", roll=blocs(3, 1, 1, 1, 1, 1, 1))

    assert (outcome.seats, outcome.votes_for, outcome.votes_against) == (8, 4, 4)
    assert outcome.set_aside == ("A2",)


@pytest.mark.parametrize(("votes_for", "result"), [(5, "passed"), (4, "failed")])
def test_the_example_of_those_who_attend_needs_five_of_eight(votes_for: int, result: str) -> None:
    roll = [RollLine(f"{number:02}", is_attending=number < 6) for number in range(11)]
    cast = "+" * votes_for + "-" * (8 - votes_for)

    outcome = ballot(rules("attending"), cast[:5] + "." + cast[5:] + "..", roll=roll)

    assert (outcome.quorum_needed, outcome.quorum_present, outcome.base) == (4, 5, 8)
    assert outcome.result == result


def test_the_example_of_related_organizations_has_eight_votes() -> None:
    outcome = ballot(rules("related"), "++.+++----", roll=blocs(3, 1, 1, 1, 1, 1, 1, 1))

    assert (outcome.seats, outcome.votes_for, outcome.votes_against) == (8, 4, 4)
    assert outcome.set_aside == ("A1",)


def test_every_preset_is_possible_and_says_where_it_comes_from() -> None:
    for preset in PRESETS:
        check_voting_rules(preset.rules)
        assert preset_of(preset.rules) == preset
        assert preset.source
        assert re.search(r"\d", str(preset.example))
    assert len({preset.name for preset in PRESETS}) == len(PRESETS)
