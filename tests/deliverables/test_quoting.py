import re
import time
from html import escape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workinggroups.deliverables.models import ReviewComment
from workinggroups.deliverables.quoting import with_quotes


def comment(number, quote):
    return ReviewComment(number=number, quote=quote)


def way(number):
    return (
        f'<a class="quoted-number" href="#comment-{number}" aria-label="Comment {number}">'
        f"{number}</a>"
    )


def test_the_quoted_words_lead_to_their_comment():
    html = with_quotes("<p>Who pays for it?</p>", [comment(3, "pays for")])

    assert html == f'<p>Who <span class="quoted">pays for</span>{way(3)} it?</p>'


def test_two_who_quote_the_same_words_share_the_mark():
    html = with_quotes("<p>Who pays?</p>", [comment(1, "Who"), comment(2, "Who")])

    assert html == f'<p><span class="quoted">Who</span>{way(1)}{way(2)} pays?</p>'


def test_a_quote_inside_another_is_marked_within_it():
    html = with_quotes("<p>Who pays for it</p>", [comment(1, "pays for"), comment(2, "pays")])

    assert html.count('class="quoted"') == 2


def test_words_across_a_line_end_are_found():
    html = with_quotes("<p>Who\npays</p>", [comment(1, "Who pays")])

    assert '<span class="quoted">Who\npays</span>' in html


def test_words_that_stand_nowhere_change_nothing():
    html = "<p>Who <em>pays</em>?</p>"

    assert with_quotes(html, [comment(1, "Who paid"), comment(2, ""), comment(3, "lost")]) == html


def test_nothing_inside_a_tag_is_touched():
    html = '<p><a href="https://pays.example" title="pays">x</a></p>'

    assert with_quotes(html, [comment(1, "pays"), comment(2, "href")]) == html


def test_markup_in_a_quote_stays_text():
    html = with_quotes("<p>a &lt;b&gt; c</p>", [comment(1, "<b>"), comment(2, "<script>")])

    assert '<span class="quoted">&lt;b&gt;</span>' in html
    assert "<script>" not in html
    assert "<b>" not in html


def bare(html):
    """The HTML without the marks of quotes."""
    html = re.sub(r'<a class="quoted-number"[^>]*>[^<]*</a>', "", html)
    return re.sub(r'<span class="quoted">([^<]*)</span>', r"\1", html)


def quoted(html):
    return re.findall(r'<span class="quoted">([^<]*)</span>', html)


def test_a_quote_across_markup_is_marked_in_each_part():
    html = "<p>The <strong>chair</strong> and <code>x</code> decide.</p>"

    marked = with_quotes(html, [comment(1, "The chair and x")])

    assert quoted(marked) == ["The ", "chair", " and ", "x"]
    assert marked.count("quoted-number") == 1
    assert bare(marked) == html


def test_a_quote_across_blocks_is_marked_in_each_of_them():
    html = "<ul>\n<li>one thing</li>\n<li>another</li>\n</ul>\n<p>End.</p>"

    marked = with_quotes(html, [comment(1, "thing another\n\nEnd")])

    assert quoted(marked) == ["thing", "another", "End"]
    assert bare(marked) == html


def test_the_number_of_a_comment_stands_behind_a_link_and_never_in_it():
    html = '<p><a href="https://a.example">the law</a> says</p>'

    marked = with_quotes(html, [comment(1, "law")])

    assert f"</span></a>{way(1)} says" in marked


def test_nothing_is_marked_inside_a_formula():
    html = "<p>As <math><mi>x</mi><mo>=</mo></math> shows</p>"

    marked = with_quotes(html, [comment(1, "As x= shows")])

    assert "<math><mi>x</mi><mo>=</mo></math>" in marked
    assert bare(marked) == html


def test_whole_words_are_preferred():
    marked = with_quotes("<p>repays and pays</p>", [comment(1, "pays")])

    assert marked.startswith("<p>repays and <span")


quotes = st.text("ab .*+?()[]\\<&;|^$評", max_size=8)


@settings(max_examples=80)
@given(
    st.lists(st.sampled_from(["a b", "<b", "a.*b", "評", "(a", "&", "ab"]), max_size=6),
    st.lists(quotes, max_size=6),
)
def test_marks_change_nothing_but_add_themselves(parts, found):
    html = "<p>" + " <em>x</em> ".join(escape(part) for part in parts) + "</p>"

    marked = with_quotes(html, [comment(number, quote) for number, quote in enumerate(found, 1)])

    assert bare(marked) == html


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        ("word " * 50_000, "word word {}"),
        ("a" * 250_000, "a" * 480 + "b{}"),
        ("a" * 250_000, "a" * 100),
        (". " * 100_000, ". ."),
    ],
)
def test_five_hundred_comments_on_a_long_text_are_marked_in_bounded_time(text, quote):
    comments = [comment(number, quote.format(number)) for number in range(1, 501)]

    started = time.process_time()
    marked = with_quotes(f"<p>{text}</p>", comments)

    assert time.process_time() - started < 4
    assert bare(marked) == f"<p>{text}</p>"
