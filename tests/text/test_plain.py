"""The words of stored HTML are taken in time in proportion to its length."""

from functools import partial

import pytest

from common.text.anchors import with_former_anchors
from common.text.changes import visible_words
from common.text.markdown import plain
from tests.text.timing import assert_quick

# What never ends, or never ends as it should.
PIECES = [
    "<p ",
    "<a ",
    "<b x='",
    "<br ",
    "<h2 ",
    "<",
    "</",
    "<h2>",
    '<li id="',
    "<math ",
    "<math>",
    "<math><annotation>",
    "<math><annotation></annotation>",
    '<sup class="footnote-ref"',
    '<sup class="footnote-ref">',
    '<a class="footnote-backref">',
    '<img class="figure" data-file="',
    '<section class="footnotes"><li id="x">',
]
KILOBYTES = 128


@pytest.mark.parametrize("piece", PIECES)
def test_html_that_never_ends_costs_no_more_than_html_that_does(piece: str) -> None:
    html = piece * (KILOBYTES * 1024 // len(piece))
    for take in (plain, visible_words, lambda text: with_former_anchors(text, text + " id=")):
        assert_quick(partial(take, html), 0.5)


def test_words_stand_apart_where_elements_divide_them() -> None:
    html = (
        '<p>H<sub>2</sub>O<br>is <a title="a &gt; b" href="x">w</a>et</p><p>1 &lt; 2</p>'
        '<math display="inline"><semantics><mi>x</mi><annotation encoding="t">x &lt; y</annotation>'
        '</semantics></math><p>Cited<sup class="footnote-ref" id="r"><a href="#n">1</a></sup>.</p>'
    )

    assert plain(html) == "H2O is wet 1 < 2 x < y Cited."
