"""Texts that keep a browser busy are refused with their place; those that people write are not."""

import time
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from common.text.shaping import shaping_fault
from members.people.models import Person
from workinggroups.groups.models import Group

CORPUS = sorted((Path(__file__).parent / "corpus").iterdir())


@pytest.mark.parametrize(
    "tower",
    [
        "e" + "\u0301" * 21,
        "क" + "ा" * 21,
        "ក" + "េ" * 21,
        "ก" + "ำ" * 21,
        "ا" + "ّ" * 21,
        "☺" + "\ufe0f" * 21,
    ],
)
def test_more_marks_on_a_letter_than_any_writing_has_are_named_with_their_place(tower: str) -> None:
    assert "the limit is 20" in shaping_fault(tower)
    assert "line 3, column 6" in shaping_fault(f"One.\n\nTwo: {tower}")


@pytest.mark.parametrize("letter", ["ب", "ـ", "ܒ", "ߊ", "ﺏ"])
def test_a_joined_word_without_end_is_refused(letter: str) -> None:
    assert shaping_fault(letter * 2000) == ""
    assert "more than 2000 letters" in shaping_fault(letter * 2001)


@pytest.mark.parametrize(
    "text",
    [
        "Việt Nam, Ạ̈dą́ नि ๅ้, क्षेत्रीय, Ẓ̌, שָׁלוֹם, ཧྐྵྨླྺྼྻྂ",
        "👩🏽‍🚀 👨‍👩‍👧‍👦 🏴󠁧󠁢󠁳󠁣󠁴󠁿 1️⃣",
        "ขอบคุณครับทำน้ำ" * 500,
        "ກຳມະການ" * 500,
        "规格书" * 5000,
        "a" * 10_000,
    ],
)
def test_what_people_write_is_taken(text: str) -> None:
    assert shaping_fault(text) == ""


@pytest.mark.parametrize("file", CORPUS, ids=lambda file: file.stem)
def test_each_text_of_the_corpus_is_taken(file: Path) -> None:
    assert shaping_fault(file.read_text("utf-8")) == ""


def test_a_text_of_half_a_megabyte_is_judged_in_a_moment() -> None:
    texts = [("ب" * 2000 + " ") * 120, ("e" + "\u0301" * 20) * 12_000, "規格の" * 58_000]
    shaping_fault("é")

    for text in texts:
        started = time.thread_time()
        assert shaping_fault(text) == ""
        assert time.thread_time() - started < 0.5


def test_a_tower_of_accents_in_a_post_is_refused_by_page_and_api_with_its_place(
    chair: Person, group: Group, client_of: Any
) -> None:
    browser: Client = client_of(chair)
    form = {"title": "Data", "level": "2", "source": "Hello.\ne" + "\u0301" * 21}
    refused = browser.post(f"{group.get_absolute_url()}discussion/start/", form)
    assert refused.status_code == 422
    assert "See line 2, column 1." in refused.content.decode()
    assert form["source"] in refused.content.decode()

    browser.post(f"{group.get_absolute_url()}discussion/start/", {**form, "source": "Hello."})
    topic = browser.get("/api/v1/topics/").json()["results"][0]["uuid"]
    data = {"source": form["source"]}
    answer = browser.post(f"/api/v1/topics/{topic}/reply/", data, content_type="application/json")
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, "source")
