"""The arithmetic of a ballot in sentences."""

from dataclasses import replace
from fractions import Fraction

import pytest

from tests.decisions.test_counting import ballot, blocs
from workinggroups.decisions.counting import RollLine
from workinggroups.decisions.counting_words import in_words, number_words, share_words
from workinggroups.groups.choices import Approval, Overruling, VotingQuorum, VotingUnit
from workinggroups.groups.voting_rules import VotingRules


def test_an_ordinary_ballot_is_five_sentences() -> None:
    assert in_words(ballot(VotingRules(), "++-0.")) == [
        "5 organizations are on the roll.",
        "Votes: 2 for, 1 against, 1 abstention, 1 did not vote.",
        "The share is taken of the votes for and against: 3.",
        "More than half of 3 is more than 1 1/2; 2 for.",
        "The proposal passed.",
    ]


def test_every_rule_that_applied_has_its_sentence() -> None:
    rules = VotingRules(
        unit=VotingUnit.PERSONS,
        quorum=VotingQuorum.MAJORITY,
        cap_percent=25,
        abstain_limit_percent=30,
        discuss_days=1,
        seats_per_employer=5,
    )
    roll = [
        *blocs(6, 1, 1, 1, 1, 1),
        RollLine("z", is_recused=True),
        RollLine("y", is_lapsed=True),
    ]
    names = {"A": "CERN", "A5": "Ada", "z": "Zoe", "y": "Yan"}

    assert in_words(ballot(rules, "++++++---0?..", roll=roll), names) == [
        "13 people are on the roll.",
        "1 stepped out because of a conflict of interest and is not counted: Zoe.",
        "The membership of 1 ended, so it is not counted: Yan.",
        "At most 5 votes of each employer count, which makes 10. "
        "The first votes counted, and these were set aside: Ada.",
        "Votes: 5 for, 3 against, 1 abstention, 1 to discuss first, 0 did not vote.",
        "Quorum: more than half of those who can vote. That is 6 of 10; 10 voted.",
        "The time for the discussion that was asked for has ended.",
        "1 of 10 votes is an abstention, which is less than 30 %.",
        "The 5 votes of CERN count as 1 (limit: 25 % of the votes).",
        "The share is taken of the votes for and against: 4.",
        "More than half of 4 is more than 2; 1 for.",
        "The proposal failed.",
    ]


@pytest.mark.parametrize(
    ("rules", "votes", "sentence"),
    [
        (VotingRules(), "?+", "Still to be discussed, as these asked: 000."),
        (VotingRules(), "?+", "The proposal has to be discussed first, so nothing is decided."),
        (
            VotingRules(discuss_overruled_by=Overruling.TWO_THIRDS),
            "?+++",
            "The wish to discuss is overruled: 3/4 of these votes are for "
            "(needed: at least two thirds).",
        ),
        (
            VotingRules(abstain_limit_percent=33),
            "+-0",
            "1 of 3 votes is an abstention: one third or more, so the ballot fails.",
        ),
        (
            VotingRules(quorum=VotingQuorum.THIRD),
            "....",
            "Too few voted, so nothing is decided.",
        ),
        (
            VotingRules(silence_is_consent=True),
            "+..",
            "Votes: 1 for, 0 against, 0 abstentions, 2 silent, which counts as for.",
        ),
        (VotingRules(approval=Approval.TWO_THIRDS), "+-", "Two thirds of 2 is 1 1/3; 1 for."),
        (VotingRules(approval=Approval.UNANIMITY), "+-", "All of 2 are needed; 1 for."),
        (VotingRules(base="eligible"), "+..", "The share is taken of everyone who can vote: 3."),
    ],
)
def test_other_ways_it_can_go(rules: VotingRules, votes: str, sentence: str) -> None:
    assert sentence in in_words(ballot(rules, votes))


def test_related_organizations_are_named_as_such() -> None:
    rules = VotingRules(one_vote_per_related_group=True)

    both = in_words(ballot(rules, "+-+", roll=blocs(2, 1)))
    one = in_words(ballot(replace(rules, base="eligible"), "+.+", roll=blocs(2, 1)))

    aside = " The first votes counted, and these were set aside: A1."
    sentence = "Related organizations have one vote together, which makes 2 votes."
    assert sentence + aside in both
    assert sentence in one


def test_numbers_and_shares_are_exact() -> None:
    assert [number_words(Fraction(*pair)) for pair in ((5, 1), (16, 3), (1, 3), (0, 1))] == [
        "5",
        "5 1/3",
        "1/3",
        "0",
    ]
    assert [share_words(Fraction(*pair)) for pair in ((1, 3), (2, 3), (3, 4))] == [
        "one third",
        "two thirds",
        "75 %",
    ]
