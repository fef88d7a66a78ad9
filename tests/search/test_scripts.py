"""Texts whose words no space divides are found by any part of them."""

import unicodedata
from importlib import import_module
from uuid import uuid4

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client
from hypothesis import example, given, settings
from hypothesis import strategies as st

from common.access import ANONYMOUS, Level
from common.search.actions import entries_of, renew, reword, store
from common.search.models import SearchEntry
from common.search.queries import query
from common.search.words import PART_CHARACTERS, parts_of, words_of
from tests.search.test_search import entry, titles, viewer

pytestmark = pytest.mark.django_db

LETTERS = {
    "Han and kana": "安全性評価の作業部会をータ設立",
    "Hangul": "안전성평가작업반을만들다",
    "Thai": "การประเมินความปลอดภัยของน้ำ",
    "Lao": "ການປະເມີນຄວາມປອດໄພ",
    "Khmer": "ការវាយតម្លៃសុវត្ថិភាព",
    "Burmese": "ဘေးကင်းရေးအကဲဖြတ်ခြင်း",
}
TEXTS = [
    ("安全性評価の作業部会を設立する。", ["評価", "作業部会", "安全性", "する", "立"]),
    ("模型评估报告", ["评估", "模型评估报告", "报"]),
    ("AIモデルの安全性（2026年版）", ["AIモデル", "モデル", "安全性", "2026", "ＡＩ"]),
    ("ﾓﾃﾞﾙの評価", ["モデル", "ﾓﾃﾞﾙ"]),
    ("ﾊﾝｶｸの文", ["ハンカク", "ﾊﾝｶｸ"]),
    ("カタカナの文", ["カタカナ", "ｶﾀｶﾅ"]),
    ("ﾡﾢ의 표", ["ㄱㄲ", "ᄀᄁ"]),
    ("การประเมินความปลอดภัย", ["ประเมิน", "ปลอดภัย"]),
    ("ការ\u200bវាយតម្លៃ", ["ការវាយតម្លៃ"]),
    ("안전성 평가를 위한 작업반", ["평가", "작업반", "전성"]),
]


@pytest.mark.parametrize(("text", "asked"), TEXTS, ids=[text[:6] for text, _ in TEXTS])
def test_parts_of_a_sentence_without_spaces_are_found(text: str, asked: list[str]) -> None:
    entry(text, "")
    entry("Minutes", f"Before. {text} After.")

    for words in [*asked, text, text.rstrip("。")]:
        results = query(ANONYMOUS, words)
        assert (results.total, results.guessed) == (2, False), words


def test_matches_are_marked_in_title_and_excerpt() -> None:
    entry("安全性評価の作業部会", "議事：安全性評価の作業部会を設立する。")

    (hit,) = query(ANONYMOUS, "評価").hits
    assert hit.title == "安全性<mark>評価</mark>の作業部会"
    assert hit.excerpt == "議事：安全性<mark>評価</mark>の作業部会を設立する。"
    (hit,) = query(ANONYMOUS, "安").hits
    assert hit.title == "<mark>安</mark>全性評価の作業部会"


def test_the_same_rights_hold() -> None:
    entry("安全性評価", level=Level.MEMBERS, group_id=1)

    assert titles(viewer(), "評価") == []
    assert titles(viewer(seat="observer"), "評価") == ["安全性評価"]


@pytest.mark.parametrize("script", LETTERS)
@settings(max_examples=12)
@given(data=st.data())
def test_every_part_of_a_run_is_found_and_nothing_across_runs(
    script: str, data: st.DataObject
) -> None:
    run = st.text(LETTERS[script], min_size=2, max_size=12)
    runs = data.draw(st.lists(run, min_size=1, max_size=4))
    held = data.draw(st.sampled_from(runs))
    start = data.draw(st.integers(0, len(held) - 2))
    part = held[start : data.draw(st.integers(start + 2, len(held)))]
    other = data.draw(st.text(LETTERS[script], min_size=2, max_size=5))
    SearchEntry.objects.all().delete()
    entry("x", "、 ".join(runs))

    # Marks at the beginning of a part are no word of their own.
    assert query(ANONYMOUS, f'"{part}"').total == 1
    assert query(ANONYMOUS, f'"{other}"').total == any(other in each for each in runs)


# What a run may hold in several spellings: narrow and wide kana, voice marks, Hangul as syllables and
# as jamo, ligatures, old code points; and other characters of runs between them.
SPELLINGS = st.lists(
    st.sampled_from(
        [
            *(
                "ﾊ",
                "ﾝ",
                "ｶﾞ",
                "ｸ",
                "ﾎﾟ",
                "ｰ",
                "ハ",
                "ガ",
                "ク",
                "ば",
                "は\u309a",
                "ン",
                "ー",
                "ゟ",
                "ヿ",
            ),
            *(
                "한",
                "글",
                "\u1112\u1161\u11ab",
                "ㄱ",
                "ㅏ",
                "ㄴ",
                "ﾡ",
                "ￂ",
                "ﾤ",
                "\uf900",
                "更",
                "〸",
            ),
            *("評", "価", "ำ", "น้ำ", "น\u0e38\u0e49", "น\u0e49\u0e38", "ໜ", "ก", "ກຸ້"),
            *("\u200b", "a", "é", " "),
        ]
    ),
    max_size=16,
).map("".join)


@settings(max_examples=400)
@given(SPELLINGS)
@example("ﾊﾝｶｸ")
@example("ｶﾀｶﾅ")
def test_all_spellings_of_a_text_are_the_same_words(text: str) -> None:
    words = [word.text for word in words_of(text)]

    for form in ("NFC", "NFD", "NFKC", "NFKD"):
        assert [word.text for word in words_of(unicodedata.normalize(form, text))] == words, form


@settings(max_examples=400)
@given(SPELLINGS)
@example("ﾊﾝｶｸﾎﾟｰﾄ")
def test_each_word_stands_where_its_characters_do(text: str) -> None:
    words = list(words_of(text))

    assert [word.start for word in words] == sorted(word.start for word in words)
    for word in words:
        assert word.start < word.first <= word.end <= len(text)
        held = unicodedata.normalize("NFKC", text[word.start : word.end].replace("\u200b", ""))
        assert word.text in held.casefold()


def test_narrow_kana_are_marked_character_by_character() -> None:
    entry("ﾊﾝｶｸの文", "")

    (hit,) = query(ANONYMOUS, "カク").hits
    assert hit.title == "ﾊﾝ<mark>ｶｸ</mark>の文"


@given(st.text(max_size=80))
def test_the_database_counts_the_words_that_we_count(text: str) -> None:
    """The places of matches are those of our own words."""
    words = [word.text for word in words_of(text)]

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM unnest(%s::text[]) word, ts_parse('default', word) WHERE tokid <> 12",
            [words],
        )
        assert cursor.fetchone()[0] == len(words)


def test_the_last_word_of_a_long_text_is_found_and_shown() -> None:
    body = "The working group discussed the item and agreed. " * 10_700 + "Adjourned at zwölf."
    uuid = entry("Minutes", body)
    entry("Other minutes", "zwölf")

    hits = query(ANONYMOUS, "zwölf").hits
    assert [hit.uuid for hit in hits].count(uuid) == 1
    assert "Adjourned at <mark>zwölf</mark>." in next(h for h in hits if h.uuid == uuid).excerpt
    results = query(ANONYMOUS, "discussed")
    assert (results.total, len(results.hits)) == (1, 1)
    assert titles(ANONYMOUS, "zwölf -discussed") == ["Other minutes"]


def test_a_shorter_text_leaves_no_part_behind() -> None:
    uuid = entry("Minutes", "word " * 10_000 + "zebra")

    store(entries_of(uuid=uuid, kind="post", title="Minutes", body="word", url="/x/", level=0))

    assert titles(ANONYMOUS, "zebra") == []
    assert SearchEntry.objects.count() == 1


@given(st.lists(st.sampled_from(["word", "評価", " ", "\n", "a" * 900]), max_size=200))
def test_parts_overlap_and_leave_nothing_out(pieces: list[str]) -> None:
    text = "".join(pieces)
    at = 0
    for part in parts_of(text):
        assert len(part) <= PART_CHARACTERS
        found = text.find(part, max(at - 300, 0))
        assert found <= at
        at = found + len(part)
    assert at == len(text)


def test_any_word_is_enough_and_more_words_come_first() -> None:
    entry("Safety")
    entry("Benchmark", "model safety")
    entry("Weather")

    results = query(ANONYMOUS, "benchmarks for safety")

    assert [hit.plain_title for hit in results.hits] == ["Benchmark", "Safety"]
    assert (results.total, results.ignored, results.is_any_of) == (2, ("for",), True)
    assert titles(ANONYMOUS, '"model safety" weather') == ["Benchmark"]


def test_what_a_thing_is_and_whose_is_searched_and_no_part_of_its_text() -> None:
    entry("Corpus", "words", about=["Benchmark", "Safety evaluations", "Aurora Labs"])

    (hit,) = query(ANONYMOUS, "safety benchmarks aurora").hits

    assert (hit.title, hit.excerpt) == ("Corpus", "words")
    assert list(hit.about) == ["Benchmark", "Safety evaluations", "Aurora Labs"]
    assert titles(ANONYMOUS, '"corpus benchmark"') == []


def test_a_better_spelling_comes_from_what_the_viewer_may_see() -> None:
    entry("Evaluation of models")
    entry("Evalutions of the secret kind", level=Level.MEMBERS, group_id=1)

    assert query(ANONYMOUS, "evalution models").did_you_mean == "evaluation models"
    assert query(viewer(seat="observer"), "evalutionz").did_you_mean == "evalutions"
    assert query(ANONYMOUS, "models").did_you_mean == ""


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("safty", "safety"),
        ("trust and safty", "trust and safety"),
        ("safty evaluation", "safety evaluation"),
        ("saftey evalutaions", "safety evaluations"),
        ("benchmrk", "benchmark"),
        ("benchmarc", "benchmark"),
        ("guideln", "guideline"),
        ("prilvacy", "privacy"),
        ("zebra", ""),
        ("safe", ""),
        ("bunchwork", ""),
        ("secert", ""),
        ("workshap", ""),
    ],
)
def test_a_typing_error_is_corrected_by_the_nearest_word(typed: str, meant: str) -> None:
    entry("Trust and Safety Evaluations")
    entry("The bench of judges", about=["Benchmark", "Privacy"])
    entry("Guideline")
    entry("Secret", level=Level.MEMBERS, group_id=1, about=["Workshop"])

    def labels() -> list[str]:
        return ["Benchmark", "Workshop", "Privacy"]

    assert query(ANONYMOUS, typed, labels=labels).did_you_mean == meant


def test_a_typing_error_beside_a_common_word_is_corrected(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("common.search.ranking.CANDIDATES", 3)
    for number in range(5):
        entry(f"Trust {number}")
    entry("Safety")

    assert query(ANONYMOUS, "trust safty").did_you_mean == "trust safety"
    assert query(ANONYMOUS, "trust safety").did_you_mean == ""


def test_labels_are_read_only_where_a_word_is_found_nowhere() -> None:
    entry("Safety")

    def labels() -> list[str]:
        raise AssertionError("No word is missing.")

    assert query(ANONYMOUS, "safety", labels=labels).total == 1


def test_the_page_corrects_the_names_of_kinds_and_areas(client: Client) -> None:
    entry("Corpus", about=["Benchmark"])

    assert client.get("/api/v1/search/", {"q": "benchmarc"}).json()["did_you_mean"] == "benchmark"


def test_counts_of_kinds_come_with_the_results() -> None:
    for number in range(3):
        entry("Zebra", kind="post" if number else "topic")
    store(entries_of(uuid=uuid4(), kind="group", title="Zebra", body="", url="/x/", level=2))

    results = query(ANONYMOUS, "zebra", kinds=["post"])

    assert (results.total, len(results.hits), results.counts) == (2, 2, {"post": 2, "topic": 1})


def test_entries_from_before_are_found_by_the_new_words() -> None:
    long = entry("安全性評価", "word " * 30_000 + "zebra")
    body = (
        "".join(SearchEntry.objects.order_by("part").values_list("body", flat=True)[:1])
        + " word" * 20_000
        + " quagga"
    )
    SearchEntry.objects.filter(part__gt=0).delete()
    SearchEntry.objects.update(version=0, body=body, tsv="")
    fill = import_module("common.search.migrations.0004_words_of_entries").fill

    fill(apps, None)
    fill(apps, None)

    assert [hit.uuid for hit in query(ANONYMOUS, "quagga").hits] == [long]
    assert titles(ANONYMOUS, "評価") == ["安全性評価"]
    assert not SearchEntry.objects.filter(version=0).exists()


def test_a_renamed_group_is_found_by_its_new_name() -> None:
    entry("Corpus", level=Level.ALLIANCE, group_id=1, about=["Guide", "Old name"])
    entry("Public", level=Level.PUBLIC, group_id=1, about=["Guide", "Old name"])

    reword(group_id=1, level=Level.ALLIANCE, before="Old name", after="New title")
    assert renew() == 1

    assert titles(viewer(), "new title") == ["Corpus"]
    assert titles(viewer(), '"old name"') == ["Public"]


def test_the_api_answers_as_the_page_does(client: Client) -> None:
    entry("Evaluation <of> models", kind="post")

    answer = client.get("/api/v1/search/", {"q": "models"}).json()

    assert answer["count"] == 1
    assert answer["counts"] == {"discussion": 1}
    assert answer["results"][0]["title"] == "Evaluation &lt;of&gt; <mark>models</mark>"
    assert client.get("/api/v1/search/", {"q": "evalution"}).json()["did_you_mean"] == "evaluation"
    for bad in ({}, {"q": "x", "in": "nothing"}, {"q": "x", "page": "0"}, {"q": "x", "y": "1"}):
        assert client.get("/api/v1/search/", bad).status_code == 400
