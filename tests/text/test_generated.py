"""Texts that were generated: no word is lost or doubled, the HTML is sound, nothing is thrown."""

import os
import re

import nh3
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from common.errors import Invalid
from common.text import cleaning
from common.text.addresses import ALLOWED_SCHEMES
from common.text.markdown import Document, TextKind, read
from tests.text.composing import Composed, composed
from tests.text.fidelity import shown
from tests.text.hostile import PLACES, SCRIPTS
from tests.text.witness import hostile_parts

# `make fuzz` sets more.
EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "300"))
# The word after a fence is no text. Some scraps make fences of words.
_AFTER_FENCE = re.compile(r"(?:`{3}|~{3}).*")
# Pieces of the platform's own, which are put in after the HTML was cleaned.
_OWN = re.compile(
    r'<math.*?</math>|<pre><code[^>]*>.*?</code></pre>|<code class="formula">.*?</code>'
    r'|<img class="figure"[^>]*>',
    re.DOTALL,
)


def lost(text: Composed, document: Document) -> list[str]:
    """Words that a reader should see, in the order of the source, and does not."""
    flow, notes = shown(document.html)
    fences = " ".join(_AFTER_FENCE.findall(text.source))
    missing, position = [], 0
    for word in text.seen:
        found = flow.find(word, position)
        if found >= 0:
            position = found + len(word)
        elif word not in notes and word not in fences:  # lines below a note belong to it
            missing.append(word)
    return missing + [
        word for word in text.notes if not any(word in place for place in (flow, notes, fences))
    ]


def doubled(text: Composed, document: Document) -> list[str]:
    """Words that stand on the page more often than in the source."""
    visible = re.sub(r"<annotation.*?</annotation>|<[^>]*>", "", document.html, flags=re.DOTALL)
    return [word for word in text.seen + text.notes if visible.count(word) > 1]


def cleaned(html: str) -> str:
    return nh3.clean(
        html,
        tags=cleaning._TAGS,
        attributes=cleaning._ATTRIBUTES,
        allowed_classes=cleaning._CLASSES,
        url_schemes=set(ALLOWED_SCHEMES),
        link_rel="nofollow noopener noreferrer ugc",
    )


@settings(max_examples=EXAMPLES)
@given(st.integers(0, 2**48))
@example(67334)  # a note whose only block is a fence, its words after the tildes
@example(604358)  # a definition within an element that was typed within a heading
@example(716008)  # one behind a list, before the end tag of an element
@example(826109)  # the title of an abbreviation in a picture
def test_no_word_is_lost_or_doubled_however_constructs_are_mixed(seed: int) -> None:
    text = composed(seed)
    document = read(text.source, TextKind.DOCUMENT)

    assert (lost(text, document), doubled(text, document)) == ([], []), text.source


@settings(max_examples=EXAMPLES // 2)
@given(st.integers(0, 2**48))
def test_html_is_sound_however_constructs_are_mixed(seed: int) -> None:
    """A parser of HTML makes nothing else of it, no id occurs twice, and each text gives one HTML."""
    source = composed(seed).source
    html = read(source, TextKind.NOTES).html
    rest = _OWN.sub("", html)
    ids = re.findall(r' id="([^"]*)"', html)

    assert " ".join(cleaned(rest).split()) == " ".join(rest.split())
    assert len(ids) == len(set(ids))
    assert hostile_parts(html) == []
    assert read(source, TextKind.NOTES).html == html
    posted = re.findall(r' id="([^"]*)"', read(source, TextKind.POST).html)
    assert len(posted) == len(set(posted))
    assert all(re.match("user-content-fn(?:ref)?-[0-9a-f]{12}-", own) for own in posted)


def test_a_lost_word_would_be_seen() -> None:
    text = composed(1)
    document = read(text.source, TextKind.DOCUMENT)
    word = text.seen[len(text.seen) // 2]
    damaged = read(text.source.replace(word, ""), TextKind.DOCUMENT)
    repeated = read(f"{text.source}\n\n{word}", TextKind.DOCUMENT)

    assert lost(text, document) == doubled(text, document) == []
    assert lost(text, damaged) == [word]
    assert doubled(text, repeated) == [word]


_PIECES = st.one_of(
    st.sampled_from([*SCRIPTS, *PLACES]),
    st.text(max_size=12),
    st.text("<>&\"'`[]()!#*_~|\\:;=-+.^$@/ \n\r\t\x0b\x0c\x85\u2028\ufeff0a「", max_size=16),
    st.binary(max_size=16).map(lambda data: data.decode("latin-1")),
    st.binary(max_size=16).map(lambda data: data.decode(errors="replace")),
)


@settings(max_examples=EXAMPLES // 3)
@given(st.lists(_PIECES, max_size=20).map("".join), st.sampled_from(TextKind))
@example("\ufeff---\ntitle: x\n---\n[^\x0b]: \\", TextKind.NOTES)
def test_whatever_is_typed_is_shown_or_refused_in_words(source: str, kind: TextKind) -> None:
    """Nothing else is thrown, not even a panic of the parser, which is no Exception."""
    try:
        html = read(source, kind).html
    except Invalid:
        return
    assert hostile_parts(html) == []


@pytest.mark.parametrize("kind", TextKind)
def test_half_characters_are_refused_in_words(kind: TextKind) -> None:
    with pytest.raises(Invalid, match="cannot be stored"):
        read("a\ud83d", kind)
