"""What search finds, for whom, and how it shows it."""

from datetime import timedelta
from types import MappingProxyType
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from common.access import ANONYMOUS, Level, Seat, Viewer
from common.search.actions import entries_of, relevel, remove, store
from common.search.choices import CANDIDATES, PAGE, START, STOP, Config
from common.search.models import SearchEntry
from common.search.queries import query, uuids_matching

pytestmark = pytest.mark.django_db

OWN, OTHER = 1, 2


def entry(title: str = "Charter", body: str = "", **fields: Any) -> UUID:
    uuid = fields.pop("uuid", None) or uuid4()
    fields = {"kind": "post", "level": Level.PUBLIC, "url": "/x/", **fields}
    store(entries_of(uuid=uuid, title=title, body=body, **fields))
    return uuid


def viewer(*, seat: str = "", office: str = "", in_alliance: bool = True, **fields: Any) -> Viewer:
    seats: dict[int, Seat] = {}
    if seat:
        offices = frozenset({office}) if office else frozenset()
        seats[OWN] = Seat(OWN, seat, None, read_only=False, offices=offices)
    return Viewer(person_id=1, in_alliance=in_alliance, seats=MappingProxyType(seats), **fields)


def titles(who: Viewer, words: str, **options: Any) -> list[str]:
    return [hit.plain_title for hit in query(who, words, **options).hits]


@pytest.mark.parametrize("words", ["-" * 200, "- " * 100, "-&" * 100, "safety " + "-!" * 60 + "x"])
def test_a_row_of_hyphens_is_no_failure(words: str) -> None:
    """As when somebody pastes a line of a table."""
    uuid = entry("Safety")

    found = titles(ANONYMOUS, words)
    assert found == (["Safety"] if "safety" in words else [])
    assert uuids_matching(ANONYMOUS, words, ["post"]) == [uuid for _ in found]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("resume", True),
        ("Résumé", True),
        ("benchmarking", True),
        ('"safety benchmark"', True),
        ('"benchmark safety"', False),
        ("safety -benchmark", False),
        ("nothing or safety", True),
    ],
)
def test_words_are_found_in_their_forms(words: str, found: bool) -> None:
    entry("A résumé of the safety benchmark")

    results = query(ANONYMOUS, words)

    assert bool(results.hits) is found
    assert not results.guessed


def test_other_languages_are_found_unstemmed_and_without_accents() -> None:
    entry("Règlement intérieur", config=Config.SIMPLE)

    assert titles(ANONYMOUS, "reglement") == ["Règlement intérieur"]


def test_exclusion_holds_in_each_language() -> None:
    entry("cat dog", config=Config.ENGLISH)
    entry("cats dogs", config=Config.SIMPLE)

    assert titles(ANONYMOUS, "cat -dog") == []
    assert titles(ANONYMOUS, "cats -dogs") == []


def test_title_counts_more_than_body_and_newer_more_than_older() -> None:
    now = timezone.now()
    entry("Minutes", "about the charter", at=now)
    entry("Charter", "old", at=now - timedelta(days=9))
    entry("Charter", "new", at=now)

    hits = query(ANONYMOUS, "charter").hits

    assert [hit.excerpt for hit in hits] == ["new", "old", "about the <mark>charter</mark>"]


VIEWERS = {
    "anonymous": ANONYMOUS,
    "applicant": viewer(in_alliance=False),
    "alliance": viewer(),
    "observer": viewer(seat="observer"),
    "member": viewer(seat="participant"),
    "secretary": viewer(seat="participant", office="secretary"),
    "chair": viewer(seat="participant", office="chair"),
    "staff": viewer(is_staff=True),
    "break-glass": viewer(is_staff=True, break_glass_ids=frozenset({OWN})),
}
SEEN = {
    "anonymous": {"public"},
    "applicant": {"public"},
    "alliance": {"public", "alliance"},
    "observer": {"public", "alliance", "members"},
    "member": {"public", "alliance", "members"},
    "secretary": {"public", "alliance", "members"},
    "chair": {"public", "alliance", "members", "chairs"},
    "staff": {"public", "alliance"},
    "break-glass": {"public", "alliance", "members", "chairs"},
}


@pytest.mark.parametrize("name", VIEWERS)
@pytest.mark.parametrize("words", ["zebra", "zebbra"])
def test_only_what_the_viewer_may_read_is_found_or_counted(name: str, words: str) -> None:
    """By words as by likeness."""
    for level in Level:
        entry(f"Zebra {level.name.lower()}", level=level, group_id=OWN)
    entry("Zebra elsewhere", level=Level.MEMBERS, group_id=OTHER)
    entry("Zebra elsewhere", level=Level.CHAIRS, group_id=OTHER)

    results = query(VIEWERS[name], words)

    assert {hit.plain_title.split()[1] for hit in results.hits} == SEEN[name]
    assert results.total == len(SEEN[name])
    assert results.guessed is (words == "zebbra")


def test_kinds_narrow_the_search() -> None:
    entry("Charter one", kind="post")
    entry("Charter two", kind="decision")

    assert titles(ANONYMOUS, "charter", kinds=["decision"]) == ["Charter two"]
    assert titles(ANONYMOUS, "charter", kinds=[]) == []


def test_indexing_again_replaces_and_removing_ends() -> None:
    uuid = entry("First", level=Level.MEMBERS, group_id=OWN)
    entry("Second", uuid=uuid, level=Level.PUBLIC)

    assert titles(ANONYMOUS, "second") == ["Second"]
    assert SearchEntry.objects.count() == 1

    remove(kind="post", uuid=uuid)
    assert not SearchEntry.objects.exists()


def test_closing_a_group_closes_one_level_of_one_group() -> None:
    entry("Zebra public", level=Level.PUBLIC, group_id=OWN)
    entry("Zebra alliance", level=Level.ALLIANCE, group_id=OWN)
    entry("Zebra chairs", level=Level.CHAIRS, group_id=OWN)
    entry("Zebra elsewhere", level=Level.ALLIANCE, group_id=OTHER)

    relevel(group_id=OWN, before=Level.ALLIANCE, after=Level.MEMBERS)

    assert titles(viewer(), "zebra") == ["Zebra elsewhere", "Zebra public"]
    assert len(titles(viewer(seat="participant"), "zebra")) == 3


def test_typing_errors_find_titles_that_look_alike() -> None:
    entry("Evaluation of language models")
    entry("Minutes of May")

    results = query(ANONYMOUS, "evalution")

    assert [hit.plain_title for hit in results.hits] == ["Evaluation of language models"]
    assert results.guessed


def test_markup_in_what_is_found_is_only_text() -> None:
    entry(
        "<script>alert(1)</script> zebra",
        f"<img src=x onerror=y> {START}zebra{STOP} & <b>zebra</b>",
    )

    (hit,) = query(ANONYMOUS, "zebra").hits

    assert hit.title == "&lt;script&gt;alert(1)&lt;/script&gt; <mark>zebra</mark>"
    assert "<img" not in hit.excerpt
    assert "<b>" not in hit.excerpt
    assert hit.excerpt.count("<mark>") == hit.excerpt.count("</mark>") == 2


def test_common_words_are_not_counted_to_the_end() -> None:
    SearchEntry.objects.bulk_create(
        entry
        for _ in range(CANDIDATES + 1)
        for entry in entries_of(
            kind="post", uuid=uuid4(), level=0, title="Zebra", body="", url="/x/"
        )
    )

    results = query(ANONYMOUS, "zebra")

    assert (results.total, results.more_than, len(results.hits)) == (CANDIDATES, True, PAGE)
    assert results.has_next


def test_pages_follow_each_other_without_gap_or_repetition() -> None:
    for number in range(PAGE + 5):
        entry(f"Zebra {number}")

    first, second, third = (query(ANONYMOUS, "zebra", page=page) for page in (1, 2, 3))

    seen = {hit.plain_title for hit in [*first.hits, *second.hits]}
    assert len(seen) == PAGE + 5 == first.total == second.total
    assert (first.has_next, second.has_next) == (True, False)
    assert third.hits == []


@pytest.mark.parametrize("rows", [2, 20])
def test_search_costs_three_queries_however_much_is_found(rows: int) -> None:
    for number in range(rows):
        entry(f"Zebra {number}")

    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert len(query(ANONYMOUS, "zebra").hits) == rows

    assert len(captured) == 3


@given(st.text(max_size=60))
def test_whatever_is_typed_has_an_answer(words: str) -> None:
    assert query(ANONYMOUS, words).hits == []


@pytest.mark.parametrize(
    "words", ["\x00", "\ud800", "'", "a & | ! b", '"', "-", "x" * 5000, "%s", "\\"]
)
def test_hostile_words_have_an_answer(words: str) -> None:
    assert query(ANONYMOUS, words).total == 0


def test_texts_with_nul_and_of_any_length_can_be_indexed() -> None:
    uuid = entry("a\x00b" * 200, "wörd " * 100_000 + "last\x00")

    (hit,) = query(ANONYMOUS, "last").hits
    assert hit.uuid == uuid


@pytest.mark.parametrize("words", ["-1", '-"word"', "-word", "-word -other", '-"two words" -安'])
def test_words_to_leave_out_alone_find_what_has_none_of_them(words: str) -> None:
    entry("Sails")
    entry("Winds")
    entry("A word and a word: 1, a, two words")

    assert sorted(titles(ANONYMOUS, words)) == ["Sails", "Winds"]
