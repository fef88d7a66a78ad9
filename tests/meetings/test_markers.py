import re
import time
from collections import Counter
from dataclasses import dataclass
from datetime import date

import lxml.html
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from common.text.markdown import TextKind, plain, read
from workinggroups.meetings import assignment as assignments
from workinggroups.meetings.assignment import Assignment, Doubt
from workinggroups.meetings.markers import Marker, MarkerKind, markers_in, parse_notes
from workinggroups.meetings.rendering import notes_html


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


MEETING_DAY = date(2026, 11, 25)  # a Wednesday


def action(text):
    return Marker(1, MarkerKind.ACTION, text)


def assignment(line, people) -> Assignment:
    return assignments.assignment(line, people, MEETING_DAY)


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
    assert markers_in(line) == [Marker(1, MarkerKind.ACTION, "@Grace asks")]


def test_a_line_marked_as_decision_is_found_with_its_number_in_the_text():
    text = "We talked.\n\ndecision: The limit is declared.\nNo one against."

    assert markers_in(text) == [Marker(3, MarkerKind.DECISION, "The limit is declared.")]


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
    assert markers_in(line) == []


def test_lines_in_fenced_code_are_left_alone():
    text = "```\naction: @Grace example\n~~~\n```\naction: @Grace real\n~~~~\ndecision: example"

    assert [line.number for line in markers_in(text)] == [5]


def test_a_mark_at_the_end_is_the_identity_of_the_line():
    line = "action: @Grace asks by 2026-12-04 [A-12]"

    assert markers_in(line) == [
        Marker(1, MarkerKind.ACTION, "@Grace asks by 2026-12-04", ("A-12",))
    ]


def test_an_action_says_who_does_what_by_when():
    said = assignment(action("@Grace Wanjiru asks the hospital group by 2026-12-04"), PEOPLE)

    assert (said.owners, said.text, said.due_on, said.doubt) == (
        (GRACE,),
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

    assert (said.owners, said.text) == ((owner,), "asks")


def test_a_name_that_several_have_is_a_choice():
    said = assignment(action("@Hélène writes the text"), PEOPLE)

    assert (said.owners, said.doubt, said.candidates) == (
        (),
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


@pytest.mark.parametrize(
    "source",
    [
        "- [ ] Convene and roll call\n- [x] Grace Hopper\n- [ ] Ada Lovelace",
        "Action: none",
        "decision: None.",
        "**Actions**\n\n- action: n/a",
        "Decision: –",
    ],
)
def test_a_box_without_a_name_and_a_line_that_says_none_make_nothing(source):
    assert markers_in(source) == []


def test_a_line_that_goes_on_belongs_to_its_item_and_its_mark_stands_at_the_end():
    source = (
        "1. Security\n    - action: @Grace writes the reply\n      by 2026-12-10\n    - more\n2. x"
    )

    (line,) = markers_in(source)

    assert line == Marker(2, MarkerKind.ACTION, "@Grace writes the reply by 2026-12-10")
    assert (
        parse_notes(source).with_references({2: ("A-1",)}).split("\n")[2]
        == "      by 2026-12-10 [A-1]"
    )


def test_each_line_of_a_paragraph_is_a_line_of_its_own():
    source = "We spoke.\naction: @Grace asks\nThen we left.\ndecision: yes, we do"

    assert [(line.number, line.text) for line in markers_in(source)] == [
        (2, "@Grace asks"),
        (4, "yes, we do"),
    ]


@pytest.mark.parametrize(
    "source", ["ＡＣＴＩＯＮ：＠Grace asks", "- **Action**： @Grace asks", "*action:* @Grace asks"]
)
def test_full_width_letters_and_emphasis_mark_a_line_too(source):
    (line,) = markers_in(source)

    assert assignment(line, PEOPLE).owners == (GRACE,)


@pytest.mark.parametrize(
    "source",
    ["| a |\n|---|\n| action: @Grace asks |", "> action: @Grace asks", "`action: @Grace asks`"],
)
def test_tables_quotes_and_code_hold_no_marked_lines(source):
    assert markers_in(source) == []


LUKASZ = Member("Łukasz Nowak")
ZOE = Member("Zoë Quist")
TARO = Member("山田太郎")
THORA = Member("Þóra Einarsdóttir")
MANY = [*PEOPLE, LUKASZ, ZOE, TARO, THORA]


@pytest.mark.parametrize(
    ("text", "owners", "rest"),
    [
        ("@Łukasz and @Zoë write it", (LUKASZ, ZOE), "write it"),
        ("@Lukasz, @Zoe and @Grace: write it", (LUKASZ, ZOE, GRACE), "write it"),
        ("@Łukasz/@Zoë write it", (LUKASZ, ZOE), "write it"),
        ("@Nowak writes it", (LUKASZ,), "writes it"),
        ("@Nowak Łukasz writes it", (LUKASZ,), "writes it"),
        ("@Thora writes it", (THORA,), "writes it"),
        ("@山田太郎さんは報告書を書く", (TARO,), "報告書を書く"),
        ("＠山田 太郎 報告書を書く", (TARO,), "報告書を書く"),
        ("@Grace talks to @Zoë", (GRACE,), "talks to @Zoë"),
    ],
)
def test_people_are_found_by_any_of_their_names_alone_or_several(text, owners, rest):
    said = assignment(action(text), MANY)

    assert (said.owners, said.text, said.doubt) == (owners, rest, None)


@pytest.mark.parametrize(
    ("phrase", "day"),
    [
        ("by 30 Dec 2026", date(2026, 12, 30)),
        ("by Dec 30, 2026", date(2026, 12, 30)),
        ("by 20 December", date(2026, 12, 20)),
        ("by the 3rd of January", date(2027, 1, 3)),
        ("before January 3rd, 2027", date(2027, 1, 3)),
        ("by Friday", date(2026, 11, 27)),
        ("by next Wednesday", date(2026, 12, 2)),
        ("by Fri, 4 December 2026", date(2026, 12, 4)),
        ("by tomorrow", date(2026, 11, 26)),
        ("until 4.12.2026", date(2026, 12, 4)),
        ("(due by 29 February)", date(2028, 2, 29)),
        ("2026年12月4日まで", date(2026, 12, 4)),
    ],
)
def test_days_are_understood_as_people_write_them_from_the_day_of_the_meeting(phrase, day):
    said = assignment(action(f"@Grace calls them {phrase}"), PEOPLE)

    assert (said.text, said.due_on, said.doubt) == ("calls them", day, None)


@pytest.mark.parametrize(
    "phrase", ["by 30 Feb 2027", "by 12/4/2026", "by the end of next week", "until 2026-13-01"]
)
def test_a_day_that_is_not_understood_is_said_and_its_words_stay(phrase):
    said = assignment(action(f"@Grace calls them {phrase}"), PEOPLE)

    assert (said.due_on, said.doubt) == (None, Doubt.BAD_DATE)
    assert phrase in said.text


@pytest.mark.parametrize("words", ["text by Grace and others", "sent by post", "led by two chairs"])
def test_by_without_a_day_is_a_word_like_any_other(words):
    said = assignment(action(f"@Grace asks for the {words}"), PEOPLE)

    assert (said.text, said.due_on, said.doubt) == (f"asks for the {words}", None, None)


texts = st.lists(
    st.one_of(
        st.sampled_from(
            [
                "action: @Grace asks",
                "- [ ] @x y",
                "decision: yes",
                "```",
                "~~~",
                "",
                "action: y [A-3]",
            ]
        ),
        st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=30),
    ),
    max_size=12,
).map("\n".join)


@given(texts)
def test_marking_the_lines_found_marks_them_and_changes_no_other(text):
    found = markers_in(text)

    marked = parse_notes(text).with_references(
        {line.number: (f"A-{line.number}",) for line in found}
    )

    assert [line.reference for line in markers_in(marked)] == [f"A-{line.number}" for line in found]
    lines = zip(text.split("\n"), marked.split("\n"), strict=True)
    changed = [(old, new) for old, new in lines if old != new]
    assert len(changed) <= len(found)
    assert all(re.sub(r"\s*\[A-\d+\]$", "", new) in old for old, new in changed)


@given(texts)
def test_a_marked_line_is_never_new_again(text):
    marks = {line.number: ("A-1",) for line in markers_in(text)}

    assert all(line.reference for line in markers_in(parse_notes(text).with_references(marks)))


@given(st.text(max_size=60), st.lists(st.text(min_size=1, max_size=12).map(Member), max_size=4))
def test_any_text_is_either_certain_or_says_what_is_in_doubt(text, people):
    said = assignment(action(text), people)

    assert (not said.owners) <= (said.doubt is not None)


LIST = """1. Security
    - We saw the report.
    - action: @Mira Sandström write the reply by 2026-12-10
    - Then we spoke of releases.
2. Releases
"""


def test_a_marked_line_stands_in_its_place_and_depth_and_numbering_goes_on():
    html = notes_html(LIST)

    assert html.count("<ol>") == html.count("<ul>") == 1
    assert re.findall(r"<li>([^<\n]*)", html) == [
        "Security",
        "We saw the report.",
        "",
        "Then we spoke of releases.",
        "Releases",
    ]
    assert re.search(r'<li>\s*<div class="line-record line-record--action">', html)


def test_the_words_around_marked_lines_stay_paragraphs_in_order():
    html = notes_html("We spoke.\naction: @Grace asks [A-3]\nThen.\ndecision: **yes**\n\nEnd.")

    assert re.sub(r"<[^>]*>|\s", " ", html).split() == (
        ["We", "spoke.", "Action", "A-3", "@Grace", "asks", "Then.", "Decision", "yes", "End."]
    )
    assert '<div class="line-record line-record--action" id="A-3">' in html
    assert "<strong>yes</strong>" in html


@given(texts)
@example("action: y [A-3]")
def test_notes_with_marked_lines_are_well_formed_and_lose_no_word(text):
    html = notes_html(text)

    shown = re.findall(r"\w+", plain(html))
    typed = re.findall(r"\w+", plain(read(text, TextKind.NOTES).html))
    assert Counter(typed) - Counter(shown) <= Counter(["action", "decision"] * len(typed))
    lxml.html.fragment_fromstring(html, create_parent=True)


# --- several owners, titles and days as people write them -----------------------------------------

MIRA = Member("Mira Sandström")
TOMAS = Member("Tomáš Hrubý")
MAREN = Member("Maren Okafor")
KAORI = Member("水無瀬香")
CHULSOO = Member("김철수")
HANAKO = Member("鈴木花子")
SEATED = [*MANY, MIRA, TOMAS, MAREN, KAORI, CHULSOO, HANAKO]


@pytest.mark.parametrize(
    "joined",
    [
        *(
            "and",
            "und",
            "et",
            "y",
            "e",
            "i",
            "oraz",
            "a",
            "en",
            "och",
            "og",
            "ja",
            "ve",
            "és",
            "es",
        ),
        *("și", "in", "ir", "un", "và", "και", "и", "та", "sowie", "agus", "ning", "as well as"),
        *(",", ", and", "&", "+", "/", ";", "と", "、", "和", "및", "及び"),
    ],
)
def test_two_names_joined_in_any_language_are_two_owners(joined):
    said = assignment(action(f"@Mira Sandström {joined} @Tomáš Hrubý piszą"), SEATED)

    assert (said.owners, said.text, said.doubt) == ((MIRA, TOMAS), "piszą", None)


@pytest.mark.parametrize(
    ("text", "owners", "rest"),
    [
        ("@Tomas, Mira and Maren write it", (TOMAS, MIRA, MAREN), "write it"),
        ("@Tomáš und Mira schreiben es", (TOMAS, MIRA), "schreiben es"),
        ("@Tomáš, Mira: write it", (TOMAS, MIRA), "write it"),
        ("@Mira/Tomáš write it", (MIRA, TOMAS), "write it"),
        ("@Mira and @Tomáš, Maren and Zoë write it", (MIRA, TOMAS, MAREN, ZOE), "write it"),
        ("@山田太郎と鈴木花子は報告書を書く", (TARO, HANAKO), "報告書を書く"),
        ("@山田太郎さんと@鈴木花子さんは 報告書を書く", (TARO, HANAKO), "報告書を書く"),
        ("@김철수와 @山田太郎 write", (CHULSOO, TARO), "write"),
        ("@Grace asks @Zoë for the text", (GRACE,), "asks @Zoë for the text"),
        ("@Grace, ask @Zoë for the text", (GRACE,), "ask @Zoë for the text"),
        ("@Grace tells @Zoë", (GRACE,), "tells @Zoë"),
        ("@Grace meets with @Zoë", (GRACE,), "meets with @Zoë"),
        ("@Mira in Prague writes it", (MIRA,), "in Prague writes it"),
        ("@Mira: Tomáš needs the text", (MIRA,), "Tomáš needs the text"),
        ("@Mira: @Tomáš needs the text", (MIRA,), "@Tomáš needs the text"),
        ("@Mira — write it", (MIRA,), "write it"),
        ("@Mira, call the office and Tomáš", (MIRA,), "call the office and Tomáš"),
    ],
)
def test_a_list_of_names_with_or_without_at_signs_is_several_owners(text, owners, rest):
    said = assignment(action(text), SEATED)

    assert (said.owners, said.text, said.doubt) == (owners, rest, None)


@pytest.mark.parametrize(
    ("text", "owners", "rest"),
    [
        ("Mira Sandström: write it", (MIRA,), "write it"),
        ("Mira Sandström and Tomáš Hrubý: write it", (MIRA, TOMAS), "write it"),
        ("Tomáš Hrubý, Mira Sandström und Grace Wanjiru: it", (TOMAS, MIRA, GRACE), "it"),
        ("Sandström Mira / Hrubý Tomáš: write it", (MIRA, TOMAS), "write it"),
        ("山田太郎と鈴木花子：報告書を書く", (TARO, HANAKO), "報告書を書く"),
    ],
)
def test_full_names_before_a_colon_need_no_at_sign(text, owners, rest):
    said = assignment(action(text), SEATED)

    assert (said.owners, said.text, said.doubt) == (owners, rest, None)


@pytest.mark.parametrize(
    "text",
    [
        "Mira: write it",
        "Mira and Tomáš: write it",
        "Mira Sandström together with Tomáš: write it",
        "Mira Sandström writes it",
        "Mira Sandström writes: it",
        "Mira Sandström and Nobody: write it",
        "Mira Sandström or Tomáš Hrubý: write it",
        "Call Mira Sandström: she knows",
        "Letter of Mira Sandström and Tomáš Hrubý: send it",
        ": Mira Sandström",
    ],
)
def test_without_an_at_sign_anything_less_than_full_names_is_a_doubt(text):
    assert assignment(action(text), SEATED).doubt == Doubt.NOBODY_NAMED


@pytest.mark.parametrize(
    ("text", "doubt"),
    [
        ("@Mira, Tomáš and @Nobody write", Doubt.UNKNOWN_NAME),
        ("@Mira and Nobody write", Doubt.MORE_NAMES),
        ("@Mira and others write", Doubt.MORE_NAMES),
        ("@Mira or @Tomáš writes", Doubt.MORE_NAMES),
        ("@Mira or Tomáš writes", Doubt.MORE_NAMES),
        ("@Mira with @Tomáš writes", Doubt.MORE_NAMES),
        ("@Mira zzz @Tomáš pisz", Doubt.MORE_NAMES),
        ("@Mira, Tomáš needs the text", Doubt.MORE_NAMES),
        ("@Tomáš and Hélène write", Doubt.SEVERAL),
    ],
)
def test_a_list_of_names_that_cannot_be_read_surely_is_a_doubt(text, doubt):
    assert assignment(action(text), SEATED).doubt == doubt


@pytest.mark.parametrize(
    ("text", "owner", "rest"),
    [
        ("@水無瀬香さんは 報告書を書く", KAORI, "報告書を書く"),
        ("@水無瀬香さんは報告書を書く", KAORI, "報告書を書く"),
        ("@水無瀬香 さんは 報告書を書く", KAORI, "報告書を書く"),
        ("@水無瀬香 報告書を書く", KAORI, "報告書を書く"),
        ("@김철수씨가 보고서를 쓴다", CHULSOO, "보고서를 쓴다"),
        ("@김철수 씨가 보고서를 쓴다", CHULSOO, "보고서를 쓴다"),
        ("@김철수가 보고서를 쓴다", CHULSOO, "보고서를 쓴다"),
        ("@김철수 이메일을 쓴다", CHULSOO, "이메일을 쓴다"),
        ("@김철수 교수님은 보고서를 쓴다", CHULSOO, "보고서를 쓴다"),
        ("@철수씨가 보고서를 쓴다", CHULSOO, "보고서를 쓴다"),
        ("@山田さんは報告書を書く", TARO, "報告書を書く"),
        ("@山田さんは 報告書を書く", TARO, "報告書を書く"),
        ("@山田 報告書を書く", TARO, "報告書を書く"),
        ("@太郎 報告書を書く", TARO, "報告書を書く"),
        ("@鈴木が報告書を書く", HANAKO, "報告書を書く"),
        ("@Mira Sandströmさんは報告書を書く", MIRA, "報告書を書く"),
        ("@Miraさんは 報告書を書く", MIRA, "報告書を書く"),
        ("@李 女士 写报告", LI, "写报告"),
    ],
)
def test_a_title_and_the_sign_of_who_acts_go_with_the_name(text, owner, rest):
    said = assignment(action(text), SEATED)

    assert (said.owners, said.text, said.doubt) == ((owner,), rest, None)


@pytest.mark.parametrize(
    ("text", "doubt"),
    [
        ("@山さんは報告書を書く", Doubt.UNKNOWN_NAME),
        ("@山川さんは報告書を書く", Doubt.UNKNOWN_NAME),
        ("@김철수민이 보고서를 쓴다", Doubt.UNKNOWN_NAME),
        ("@佐藤さんは報告書を書く", Doubt.SEVERAL),
    ],
)
def test_a_part_of_a_name_that_fits_nobody_or_several_is_a_doubt(text, doubt):
    people = [*SEATED, Member("佐藤一郎"), Member("佐藤美咲")]

    assert assignment(action(text), people).doubt == doubt


@pytest.mark.parametrize(
    ("text", "rest", "day"),
    [
        ("by 30 Dec 2026 call them and write", "call them and write", date(2026, 12, 30)),
        ("by Friday: call them", "call them", date(2026, 11, 27)),
        ("by next Friday call them", "call them", date(2026, 11, 27)),
        ("by tomorrow call them", "call them", date(2026, 11, 26)),
        ("(2026-12-10): call them", "call them", date(2026, 12, 10)),
        ("(by 10 December) call them", "call them", date(2026, 12, 10)),
        ("- 10 December 2026 - call them", "call them", date(2026, 12, 10)),
        ("call them (due: 2026-12-20)", "call them", date(2026, 12, 20)),
        ("call them, due: 20 December", "call them", date(2026, 12, 20)),
        ("call them [due 2026-12-20]", "call them", date(2026, 12, 20)),
        ("call them, deadline: 2026-12-20", "call them", date(2026, 12, 20)),
        ("call them - 2026-12-10", "call them", date(2026, 12, 10)),
        ("call them – 10 Dec", "call them", date(2026, 12, 10)),
        ("call them → 2026-12-10", "call them", date(2026, 12, 10)),
        ("call them bis 10.12.2026", "call them", date(2026, 12, 10)),
        ("call them bis zum 10.12.2026", "call them", date(2026, 12, 10)),
        ("call them до 10.12.2026", "call them", date(2026, 12, 10)),
        ("call about the 2026-12-10 meeting by 2026-12-04", None, date(2026, 12, 4)),
        ("12月4日までに電話する", "電話する", date(2026, 12, 4)),
        ("12월 4일까지 전화한다", "전화한다", date(2026, 12, 4)),
    ],
)
def test_a_day_is_read_before_the_words_and_behind_signs(text, rest, day):
    said = assignment(action(f"@Grace {text}"), SEATED)

    assert (said.due_on, said.doubt) == (day, None)
    assert said.text == (rest or "call about the 2026-12-10 meeting")


@pytest.mark.parametrize(
    "text",
    [
        *("call them by the next meeting", "call them by EOD", "call them by Christmas"),
        *("call them within two weeks", "call them in two weeks", "call them within 14 days"),
        *("call them before the next call of the group", "call them next week"),
        *("call them by the end of the month", "call them by the end of next week, please"),
        *("by EOD call them", "by the next meeting: call them", "by 12/4/2026 call them"),
        *("call about the 2026-12-10 meeting", "call about 20 December at the office"),
        *(
            "2026-12-10 call them",
            "report on the talk of 3 May 2026 to all",
            "bis Weihnachten anrufen",
        ),
        *("appelle avant le 10 décembre 2026", "llama antes del 10 de diciembre de 2026"),
        *(
            "anrufen bis 10. Dezember",
            "zadzwoni do 10 grudnia",
            "anrufen binnen zwei Wochen",
            "call on 20 December",
        ),
        *("call them on Friday", "call them tomorrow", "call them (2026-12-10)"),
        *("call them 2026-12-10 please", "call them by 12/10", "by 3 Dec call by 5 Dec"),
        *("2026年12月10日の会議について電話する", "call them due: soon after 2027"),
    ],
)
def test_a_time_that_is_not_surely_the_day_it_is_due_is_said(text):
    said = assignment(action(f"@Grace {text}"), SEATED)

    assert (said.doubt, said.text) == (Doubt.BAD_DATE, text)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-12-10 call them", date(2026, 12, 10)),
        ("call on 20 December", date(2026, 12, 20)),
        ("call them on Friday", date(2026, 11, 27)),
        ("call them (2026-12-10)", date(2026, 12, 10)),
        ("call about the 2026-12-10 meeting", None),
    ],
)
def test_a_day_at_the_end_of_the_line_is_offered_beside_the_doubt(text, day):
    assert assignment(action(f"@Grace {text}"), SEATED).due_on == day


@pytest.mark.parametrize(
    "text",
    [
        *("write 2 pages about section 3.2", "may ask Li", "march to the office"),
        *("speak to the second chair", "order 12 reports", "ask for the weekly report"),
        *("read RFC 2026", "draft version 2.0.1", "send it by post to all 57 members"),
        *("do 2 reviews of the draft", "explain the delay due to the meeting room"),
        *("work on the day of rest", "ask whether monitoring is done"),
    ],
)
def test_words_and_numbers_that_name_no_day_are_certain(text):
    said = assignment(action(f"@Grace {text}"), SEATED)

    assert (said.text, said.due_on, said.doubt) == (text, None, None)


# --- what makes no item ---------------------------------------------------------------------------


@pytest.mark.parametrize("word", ["action", "decision"])
@pytest.mark.parametrize(
    "nothing",
    [
        *("none", "None.", "none taken", "none taken.", "no decisions", "no decisions were taken"),
        *("none at this time", "none so far", "none yet", "TBD", "tbc", "to be decided", "(none)"),
        *('"none"', "“none”", "*none*", "n/a", "N.A.", "keine", "Keine.", "keine Beschlüsse"),
        *("aucune", "aucune décision", "néant", "ninguna", "nessuna", "geen", "ingen", "brak"),
        *(
            "žádné",
            "нет",
            "なし",
            "特になし",
            "なし。",
            "无",
            "無",
            "没有",
            "없음",
            "no actions taken today",
        ),
    ],
)
def test_a_line_that_says_in_any_way_that_there_is_nothing_makes_nothing(word, nothing):
    assert markers_in(f"{word}: {nothing}") == []


@pytest.mark.parametrize(
    "something",
    [
        "none of the drafts is ready, @Mira writes",
        "no decisions are final before the vote",
        "none taken by @Mira",
        "nothing is published before May",
        "no objection",
        "TBD by @Mira",
        "keine Gebühren",
        "無料で公開する",
    ],
)
def test_a_line_that_begins_with_none_and_says_something_is_kept(something):
    (line,) = markers_in(f"action: {something}")

    assert line.text == something


# --- boxes that are ticked ------------------------------------------------------------------------


@pytest.mark.parametrize(
    "source", ["- [x] action: @Mira is done already", "* [X] **Action:** @Mira is done"]
)
def test_a_ticked_line_makes_no_item_and_its_box_is_shown(source):
    assert markers_in(source) == []
    assert "☑" in notes_html(source)
    assert "line-record" not in notes_html(source)


@pytest.mark.parametrize("source", ["- [x] action: @Mira asks [A-3]", "- [x] @Mira asks [A-3]"])
def test_a_ticked_line_keeps_the_number_of_its_item_and_shows_its_box(source):
    (line,) = markers_in(source)

    assert (line.text, line.references, line.is_done) == ("@Mira asks", ("A-3",), True)
    html = notes_html(source)
    assert 'id="A-3"' in html
    assert plain(html).count("☑") == 1


def test_a_ticked_decision_is_a_decision_and_shows_its_box():
    (line,) = markers_in("- [x] decision: We publish.")

    assert (line.kind, line.text) == (MarkerKind.DECISION, "We publish.")
    assert plain(notes_html("- [x] decision: We publish.")).count("☑") == 1


# --- time --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "@Grace Wanjiru " + "(" * 12_000 + "x",
        "@Grace Wanjiru asks " + "(" * 12_000 + " by 2026-12-04",
        "@Grace Wanjiru " + "[A-1]" * 8_000 + "x",
        "@Grace Wanjiru asks" + " " * 60_000 + "x",
        "@" + "a" * 60_000,
        "@" + "山" * 20_000,
        "@Grace Wanjiru " * 3_000,
        "@Grace Wanjiru" + ", Grace" * 8_000,
        "@Grace Wanjiru " + "by " * 20_000,
        "@Grace Wanjiru " + "1月" * 20_000,
    ],
    ids=[
        *("open", "open_before_day", "marks", "spaces", "word", "letters", "names"),
        *("listed", "by", "days"),
    ],
)
def test_a_line_of_any_length_is_read_in_a_moment(text):
    begun = time.process_time()

    (line,) = markers_in(f"action: {text}")
    assignment(line, PEOPLE)
    parse_notes(f"action: {text}").with_references({1: ("A-1",)})

    assert time.process_time() - begun < 0.8


def test_many_lines_in_a_large_group_are_read_in_a_moment():
    people = [Member(f"山田 {number} 太郎") for number in range(100)]
    begun = time.process_time()

    for number in range(100):
        assignment(action(f"@Someone else asks for {number} of them by Friday"), people)

    assert time.process_time() - begun < 0.8


def test_a_number_typed_twice_can_be_pointed_at_once():
    html = notes_html("action: @Grace asks [A-3]\naction: @Zoë asks [A-4] [A-3]\naction: x y [A-4]")

    assert re.findall(r'id="([^"]*)"', html) == ["A-3", "A-4"]
