"""What changed between two texts."""

import re
import time
from html import unescape

from hypothesis import given, settings
from hypothesis import strategies as st

from common.text.diff import diff_html

WORD = '<span class="visually-hidden">{}: </span>'


def side(html: str, other: str) -> str:
    """One side of a difference: the other's words and all marks taken out."""
    html = re.sub(f"<{other}>.*?</{other}>", "", html, flags=re.DOTALL)
    html = re.sub('<span class="visually-hidden">[^<]*</span>', "", html)
    return unescape(re.sub("<[^>]*>", "", html))


def test_changed_words_are_marked_whole() -> None:
    html = diff_html("The group may meet.", "The group must meet.")

    assert html == (
        f"The group <del>{WORD.format('removed')}may</del>"
        f"<ins>{WORD.format('added')}must</ins> meet."
    )


def test_equal_texts_have_no_marks() -> None:
    assert diff_html("a & b", "a & b") == "a &amp; b"


def test_markup_in_the_texts_is_only_text() -> None:
    html = diff_html("<script>x</script>", "<b onclick=y>")

    assert "<script" not in html
    assert "<b " not in html


texts = st.text(st.sampled_from("ab <&\n é𝔘.,"), max_size=60)


@settings(deadline=None)
@given(texts, texts)
def test_both_texts_can_be_read_from_the_difference(old: str, new: str) -> None:
    html = diff_html(old, new)

    assert side(html, "ins") == old
    assert side(html, "del") == new


def test_very_different_long_texts_end_in_time() -> None:
    old = " ".join(f"w{number}" for number in range(40_000))
    new = " ".join(f"w{number * 7 % 40_009}" for number in range(40_000))

    started = time.perf_counter()
    html = diff_html(old, new)

    assert time.perf_counter() - started < 5
    assert side(html, "del") == new
