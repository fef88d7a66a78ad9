"""The arithmetic of a decision, at its edges."""

import pytest

from common.errors import Invalid
from workinggroups.decisions.tally import Tally, check


@pytest.mark.parametrize(
    ("method", "counts", "dissent"),
    [
        ("majority", (3, 2, 9), ""),
        ("majority", (1, 0, None), ""),
        ("two_thirds", (2, 1, 0), ""),
        ("two_thirds", (20, 10, 5), "Two hold that it comes too early."),
        ("unanimity", (5, 0, 2), ""),
        ("unanimity", (None, None, None), ""),
        ("consensus", (None, None, None), ""),
        ("consensus", (9, 0, 1), "One would have preferred other words."),
        ("lazy_consensus", (None, None, None), ""),
        ("rough_consensus", (None, None, None), "One upholds an objection."),
        ("rough_consensus", (9, 1, 0), "One upholds an objection."),
    ],
)
def test_a_result_that_carries(method, counts, dissent):
    check(method, Tally(*counts), dissent)


@pytest.mark.parametrize(
    ("method", "counts", "dissent", "field"),
    [
        ("majority", (2, 2, 0), "", "votes_for"),
        ("majority", (0, 0, 7), "", "votes_for"),
        ("majority", (None, None, None), "", "votes_for"),
        ("two_thirds", (19, 10, 0), "", "votes_for"),
        ("two_thirds", (0, 0, 3), "", "votes_for"),
        ("two_thirds", (5, None, None), "", "votes_against"),
        ("unanimity", (5, 1, 0), "", "votes_against"),
        ("unanimity", (None, None, None), "One was against.", "dissent"),
        ("consensus", (9, 1, 0), "One was against.", "votes_against"),
        ("lazy_consensus", (3, 1, 0), "", "votes_against"),
        ("rough_consensus", (9, 1, 0), "", "dissent"),
        ("rough_consensus", (4, 5, 0), "Five were against.", "votes_for"),
        ("consensus", (None, 1, None), "", "votes_for"),
        ("consensus", (None, None, 2), "", "votes_for"),
    ],
)
def test_a_result_that_does_not_carry_names_its_field(method, counts, dissent, field):
    with pytest.raises(Invalid) as refusal:
        check(method, Tally(*counts), dissent)

    assert refusal.value.field == field


def test_two_thirds_says_how_many_were_needed():
    with pytest.raises(Invalid, match=r"Two thirds of 29 votes cast are 20, but only 19 were for"):
        check("two_thirds", Tally(19, 10, 4))


def test_abstentions_do_not_change_the_share():
    assert Tally(2, 1, 100).share_for == Tally(2, 1).share_for


def test_no_votes_cast_is_no_share():
    assert Tally(0, 0, 3).share_for == 0.0
