"""Links to a heading of a text that was rendered again go on working."""

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from common.text.anchors import with_former_anchors
from common.text.markdown import TextKind, plain, render
from tests.text.timing import assert_quick


def page(*headings: tuple[str, str], level: int = 2) -> str:
    """Stored HTML of these headings, each an anchor and its words."""
    return "\n".join(
        f'<h{level} id="user-content-{anchor}">{words}</h{level}>\n<p>Text.</p>'
        for anchor, words in headings
    )


def places(html: str) -> dict[str, str]:
    """The words of the heading in which each anchor stands."""
    return {
        anchor: re.sub(r"<[^>]*>", "", heading[0])
        for heading in re.finditer(r"<h\d[^>]*>.*?</h\d>", html)
        for anchor in re.findall(r'id="user-content-([^"]*)"', heading[0])
    }


def test_a_former_anchor_stands_in_the_heading_of_the_same_words() -> None:
    old = page(("data-types-formats", "Data types &amp; formats"), ("terms", "Terms"))
    new = page(("data-types--formats", "Data types &amp; formats"), ("terms", "Terms"))

    html = with_former_anchors(new, old)

    assert html.startswith(
        '<h2 id="user-content-data-types--formats"><a id="user-content-data-types-formats"></a>Data'
    )
    assert places(html)["terms"] == "Terms"
    assert html.count("<a ") == 1


def test_equal_headings_are_matched_in_their_order() -> None:
    old = page(("notes", "Notes"), ("a", "A"), ("notes-2", "Notes"), ("notes-3", "Notes"))
    new = page(("notes", "Notes"), ("a", "A"), ("notes-1", "Notes"), ("notes-2", "Notes"))

    html = with_former_anchors(new, old)

    # "notes-2" is the third one's own now, and an alias never takes what a heading has.
    assert re.findall(
        r'<h2 id="user-content-([^"]*)">(?:<a id="user-content-([^"]*)">)?', html
    ) == [
        ("notes", ""),
        ("a", ""),
        ("notes-1", ""),
        ("notes-2", "notes-3"),
    ]


def test_a_heading_that_was_added_or_is_gone_moves_no_other_anchor() -> None:
    old = page(("intro", "Intro"), ("n", "Notes"), ("gone", "Gone"), ("n-2", "Notes"), ("z", "Z"))
    new = page(
        ("g-notes", "Notes"), ("g-intro", "Intro"), ("g-1", "Notes"), ("g-2", "Notes"), ("z", "Z")
    )

    html = with_former_anchors(new, old)

    found = [
        (own, re.findall(r'<a id="user-content-([^"]*)">', rest))
        for own, rest in re.findall(r'<h2 id="user-content-([^"]*)">(.*?)</h2>', html)
    ]
    assert found == [
        ("g-notes", []),
        ("g-intro", ["intro"]),
        ("g-1", ["n", "gone"]),
        ("g-2", ["n-2"]),
        ("z", []),
    ]


def test_a_heading_whose_words_changed_keeps_its_former_anchor() -> None:
    old = page(("a", "A"), ("list", "List"), ("z", "Z"))
    new = page(("a", "A"), ("liststring", "List&lt;String&gt;"), ("z", "Z"))

    assert places(with_former_anchors(new, old))["list"] == "List&lt;String&gt;"


def test_aliases_of_an_earlier_pass_are_kept() -> None:
    first = with_former_anchors(page(("b", "Words")), page(("a", "Words")))
    second = with_former_anchors(page(("c", "Words")), first)

    assert set(places(second)) == {"a", "b", "c"}
    assert with_former_anchors(page(("c", "Words")), second) == second


def test_a_text_without_headings_keeps_former_anchors_at_its_beginning() -> None:
    html = with_former_anchors("<p>Words.</p>", page(("a", "Words")))

    assert html == '<a id="user-content-a"></a><p>Words.</p>'
    assert with_former_anchors("<p>Words.</p>", html) == html
    assert places(with_former_anchors(page(("b", "Words")), html)) == {"b": "Words", "a": "Words"}


def test_html_without_former_anchors_is_left_as_it_is() -> None:
    new = page(("a", "A"))

    assert with_former_anchors(new, "<h2>A</h2><p>of a post</p>") == new
    assert with_former_anchors(new, "") == new


WORDS = st.lists(st.sampled_from(["Notes", "Terms", "Data", "Aims", "List"]), max_size=12)


@settings(max_examples=50)
@given(WORDS, WORDS)
def test_every_former_anchor_exists_once_and_no_heading_loses_its_own(
    old: list[str], new: list[str]
) -> None:
    old_html = page(*((f"old-{place}", words) for place, words in enumerate(old)))
    new_html = page(*((f"new-{place}", words) for place, words in enumerate(new)))

    html = with_former_anchors(new_html, old_html)

    found = re.findall(r'id="user-content-([^"]*)"', html)
    assert sorted(found) == sorted(
        [f"old-{place}" for place in range(len(old))]
        + [f"new-{place}" for place in range(len(new))]
    )
    assert html.replace("</a>", "").count("<h2") == len(new)
    assert re.sub(r'<a id="[^"]*"></a>', "", html) == new_html
    # The headings that both have are matched in their order.
    order = [int(anchor[4:]) for anchor in found if anchor.startswith("old-")]
    assert order == sorted(order)


def test_many_headings_take_time_in_proportion() -> None:
    old = page(*((f"old-{place}", f"Part {place % 7}") for place in range(5_000)))
    new = page(*((f"new-{place}", f"Part {place % 5}") for place in range(5_000)))

    assert_quick(lambda: with_former_anchors(new, old), 1)


OLD_FOOTNOTES = """<h2 id="user-content-head">Head</h2>
<p>A<sup class="footnote-ref"><a href="#user-content-fn1" id="user-content-fnref1">1</a></sup>
B<sup class="footnote-ref"><a href="#user-content-fn2" id="user-content-fnref2">2</a></sup>
A<sup class="footnote-ref"><a href="#user-content-fn1" id="user-content-fnref1-2">1</a></sup></p>
<section class="footnotes">
<ol>
<li id="user-content-fn1">
<p>First. <a href="#user-content-fnref1" class="footnote-backref">↩</a></p>
</li>
<li id="user-content-fn2">
<p>Second. <a href="#user-content-fnref2" class="footnote-backref">↩</a></p>
</li>
</ol>
</section>
"""


def test_footnotes_and_what_refers_to_them_keep_their_former_anchors() -> None:
    source = "# Head\n\nA[^a]\nB[^b]\nA[^a]\n\n[^a]: First.\n[^b]: Second.\n"
    new = render(source, TextKind.NOTES)

    html = with_former_anchors(new, OLD_FOOTNOTES)

    for own, former in [("fn-a", "fn1"), ("fn-b", "fn2"), ("fnref-a", "fnref1")]:
        assert f'id="user-content-{own}"><a id="user-content-{former}"></a>' in html
    assert 'id="user-content-fnref-a-2"><a id="user-content-fnref1-2"></a>' in html
    assert plain(html) == plain(new)
    # Once more, and with the second note alone: aliases stay with what they were given to.
    assert with_former_anchors(new, html) == html
    fewer = render("# Head\n\nB[^b]\n\n[^b]: Second.\n", TextKind.NOTES)
    kept = with_former_anchors(fewer, html)
    assert '<li id="user-content-fn-b"><a id="user-content-fn' in kept
    assert set(re.findall(r' id="[^"]*"', html)) == set(re.findall(r' id="[^"]*"', kept))
