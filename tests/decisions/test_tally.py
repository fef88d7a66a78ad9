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


@pytest.mark.parametrize(
    ("method", "counts", "dissent"),
    [
        ("majority", (2, 9, 1), ""),
        ("majority", (2, 2, 0), ""),
        ("majority", (0, 0, 7), ""),
        ("two_thirds", (19, 10, 0), ""),
        ("two_thirds", (0, 0, 3), ""),
        ("unanimity", (5, 1, 0), ""),
        ("unanimity", (None, None, None), "One was against."),
        ("consensus", (9, 1, 0), ""),
        ("consensus", (None, None, None), "One upholds an objection."),
        ("lazy_consensus", (None, None, None), "One objected in time."),
        ("rough_consensus", (7, 6, 0), "Six uphold their objection."),
    ],
)
def test_a_rejected_proposal_is_one_that_did_not_carry(method, counts, dissent):
    check(method, Tally(*counts), dissent, "rejected")


@pytest.mark.parametrize(
    ("method", "counts", "dissent", "field"),
    [
        ("majority", (12, 3, 0), "", "votes_for"),
        ("majority", (None, None, None), "", "votes_for"),
        ("two_thirds", (20, 10, 0), "", "votes_for"),
        ("two_thirds", (5, None, None), "", "votes_against"),
        ("unanimity", (5, 0, 0), "", "dissent"),
        ("consensus", (9, 0, 1), "", "dissent"),
        ("consensus", (None, None, None), "", "dissent"),
        ("lazy_consensus", (None, None, None), "", "dissent"),
        ("rough_consensus", (9, 0, 0), "", "dissent"),
    ],
)
def test_what_carried_is_not_rejected(method, counts, dissent, field):
    with pytest.raises(Invalid) as refusal:
        check(method, Tally(*counts), dissent, "rejected")

    assert refusal.value.field == field


def test_counts_that_carry_say_what_to_do_instead():
    with pytest.raises(
        Invalid,
        match=r"^12 for and 3 against is a majority\. Record it as adopted, or correct the counts\.$",
    ):
        check("majority", Tally(12, 3, 1), "", "rejected")
    with pytest.raises(Invalid, match=r"^20 of 30 votes cast are two thirds or more\. Record it"):
        check("two_thirds", Tally(20, 10), "", "rejected")


@pytest.mark.parametrize(
    ("outcome", "unit", "field"), [("maybe", "", "outcome"), ("adopted", "votes", "unit")]
)
def test_an_outcome_or_unit_of_nobody_is_refused(outcome, unit, field):
    with pytest.raises(Invalid) as refusal:
        check("majority", Tally(3, 2, 0, unit), "", outcome)

    assert refusal.value.field == field


@pytest.mark.parametrize(
    ("tally", "words", "against"),
    [
        (Tally(), "", ""),
        (Tally(12, 3, 1), "12 for, 3 against, 1 abstained", "3 voted against"),
        (
            Tally(1, 1, 0, "organizations"),
            "1 organization for, 1 against",
            "1 organization voted against",
        ),
        (
            Tally(12, 3, 2, "organizations"),
            "12 organizations for, 3 against, 2 abstained",
            "3 organizations voted against",
        ),
        (Tally(1, 1, None, "people"), "1 person for, 1 against", "1 person voted against"),
        (Tally(2, 0, None, "people"), "2 people for, 0 against", ""),
    ],
)
def test_counts_say_what_they_count(tally, words, against):
    assert (tally.words, tally.words_against) == (words, against)
