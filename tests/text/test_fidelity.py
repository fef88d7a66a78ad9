"""Every word of every text in `corpus` is shown, its contents lead to its headings, its HTML is sound."""

import re
from pathlib import Path

import pytest

from common.text.cleaning import ID_PREFIX
from common.text.markdown import TextKind, read
from tests.text.fidelity import losses
from tests.text.witness import hostile_parts

CORPUS = sorted((Path(__file__).parent / "corpus").glob("*.md"))
EMPTY_LINK = re.compile(r"<a(?=[^>]*(?:href|data-file))[^>]*></a>")
EMPTY_HEADING = re.compile(r"<(h[2-6])[^>]*>\s*</\1>")
SOURCE = (
    "# Terms of the *pilot*\n\n1. The **secretary** writes to [every member](https://a.example/list)\n"
    "   within 14&nbsp;days[^1].\n\n| Site | Owner |\n|---|---|\n| North | Aino | surplus |\n\n"
    "<details>\n<summary>Older text</summary>\n\n`code` &amp; <kbd>key</kbd> ![a chart](c.png 'Costs')\n\n"
    "</details>\n\n```py\nx = 1  # &amp; as typed\n```\n\n[^1]: Counted from the *meeting*.\n"
)


@pytest.mark.parametrize("path", CORPUS, ids=lambda path: path.stem)
def test_text_of_the_corpus_is_shown_whole(path: Path) -> None:
    source = path.read_text()
    document = read(source, TextKind.DOCUMENT)
    ids = re.findall(r' id="([^"]*)"', document.html)
    targets = re.findall(rf'href="#({ID_PREFIX}[^"]*)"', document.html)

    assert losses(source, document.html) == []
    assert set(targets) <= set(ids)
    assert len(ids) == len(set(ids))
    assert hostile_parts(document.html) == []
    assert EMPTY_LINK.findall(document.html) == []
    assert EMPTY_HEADING.findall(document.html) == []


def test_the_corpus_is_large() -> None:
    sizes = [path.stat().st_size for path in CORPUS]

    assert len(sizes) >= 40
    assert sum(sizes) >= 300_000
    assert sum(size > 20_000 for size in sizes) >= 10


def test_nothing_is_missing_from_a_sound_rendering() -> None:
    assert losses(SOURCE, read(SOURCE, TextKind.DOCUMENT).html) == []


@pytest.mark.parametrize(
    "word",
    [
        *("Terms", "pilot", "secretary", "every", "within", "days", "Site", "North", "Aino"),
        *("surplus", "Older", "code", "key", "chart", "Costs", "typed", "Counted", "meeting"),
    ],
)
def test_each_word_that_a_page_loses_is_found(word: str) -> None:
    html = read(SOURCE, TextKind.DOCUMENT).html
    damaged = re.sub(rf"\b{word}\b", "", html)

    assert damaged != html
    assert losses(SOURCE, damaged) == [word]


def test_words_out_of_their_order_are_found() -> None:
    first, second = "<p>one two</p>", "<p>three four</p>"

    assert losses("one two\n\nthree four", first + second) == []
    assert losses("one two\n\nthree four", second + first) != []
