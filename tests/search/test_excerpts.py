"""What a result shows: why it is one, in sentences that are whole or said not to be."""

import re

import pytest
from django.test import Client

from common.access import ANONYMOUS
from common.search.queries import query
from common.text.markdown import plain_blocks, render
from tests.search.test_search import entry

pytestmark = pytest.mark.django_db

FILLER = "The working group went through the list once more and agreed on it. " * 6


def excerpt_of(body: str, words: str) -> str:
    entry("Minutes", body)
    (hit,) = query(ANONYMOUS, words).hits
    return str(hit.excerpt)


def test_a_heading_stands_apart_from_the_sentences_around_it() -> None:
    text = "It reads the screen.\n\n## What is tested\n\nSpoken assistants."

    shown = excerpt_of(plain_blocks(render(text)), "assistants")

    assert shown == "It reads the screen. · What is tested · Spoken <mark>assistants</mark>."


def test_what_is_cut_amid_a_sentence_says_so() -> None:
    words = " ".join(f"word{number}" for number in range(80))
    body = f"{words} zebra {words}."

    shown = excerpt_of(body, "zebra")

    assert shown.startswith("… word")
    assert shown.endswith(" …")
    assert shown.count("…") == 2


def test_what_is_cut_between_two_sentences_says_nothing() -> None:
    shown = excerpt_of(f"A zebra came. {'word ' * 43}end. Thenceforward it was gone.", "zebra")

    assert shown.endswith("word end.")


def test_each_word_is_shown_wherever_it_stands() -> None:
    shown = excerpt_of(f"A zebra. {FILLER} A zebra. {FILLER} Then a quagga.", "zebra quagga")

    assert shown.count("<mark>zebra</mark>") == 1
    assert shown.startswith("A <mark>zebra</mark>.")
    assert shown.endswith("Then a <mark>quagga</mark>.")


def test_a_word_of_another_part_of_a_long_text_is_shown() -> None:
    shown = excerpt_of(f"A zebra. {FILLER * 60} Then a quagga.", "zebra quagga")

    assert "A <mark>zebra</mark>." in shown
    assert shown.endswith("Then a <mark>quagga</mark>.")


def test_formulas_are_found_by_their_letters_and_words_and_shown_without_tex() -> None:
    html = render(r"Weigh $\frac{\alpha}{\text{loss}}$ again.")
    entry("Minutes", plain_blocks(html))

    (hit,) = query(ANONYMOUS, "loss").hits
    assert hit.excerpt == "Weigh α/<mark>loss</mark> again."
    assert query(ANONYMOUS, "α").total == 1
    assert query(ANONYMOUS, "frac").total == 0


def test_what_is_said_about_a_thing_is_marked_where_it_was_asked_for(client: Client) -> None:
    entry("Corpus", "words", kind="publication", about=["Report", "Safety", "Aurora <Labs>"])
    entry("Review", "words", kind="meeting", about=["Meeting", "Safety"])

    page = client.get("/search/", {"q": "aurora meetings"}).content.decode()

    assert "Publication · &lt;" not in page
    assert "Publication · <mark>Aurora</mark> &lt;Labs&gt;</p>" in page
    assert "<mark>Meeting</mark></p>" in page
    assert re.search(r">\s*Publications\s*<", page)  # the tab keeps its plural
