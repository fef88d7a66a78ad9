"""The rules by which a group votes, as values."""

import json
from dataclasses import replace
from typing import Any

import pytest

from common.errors import Invalid
from workinggroups.groups.voting_rules import (
    RULE_NAMES,
    VOTING_DEFAULT,
    VotingRules,
    check_voting_rules,
)

FULL = VotingRules(
    unit="persons",
    approval="three_quarters",
    base="eligible",
    quorum="attending",
    attending_meetings=3,
    attending_needed=2,
    abstain_limit_percent=30,
    category_limit_percent=33,
    cap_percent=25,
    seats_per_employer=2,
    notice_days=7,
    open_days=30,
    extension_days=10,
    discuss_days=14,
    discuss_overruled_by="two_thirds",
    shows="as_cast",
    lapsed_votes="drop",
    reminder_days=(14, 7, 3),
)


def test_rules_come_back_from_json_as_they_were() -> None:
    for rules in (FULL, VOTING_DEFAULT):
        assert VotingRules.from_json(json.loads(json.dumps(rules.as_json()))) == rules
    assert set(VOTING_DEFAULT.as_json()) == set(RULE_NAMES)


def test_rules_that_are_not_named_have_their_defaults() -> None:
    assert VotingRules.from_json({}) == VOTING_DEFAULT
    assert VotingRules.from_json({"open_days": 9}) == replace(VOTING_DEFAULT, open_days=9)


@pytest.mark.parametrize(
    "values",
    [
        {"veto": True},
        {"unit": None},
        {"open_days": "7"},
        {"open_days": True},
        {"cap_percent": 25.0},
        {"one_vote_per_related_group": 1},
        {"reminder_days": 3},
        {"reminder_days": ["3"]},
    ],
)
def test_other_names_and_types_are_no_rules(values: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"rules|type|list"):
        VotingRules.from_json(values)


@pytest.mark.parametrize("rules", [FULL, VOTING_DEFAULT])
def test_possible_rules_are_accepted(rules: VotingRules) -> None:
    check_voting_rules(rules)


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"unit": "shares"}, "unit"),
        ({"approval": "most"}, "approval"),
        ({"base": "all"}, "base"),
        ({"quorum": "half"}, "quorum"),
        ({"shows": "never"}, "shows"),
        ({"lapsed_votes": "keep"}, "lapsed_votes"),
        ({"discuss_overruled_by": "majority"}, "discuss_overruled_by"),
        ({"abstain_limit_percent": 0}, "abstain_limit_percent"),
        ({"category_limit_percent": 101}, "category_limit_percent"),
        ({"cap_percent": 0}, "cap_percent"),
        ({"seats_per_employer": 0}, "seats_per_employer"),
        ({"unit": "organizations"}, "seats_per_employer"),
        ({"one_vote_per_related_group": True}, "one_vote_per_related_group"),
        ({"notice_days": -1}, "notice_days"),
        ({"notice_days": 61}, "notice_days"),
        ({"open_days": 0}, "open_days"),
        ({"open_days": 91}, "open_days"),
        ({"extension_days": 0}, "extension_days"),
        ({"extension_days": 31}, "extension_days"),
        ({"discuss_days": 0}, "discuss_days"),
        ({"attending_meetings": None}, "attending_meetings"),
        ({"attending_needed": None}, "attending_needed"),
        ({"attending_needed": 4}, "attending_needed"),
        ({"attending_meetings": 21}, "attending_meetings"),
        ({"quorum": "none"}, "attending_meetings"),
        ({"silence_is_consent": True}, "quorum"),
        ({"reminder_days": (3, 7)}, "reminder_days"),
        ({"reminder_days": (3, 3)}, "reminder_days"),
        ({"reminder_days": (0,)}, "reminder_days"),
        ({"reminder_days": (31,)}, "reminder_days"),
        ({"reminder_days": (6, 5, 4, 3, 2, 1)}, "reminder_days"),
    ],
)
def test_rules_by_which_no_group_can_vote_are_refused(change: dict[str, Any], name: str) -> None:
    with pytest.raises(Invalid) as refused:
        check_voting_rules(replace(FULL, **change))

    assert refused.value.field == name
