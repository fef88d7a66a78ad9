"""The rules of voting in words."""

from dataclasses import replace
from typing import Any

import pytest

from tests.groups.test_voting_rules import FULL
from workinggroups.groups.voting_presets import PRESETS
from workinggroups.groups.voting_rules import VOTING_DEFAULT, VotingRules
from workinggroups.groups.voting_words import voting_in_words


def test_the_default_rules_in_words() -> None:
    assert voting_in_words(VOTING_DEFAULT) == [
        ("Who votes", "Each organization has one vote"),
        ("Approval", "More than half of the votes for and against"),
        ("Quorum of a ballot", "No quorum"),
        ("Abstentions", "Count for the quorum, not for the result"),
        ("Interest categories", "No limit"),
        ("Largest share", "No limit"),
        ("Time to vote", "At least 7 days"),
        ("Wish to discuss first", "Holds the proposal up until it is withdrawn"),
        ("Shown while a ballot is open", "Who has voted, but not how"),
        ("If a membership ends", "A vote already cast counts"),
        ("Reminders", "3 and 1 days before closing, to those who have not voted"),
    ]


def test_other_rules_in_words() -> None:
    assert voting_in_words(FULL) == [
        (
            "Who votes",
            "Each person has one vote; at most 2 votes of people with the same employer count",
        ),
        ("Approval", "At least three quarters of everyone who can vote"),
        (
            "Quorum of a ballot",
            "More than half of those who attended at least 2 of the last 3 meetings",
        ),
        (
            "Abstentions",
            "Count for the quorum, not for the result; a ballot fails if they reach 30 % of its votes",
        ),
        ("Interest categories", "None can be more than one third of those who can vote"),
        (
            "Largest share",
            "The votes of one organization, or of related ones, count for at most 25 %",
        ),
        (
            "Time to vote",
            "At least 30 days; announced at least 7 days before; "
            "extended once by 10 days if the quorum is missed",
        ),
        ("Wish to discuss first", "Holds the proposal up for 14 days, unless two thirds are for"),
        ("Shown while a ballot is open", "Each vote as it is cast"),
        ("If a membership ends", "A vote already cast is dropped"),
        ("Reminders", "14, 7 and 3 days before closing, to those who have not voted"),
    ]


@pytest.mark.parametrize(
    "change",
    [
        {"unit": "organizations"},
        {"approval": "two_thirds"},
        {"base": "cast"},
        {"silence_is_consent": True},
        {"quorum": "none"},
        {"attending_meetings": 4},
        {"attending_needed": 1},
        {"abstain_limit_percent": 33},
        {"category_limit_percent": None},
        {"cap_percent": 67},
        {"seats_per_employer": 1},
        {"one_vote_per_related_group": True},
        {"notice_days": 1},
        {"open_days": 1},
        {"extension_days": 1},
        {"discuss_days": 1},
        {"discuss_overruled_by": "three_quarters"},
        {"shows": "after_closing"},
        {"lapsed_votes": "count"},
        {"reminder_days": (1,)},
    ],
)
def test_each_rule_is_in_the_words(change: dict[str, Any]) -> None:
    assert voting_in_words(replace(FULL, **change)) != voting_in_words(FULL)


def test_every_preset_reads_differently() -> None:
    rules: list[VotingRules] = [preset.rules for preset in PRESETS]

    assert len({tuple(voting_in_words(each)) for each in rules}) == len(PRESETS)
