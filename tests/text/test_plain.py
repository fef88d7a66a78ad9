"""The words of stored HTML are taken in time in proportion to its length."""

from functools import partial

import pytest

from common.text.anchors import with_former_anchors
from common.text.changes import visible_words
from common.text.markdown import plain, plain_blocks, render
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
    for take in (
        plain,
        plain_blocks,
        visible_words,
        lambda text: with_former_anchors(text, text + " id="),
    ):
        assert_quick(partial(take, html), 0.5)


def test_words_stand_apart_where_elements_divide_them() -> None:
    html = (
        '<p>H<sub>2</sub>O<br>is <a title="a &gt; b" href="x">w</a>et</p><p>1 &lt; 2</p>'
        '<math display="inline"><semantics><mi>x</mi><annotation encoding="t">x &lt; y</annotation>'
        '</semantics></math><p>Cited<sup class="footnote-ref" id="r"><a href="#n">1</a></sup>.</p>'
    )

    assert plain(html) == "H2O is wet 1 < 2 x Cited."


@pytest.mark.parametrize(
    ("tex", "words"),
    [
        (r"\frac{a}{b}", "a/b"),
        (r"\frac{a+1}{\sqrt{b}}", "(a+1)/(√b)"),
        (r"\sum_{i=1}^{n} x_i^2", "∑_(i = 1)^n x_i^2"),
        (r"\text{if } \alpha < f'(x)", "if α < f′(x)"),
        (r"\begin{matrix}a&b\\c&d\end{matrix}", "a, b; c, d"),
        (r"\hat{y} = \operatorname{softmax}(z)", "y = softmax (z)"),
    ],
)
def test_a_formula_is_read_in_one_line_and_not_as_tex(tex: str, words: str) -> None:
    assert plain(render(f"So ${tex}$.")) == f"So {words}."


def test_search_has_the_blocks_of_a_text_apart() -> None:
    source = "Before.\n\n# Head *ing*\n\nIts\ntext\n\n- one\n- two\n\n|a|b|\n|-|-|\n|c|d|\n"

    blocks = plain_blocks(render(source)).split("\n\n")

    assert blocks == ["Before.", "Head ing", "Its text", "one", "two", "a", "b", "c", "d"]
