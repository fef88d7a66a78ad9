"""An agenda pasted as one text is split into its items, and no word of it is lost."""

import os
import re
from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from common.errors import Invalid
from common.text.markdown import read
from members.people.models import Person
from tests.text.composing import composed
from workinggroups.meetings.agenda_lines import PresenterNames, minutes_in, read_line
from workinggroups.meetings.choices import AGENDA_TITLE_MAX_CHARACTERS
from workinggroups.meetings.pasted_agenda import PastedAgenda, Point, split_agenda

EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "150"))

MIRA, CHIARA, TOMAS = (
    Person(pk=pk, name=name)
    for pk, name in enumerate(("Mira Member", "Chiara Chair", "Tomás Chair"), start=1)
)
PEOPLE = [MIRA, CHIARA, TOMAS]


def split(source: str, most: int = 60) -> list[Point]:
    return list(split_agenda(source, PEOPLE, most=most).points)


def titles(source: str) -> list[str]:
    return [point.title for point in split(source)]


@pytest.mark.parametrize(
    "source",
    [
        "## Welcome\n## Budget\nNumbers.\n## Any other business",
        "Welcome\n===\n\nBudget\n===\nNumbers.\n\nAny other business\n===",
        "## 1. Welcome\n\n## 2. Budget\n\nNumbers.\n\n## 3. Any other business",
        "1. Welcome\n2. Budget\n   Numbers.\n3. Any other business",
        "1. Welcome\n\n2. Budget\n\n   Numbers.\n\n3. Any other business",
        "- Welcome\n- Budget\n  - Numbers.\n- Any other business",
        "1. Welcome\n\n2. Budget\n\n- Numbers.\n\n3. Any other business",
        "**Welcome**\n\n**Budget**\nNumbers.\n\n**Any other business**",
        "**1. Welcome**\n**2. Budget**\nNumbers.\n**3. Any other business**",
        "•\tWelcome\n•\tBudget\n\to\tNumbers.\n•\tAny other business",
        "\t1.\tWelcome\n\t2.\tBudget\n\t2.1\tNumbers.\n\t3.\tAny other business",
        "1)\tWelcome\r\n2)\tBudget\r\n2.1)\tNumbers.\r\n3)\tAny other business\r\n",
        "1.1 Welcome\n1.2 Budget\n1.2.1 Numbers.\n1.3 Any other business",
        "a) Welcome\nb) Budget\nNumbers.\nc) Any other business",
        "\uf0b7 Welcome\n\uf0b7 Budget\n– Numbers.\n\uf0b7 Any other business",
        "- [ ] Welcome\n- [ ] Budget\n  Numbers.\n- [x] Any other business",
    ],
)
def test_an_agenda_is_split_at_its_headings_or_list(source: str) -> None:
    points = split(source)

    assert [point.title for point in points] == ["Welcome", "Budget", "Any other business"]
    assert [bool(point.text) for point in points] == [False, True, False]
    assert "Numbers." in points[1].text


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("# The call\n\nJoin here.\n\n1. Welcome\n2. Budget", ["The call", "Welcome", "Budget"]),
        ("# Call\n## A\n## B\n### B1\n### B2", ["Call", "A", "B"]),
        ("# Call\n## Tuesday\n### A\n### B", ["Call", "Tuesday", "A", "B"]),
        ("Agenda:\n\n- A\n- B", ["Agenda", "A", "B"]),
        ("- Agenda\n  - A\n  - B", ["Agenda", "A", "B"]),
        ("Welcome\nBudget\n\nAny other business", ["Welcome", "Budget", "Any other business"]),
        ("09:00 Welcome\n09:10–09:30 Budget", ["09:00 Welcome", "09:10–09:30 Budget"]),
        ("1. 2026 budget\n2. 3.5 percent more", ["2026 budget", "3.5 percent more"]),
        ("1. A\n\nClosing words.", ["A"]),
        ("> 1. A\n> 2. B", ["A B"]),
        ("", []),
        ("\n  \n", []),
    ],
)
def test_what_is_an_item_follows_what_the_text_has(source: str, expected: list[str]) -> None:
    assert titles(source) == expected


def test_a_text_without_items_is_one_item() -> None:
    prose = "We talk about the pilot, which began in March and goes on. " * 5

    assert split(prose)[0].text == prose.strip()
    assert len(split(prose)) == 1


def test_a_long_title_is_cut_and_whole_in_the_text() -> None:
    long = "Review of the draft " * 12

    point = split(f"1. {long}\n2. B")[0]

    assert len(point.title) <= AGENDA_TITLE_MAX_CHARACTERS
    assert point.text == long.strip()


def test_links_of_a_title_are_kept_in_the_text() -> None:
    points = split(
        "1. Review [the draft](https://a.example/d)\n2. See https://a.example/e today\n3. C"
    )

    assert [point.title for point in points] == ["Review the draft", "See today", "C"]
    assert points[0].text == "[the draft](https://a.example/d)"
    assert points[1].text == "https://a.example/e"


def test_each_item_has_the_link_definitions_it_needs() -> None:
    points = split(
        "## A\nSee [one] and [two][2].\n## B\nSee [three].\n## C\n\n[one]: /1\n[2]: /2\n"
    )

    assert points[0].text == "See [one] and [two][2].\n\n[one]: /1\n[2]: /2"
    assert points[1].text == "See [three]."
    assert points[2].text == ""


def test_what_an_agenda_has_no_room_for_stays_in_the_last_item() -> None:
    pasted = split_agenda("1. A\n2. B\n   b\n3. C\n4. D", PEOPLE, most=2)

    assert [point.title for point in pasted.points] == ["A", "B"]
    assert pasted.points[1].text == "b\n3. C\n4. D"
    assert pasted.merged == 2


def test_metadata_before_a_text_is_read_as_words() -> None:
    assert "title: Call" in titles("---\ntitle: Call\n---\n# A\n# B")


@pytest.mark.parametrize(
    ("line", "words", "minutes", "presenter"),
    [
        ("Budget (10 min)", "Budget", 10, None),
        ("Budget [10']", "Budget", 10, None),
        ("Budget, 10 minutes", "Budget", 10, None),
        ("Budget – 1 h 30 min", "Budget", 90, None),
        ("Budget 1h30", "Budget", 90, None),
        ("Budget 2026 10 min", "Budget 2026", 10, None),
        ("10 min: Budget", "Budget", 10, None),
        ("[10 min] Budget", "Budget", 10, None),
        ("预算（10分钟）", "预算", 10, None),
        ("Budget (Mira Member)", "Budget", None, MIRA),
        ("Budget (mira, 10 min)", "Budget", 10, MIRA),
        ("Budget (10 min) (Mira)", "Budget", 10, MIRA),
        ("Budget – Mira Member – 5 min", "Budget", 5, MIRA),
        ("Budget: Member, Mira", "Budget: Member, Mira", None, None),
        ("Budget, presented by Tomas", "Budget", None, TOMAS),
        ("Budget @Mira", "Budget", None, MIRA),
        # What is not certain stays.
        ("Budget (Chair)", "Budget (Chair)", None, None),
        ("Budget (Mira, Tomás)", "Budget (Mira, Tomás)", None, None),
        ("Budget (Mira and others)", "Budget (Mira and others)", None, None),
        ("Budget (10 min, all)", "Budget (all)", 10, None),
        ("Budget – Mira", "Budget – Mira", None, None),
        ("Budget (10–15 min)", "Budget (10–15 min)", None, None),
        ("Budget (9999 min)", "Budget (9999 min)", None, None),
        ("Review of 3 items", "Review of 3 items", None, None),
        ("10 min", "10 min", None, None),
        ("(Mira)", "(Mira)", None, None),
    ],
)
def test_length_and_presenter_are_read_where_they_are_certain(
    line: str, words: str, minutes: int | None, presenter: Person | None
) -> None:
    read = read_line(line, PresenterNames(PEOPLE))

    assert (read.words, read.minutes, read.presenter) == (words, minutes, presenter)


def test_two_people_of_one_name_are_no_presenter() -> None:
    names = PresenterNames([MIRA, Person(pk=9, name="Mira Member")])

    assert read_line("Budget (Mira Member)", names).presenter is None


@pytest.mark.parametrize(
    ("words", "minutes"),
    [("5", None), ("0 min", None), ("90 m", 90), ("2 hours", 120), ("24 h", 1440), ("25 h", None)],
)
def test_a_length_has_its_unit(words: str, minutes: int | None) -> None:
    assert minutes_in(words) == minutes


# --- no word is lost ----------------------------------------------------------------------------


@dataclass
class Written:
    """An agenda in one of the styles in which people write them, and the words of each item."""

    source: str
    words: list[list[str]]


@st.composite
def agendas(draw: st.DrawFn) -> Written:
    style = draw(
        st.sampled_from(
            ["## {}", "# {}", "{}. {}", "- {}", "* {}", "{}.\t{}", "•\t{}", "**{}**", "1.{} {}"]
        )
    )
    # Without an empty line before it, a bold line belongs to the list before it.
    end = "\n\n" if style == "**{}**" else draw(st.sampled_from(["\n", "\n\n"]))
    count = draw(st.integers(2, 6))
    number = 0

    def word() -> str:
        nonlocal number
        number += 1
        letters = "abcdefghij"
        return (
            "w"
            + "".join(letters[int(digit)] for digit in str(number))
            + draw(st.sampled_from(["", "é", "の", "-x"]))
        )

    lines, words = [], []
    is_block = style in {"## {}", "# {}", "**{}**"}
    for place in range(1, count + 1):
        own = [word() for _ in range(draw(st.integers(1, 4)))]
        title = " ".join(own)
        length = draw(st.sampled_from(["", " (10 min)", ", 5 min", " – 15'"]))
        filled = style.format(place, title) if style.count("{}") == 2 else style.format(title)
        line = f"{filled[:-2]}**{length}" if style == "**{}**" else filled + length
        below = []
        indent = "" if is_block else "   "
        for _ in range(draw(st.integers(0, 3))):
            own.append(word())
            kind = draw(st.sampled_from(["{}", "- {}", "  - {}", "*{}*", "`{}`", "[{}](/x)"]))
            if style in {"•\t{}", "1.{} {}"}:
                kind = "{}"
            below.append(indent + kind.format(own[-1]))
        lines.append("\n".join([line, *below]))
        words.append(own)
    return Written(end.join(lines), words)


@settings(max_examples=EXAMPLES)
@given(agendas())
def test_each_item_has_its_own_words(written: Written) -> None:
    points = split(written.source)

    assert len(points) == len(written.words)
    for point, words in zip(points, written.words, strict=True):
        shown = f"{point.title} {read(point.text).words}"
        missing = [word for word in words if word not in shown]
        assert missing == [], (written.source, point)


@settings(max_examples=EXAMPLES)
@given(st.integers(0, 2**32), st.integers(1, 60))
def test_no_word_is_lost_whatever_is_pasted(seed: int, most: int) -> None:
    text = composed(seed)
    try:
        whole = read(text.source)
    except Invalid:
        return
    pasted = split_agenda(text.source, PEOPLE, most=most)

    shown = shown_words(pasted)
    missing = [word for word in text.seen if word in whole.words and word not in shown]
    assert len(pasted.points) <= most
    assert missing == [], (text.source, pasted)


@settings(max_examples=EXAMPLES)
@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]) | st.sampled_from("\n\t#-*1.)([]`")))
def test_every_text_is_split_or_refused_in_words(source: str) -> None:
    try:
        pasted = split_agenda(source, PEOPLE, most=60)
    except Invalid:
        return
    letters = set(re.findall(r"[^\W\d_]{2,}", read(source).words))
    assert letters - set(re.findall(r"[^\W\d_]{2,}", shown_words(pasted))) <= {"min", "hrs"}
    assert all(point.title.strip() for point in pasted.points)


def shown_words(pasted: PastedAgenda) -> str:
    return " ".join(f"{point.title} {read(point.text).html}" for point in pasted.points)
