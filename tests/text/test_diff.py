"""What changed between two texts."""

import re
from html import unescape

from hypothesis import given, settings
from hypothesis import strategies as st

from common.text.diff import diff_html
from common.text.markdown import TextKind, render
from common.text.rendered_diff import rendered_diff_html

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


# --- of rendered texts -------------------------------------------------------------------------------

OLD = """## Scope

We test [models](https://a.example) and **data**.

- one
- two things

This paragraph goes.

|a|b|
|-|-|
|1|2|
"""
NEW = """## Scope

We test [models](https://b.example) and good data.

- one
- three
- four things

Nothing like it stands here.

|a|b|
|-|-|
|1|3|
|4|5|
"""


def rendered(source: str) -> str:
    return render(source, TextKind.DOCUMENT)


def without_ids(html: str) -> str:
    return re.sub(' id="[^"]*"', "", html).strip()


def in_one_line(html: str) -> str:
    """White space between the tags of blocks shows nothing."""
    return re.sub(r">\s+<", "><", html)


def without_marks(html: str) -> str:
    """The markup of the new text: what came in without its mark, what was taken out gone."""
    html = re.sub('<span class="visually-hidden">[^<]*</span>', "", html)
    html = re.sub("<del>.*?</del>", "", html, flags=re.DOTALL)
    return re.sub("</?ins>", "", html)


def test_rendered_change_is_marked_inside_its_paragraph() -> None:
    html = rendered_diff_html(rendered("We *may* meet."), rendered("We *must* meet."))

    assert html == (
        f"<p>We <del>{WORD.format('removed')}may</del>"
        f"<em><ins>{WORD.format('added')}must</ins></em> meet.</p>"
    )


def test_paragraph_that_is_gone_stands_as_a_paragraph() -> None:
    html = rendered_diff_html(rendered("One.\n\nTwo.\n\nThree."), rendered("One.\n\nThree."))

    assert html == (f"<p>One.</p>\n<p><del>{WORD.format('removed')}Two.</del></p>\n<p>Three.</p>")


def test_rendered_comparison_takes_the_tags_of_the_new_text() -> None:
    html = rendered_diff_html(rendered(OLD), rendered(NEW))

    gone = "<p></p>\n"
    assert in_one_line(without_marks(html).replace(gone, "")) == in_one_line(
        without_ids(rendered(NEW))
    )


def test_words_taken_out_stand_inside_items_and_cells() -> None:
    html = rendered_diff_html(rendered(OLD), rendered(NEW))

    assert (
        re.findall(r"(?:</?(?:ul|tr|table|tbody|thead)>|</(?:li|td)>)\s*<(?:del|ins)>", html) == []
    )


def test_comparison_has_no_anchors_of_its_own() -> None:
    html = rendered_diff_html(rendered("# Alpha\n\nText."), rendered("# Beta\n\nText."))

    assert "id=" not in html


def test_equal_rendered_texts_have_no_marks() -> None:
    assert rendered_diff_html(rendered(OLD), rendered(OLD)) == without_ids(rendered(OLD))
