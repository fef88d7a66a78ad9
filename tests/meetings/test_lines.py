from dataclasses import dataclass
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workinggroups.meetings.lines import (
    Doubt,
    LineKind,
    MarkedLine,
    assignment,
    marked_lines,
    with_marks,
)


@dataclass(frozen=True)
class Member:
    name: str

    def __str__(self) -> str:
        return self.name


GRACE = Member("Grace Wanjiru")
HELENE = Member("Hélène Marchetti")
HELENE_TOO = Member("Hélène Roche")
LI = Member("李 伟")
PEOPLE = [GRACE, HELENE, HELENE_TOO, LI]


def action(text):
    return MarkedLine(1, LineKind.ACTION, text)


@pytest.mark.parametrize(
    "line",
    [
        "action: @Grace asks",
        "Action: @Grace asks",
        "ACTION : @Grace asks",
        "- action: @Grace asks",
        "* Action: @Grace asks",
        "1. action: @Grace asks",
        "**Action:** @Grace asks",
        "**action**: @Grace asks",
        "  - [ ] @Grace asks",
        "* [ ] @Grace asks  ",
    ],
)
def test_a_line_marked_as_action_is_found(line):
    assert list(marked_lines(line)) == [MarkedLine(1, LineKind.ACTION, "@Grace asks")]


def test_a_line_marked_as_decision_is_found_with_its_number_in_the_text():
    text = "We talked.\n\ndecision: The limit is declared.\nNo one against."

    assert list(marked_lines(text)) == [MarkedLine(3, LineKind.DECISION, "The limit is declared.")]


@pytest.mark.parametrize(
    "line",
    [
        "An action: is not one inside a sentence",
        "actions: many",
        "action:",
        "- [x] @Grace asked",
        "> action: quoted",
        "decisions: none",
        "**action: @Grace half bold",
    ],
)
def test_other_lines_are_left_alone(line):
    assert list(marked_lines(line)) == []


def test_lines_in_fenced_code_are_left_alone():
    text = "```\naction: @Grace example\n~~~\n```\naction: @Grace real\n~~~~\ndecision: example"

    assert [line.number for line in marked_lines(text)] == [5]


def test_a_mark_at_the_end_is_the_identity_of_the_line():
    line = "action: @Grace asks by 2026-12-04 [A-12]"

    assert list(marked_lines(line)) == [
        MarkedLine(1, LineKind.ACTION, "@Grace asks by 2026-12-04", "A-12")
    ]


def test_an_action_says_who_does_what_by_when():
    said = assignment(action("@Grace Wanjiru asks the hospital group by 2026-12-04"), PEOPLE)

    assert (said.owner, said.text, said.due_on, said.doubt) == (
        GRACE,
        "asks the hospital group",
        date(2026, 12, 4),
        None,
    )


@pytest.mark.parametrize(
    ("text", "owner"),
    [
        ("@grace asks", GRACE),
        ("@GRACE WANJIRU: asks", GRACE),
        ("@helene marchetti asks", HELENE),
        ("@ Hélène Roche, asks", HELENE_TOO),
        ("@李 asks", LI),
        ("@李 伟 asks", LI),
    ],
)
def test_names_are_found_whatever_their_capitals_accents_and_length(text, owner):
    said = assignment(action(text), PEOPLE)

    assert (said.owner, said.text) == (owner, "asks")


def test_a_name_that_several_have_is_a_choice():
    said = assignment(action("@Hélène writes the text"), PEOPLE)

    assert (said.owner, said.doubt, said.candidates) == (
        None,
        Doubt.SEVERAL,
        (HELENE, HELENE_TOO),
    )


@pytest.mark.parametrize(
    ("text", "doubt"),
    [
        ("write the text", Doubt.NOBODY_NAMED),
        ("@Nobody writes the text", Doubt.UNKNOWN_NAME),
        ("@ ", Doubt.UNKNOWN_NAME),
        ("@Grace writes by 2026-02-30", Doubt.BAD_DATE),
    ],
)
def test_a_line_that_is_not_certain_says_why(text, doubt):
    assert assignment(action(text), PEOPLE).doubt == doubt


@pytest.mark.parametrize(
    "end", [" by 2026-12-04", " by 2026-12-04.", " (by 2026-12-4)", ", until 2026-12-04"]
)
def test_the_date_may_end_the_line_in_several_ways(end):
    said = assignment(action("@Grace asks" + end), PEOPLE)

    assert (said.text, said.due_on) == ("asks", date(2026, 12, 4))


texts = st.lists(
    st.one_of(
        st.sampled_from(
            ["action: @Grace asks", "- [ ] x", "decision: yes", "```", "~~~", "", "action: y [A-3]"]
        ),
        st.text(st.characters(exclude_characters="\r", exclude_categories=["Cs"]), max_size=30),
    ),
    max_size=12,
).map("\n".join)


@given(texts)
def test_marking_the_lines_found_marks_them_and_changes_no_other(text):
    found = list(marked_lines(text))

    marked = with_marks(text, {line.number: f"A-{line.number}" for line in found})

    assert [line.mark for line in marked_lines(marked)] == [f"A-{line.number}" for line in found]
    numbers = {line.number for line in found}
    lines = zip(text.split("\n"), marked.split("\n"), strict=True)
    assert all(
        old == new for number, (old, new) in enumerate(lines, start=1) if number not in numbers
    )


@given(texts)
def test_a_marked_line_is_never_new_again(text):
    marks = {line.number: "A-1" for line in marked_lines(text)}

    assert all(line.mark for line in marked_lines(with_marks(text, marks)))


@given(st.text(max_size=60), st.lists(st.text(min_size=1, max_size=12).map(Member), max_size=4))
def test_any_text_is_either_certain_or_says_what_is_in_doubt(text, people):
    said = assignment(action(text), people)

    assert (said.owner is None) <= (said.doubt is not None)
