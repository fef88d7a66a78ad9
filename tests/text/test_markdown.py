"""Markdown: what is shown, what is refused, and that nothing hostile survives or takes long."""

import re
import time
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from common.errors import Invalid
from common.text.limits import NESTING_MAX, SPECIALS_MAX, TABLE_MAX_COLUMNS, Limit
from common.text.markdown import check, plain, render
from tests.text.hostile import ADDRESSES, PLACES, POLYGLOTS, SCRIPTS, pathological

SECONDS = 0.25
TAGS = set(
    "a blockquote br code del em h2 h3 h4 h5 h6 hr li ol p pre section strong sup"  # noqa: SIM905
    " table tbody td th thead tr ul".split()
)
ATTRIBUTES = {"href", "title", "id", "class", "start", "align", "rel"}
SCHEMES = ("https:", "http:", "mailto:")


def has_foreign_scheme(address: str) -> bool:
    """Read as browsers do: control characters before and line breaks within do not count."""
    address = re.sub(r"[\t\r\n]", "", address).lstrip("".join(map(chr, range(33)))).lower()
    has_scheme = re.match(r"[a-z][a-z0-9+.-]*:", address) is not None
    return has_scheme and not address.startswith(SCHEMES)


class Witness(HTMLParser):
    """Reads HTML as a browser would and keeps whatever a text may never bring."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        if tag not in TAGS:
            self.found.append(tag)
        for name, text in attributes:
            value = text or ""
            if name not in ATTRIBUTES:
                self.found.append(name)
            if name == "href" and has_foreign_scheme(value):
                self.found.append(value)
            if name == "id" and not value.startswith("user-content-"):
                self.found.append(value)

    def handle_comment(self, data: str) -> None:
        self.found.append(data)

    def handle_decl(self, decl: str) -> None:
        self.found.append(decl)

    def handle_pi(self, data: str) -> None:
        self.found.append(data)

    def unknown_decl(self, data: str) -> None:
        self.found.append(data)


def hostile_parts(html: str) -> list[str]:
    return Witness(html).found


def test_witness_would_see_a_script() -> None:
    assert hostile_parts("<p onclick=x><script>x</script></p>") == ["onclick", "script"]
    assert hostile_parts('<a href="\x01java\nscript:x" id="a">') == ["\x01java\nscript:x", "a"]


def test_there_are_more_than_three_hundred_polyglots() -> None:
    assert len(set(POLYGLOTS)) > 300


@pytest.mark.parametrize("limit", Limit)
def test_no_polyglot_survives(limit: Limit) -> None:
    survivors = {
        source: hostile_parts(render(source, limit))
        for source in POLYGLOTS
        if hostile_parts(render(source, limit))
    }

    assert survivors == {}


pieces = st.one_of(
    st.sampled_from(SCRIPTS + ADDRESSES + PLACES),
    st.sampled_from(list("<>&\"'`[]()!#*_~|\\:;=-\n\t ")),
    st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=8),
)


@settings(max_examples=400, deadline=None)
@given(st.lists(pieces, max_size=25).map("".join))
def test_nothing_hostile_survives_in_any_mixture(source: str) -> None:
    assert hostile_parts(render(source, Limit.NOTES)) == []


@pytest.mark.parametrize("family", pathological(Limit.POST))
@pytest.mark.parametrize("limit", Limit)
def test_no_text_takes_long(family: str, limit: Limit) -> None:
    """Rendered or refused within a quarter of a second of work, the better of two tries."""
    source = pathological(limit)[family]
    durations = []
    for _ in range(2):
        started = time.thread_time()
        try:
            html = render(source, limit)
        except Invalid:
            html = ""
        durations.append(time.thread_time() - started)
        if durations[-1] < SECONDS:
            break

    assert min(durations) < SECONDS
    assert len(html.encode()) <= 11 * limit


def test_markdown_is_shown() -> None:
    html = render(
        "# Scope\n\nThe *group* **meets** ~~daily~~ [weekly](https://a.example/x).\n\n"
        "- [x] agenda\n- [ ] minutes\n\n| a | b |\n|:--|--:|\n| 1 | 2 |\n\n```py\nx < 1\n```\n"
    )

    assert html == (
        "<h2>Scope</h2>\n<p>The <em>group</em> <strong>meets</strong> <del>daily</del> "
        '<a href="https://a.example/x" rel="nofollow noopener noreferrer ugc">weekly</a>.</p>\n'
        "<ul>\n<li>☑ agenda</li>\n<li>☐ minutes</li>\n</ul>\n"
        '<table>\n<thead>\n<tr>\n<th align="left">a</th>\n<th align="right">b</th>\n</tr>\n'
        '</thead>\n<tbody>\n<tr>\n<td align="left">1</td>\n<td align="right">2</td>\n</tr>\n'
        "</tbody>\n</table>\n"
        '<pre><code class="language-py">x &lt; 1\n</code></pre>\n'
    )


@pytest.mark.parametrize(
    ("source", "levels"),
    [
        ("# a\n## b\n# c", [2, 3, 2]),
        ("## a\n## b\n### c\n## d", [2, 2, 3, 2]),
        ("# a\n#### b\n### c\n## d", [2, 3, 3, 3]),
        ("# 1\n## 2\n### 3\n#### 4\n##### 5\n###### 6", [2, 3, 4, 5, 6, 6]),
    ],
)
def test_outline_has_no_gap_however_headings_were_typed(source: str, levels: list[int]) -> None:
    assert [int(level) for level in re.findall(r"<h(\d)>", render(source))] == levels


def test_anchors_of_long_texts_lead_to_their_headings() -> None:
    html = render(
        "# Scope\n\n## Scope\n\n[down](#scope-2)\n\nfact[^1]\n\n[^1]: source", Limit.NOTES
    )

    assert '<h2 id="user-content-scope">' in html
    assert '<h3 id="user-content-scope-2">' in html
    assert 'href="#user-content-scope-2"' in html
    assert 'href="#user-content-fn-1"' in html
    assert 'id="user-content-fn-1"' in html


def test_posts_have_no_ids_since_many_share_a_page() -> None:
    html = render("# Scope\n\nfact[^1]\n\n[^1]: source")

    assert " id=" not in html


def test_pictures_become_links_so_that_nobody_is_tracked() -> None:
    html = render("![a chart](https://tracker.example/x.png)\n\n![](https://tracker.example/y.png)")

    assert "<img" not in html
    assert ">a chart</a>" in html
    assert ">https://tracker.example/y.png</a>" in html


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("x" * (Limit.POST + 1), "too long"),
        ("é" * (Limit.POST // 2 + 1), "too long"),
        ("a\x00b", "cannot be stored"),
        ("a\ud800b", "cannot be stored"),
        ("> " * (NESTING_MAX + 1), "nested too deeply"),
        ("|a" * 41 + "|\n" + "|-" * 41 + "|\n", "columns"),
        ("|a|b|\n|-|-|\n" + "|x\n" * 10_000, "tables"),
        ("# a\n" * 5_001, "headings"),
        ("[^1]" * 5_001, "footnotes"),
        (">- " + "|a" * 41 + "|\n>  " + "|:-:" * 41 + "|\n", "columns"),
    ],
)
def test_text_that_cannot_be_shown_is_refused_in_words(source: str, words: str) -> None:
    with pytest.raises(Invalid, match=words):
        render(source)


def test_text_that_swells_is_refused() -> None:
    with pytest.raises(Invalid, match="too large"):
        render("a@b.c " * 10_000)


def test_limits_themselves_are_within() -> None:
    columns = "|a" * TABLE_MAX_COLUMNS + "|\n" + "|-" * TABLE_MAX_COLUMNS + "|\n"

    assert render(columns).startswith("<table>")
    assert render("> " * NESTING_MAX + "x").count("<blockquote>") == NESTING_MAX
    assert render("x" * Limit.POST)
    check("&" * SPECIALS_MAX, Limit.NOTES)
    with pytest.raises(Invalid):
        check("&" * (SPECIALS_MAX + 1), Limit.NOTES)


def test_plain_gives_the_words_in_one_line() -> None:
    html = render("# Scope\n\nA <b>bold</b> *plan* & more\n\n- one\n- two")

    assert plain(html) == "Scope A bold plan & more one two"
    assert plain(html, 10) == "Scope A b…"
