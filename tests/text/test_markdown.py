"""Markdown: what is shown, what is refused, and that nothing hostile survives or takes long."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from common.errors import Invalid
from common.text.limits import NESTING_MAX, TABLE_MAX_COLUMNS, Limit
from common.text.markdown import TextKind, plain, read, render
from tests.text.hostile import ADDRESSES, PLACES, POLYGLOTS, SCRIPTS
from tests.text.witness import hostile_parts


def test_witness_would_see_a_script() -> None:
    assert hostile_parts("<p onclick=x><script>x</script></p>") == ["onclick", "script"]
    assert hostile_parts('<a href="\x01java\nscript:x" id="a"></a>') == ["\x01java\nscript:x", "a"]
    assert hostile_parts('<p class="site-header" style="x">') == ["site-header", "style"]
    assert hostile_parts('<img src="x" class="figure" data-file="javascript:x" alt="">') == [
        "src",
        "javascript:x",
        "img",
    ]
    assert hostile_parts("<math><p></p></math><mtext></mtext></b>") == [
        "p in ['math']",
        "mtext in []",
        "/b",
    ]


def hostile_parts_shown(source: str, kind: TextKind) -> list[str]:
    """Nothing of a text that is refused."""
    try:
        return hostile_parts(render(source, kind))
    except Invalid:
        return []


def test_there_are_more_than_three_hundred_polyglots() -> None:
    assert len(set(POLYGLOTS)) > 300


@pytest.mark.parametrize("kind", TextKind)
def test_no_polyglot_survives(kind: TextKind) -> None:
    found = {source: hostile_parts_shown(source, kind) for source in POLYGLOTS}
    survivors = {source: parts for source, parts in found.items() if parts}

    assert survivors == {}


pieces = st.one_of(
    st.sampled_from(SCRIPTS + ADDRESSES + PLACES),
    st.sampled_from(list("<>&\"'`[]()!#*_~|\\:;=-\n\t ")),
    st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=8),
)


def test_hardly_a_polyglot_is_refused() -> None:
    refused = []
    for source in POLYGLOTS:
        try:
            render(source)
        except Invalid:
            refused.append(source)

    assert refused == [source for source in POLYGLOTS if "\x01" in source]


@settings(max_examples=400, deadline=None)
@given(st.lists(pieces, max_size=25).map("".join))
def test_nothing_hostile_survives_in_any_mixture(source: str) -> None:
    assert hostile_parts_shown(source, TextKind.NOTES) == []


MUTATIONS = [
    "<math><mtext><table><mglyph><style><!--</style><img title='--><img src=1 onerror=alert(1)>'>",
    "<math><annotation-xml encoding='text/html'><style><img src=x onerror=alert(1)></style></math>",
    "<svg><style><a id='</style><img src=1 onerror=alert(1)>'></svg>",
    "<svg></p><style><g title='</style><img src onerror=alert(1)>'>",
    "<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    "<table><td><table><svg onload=alert(1)></table><script>alert(1)</script></td></table>",
    "<table><a href='javascript:alert(1)'>x<tr><td>y</a></table><table><p>z",
    "<table><caption><table></caption><img src=x onerror=alert(1)></table>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'></noscript>",
    "<noembed><img title='</noembed><img src onerror=alert(1)>'></noembed>",
    "<textarea><img title='</textarea><script>alert(1)</script>'></textarea>",
    "<select><option><script>alert(1)</script></select><xmp><img src onerror=alert(1)></xmp>",
    "<![CDATA[><img src=x onerror=alert(1)>]]>",
    "<!--><img src=x onerror=alert(1)>-->",
    "<!--!><img src=x onerror=alert(1)>--!>",
    "<!-- --!><img src=x onerror=alert(1)>",
    "<!-- a <!-- b --> c --><script>alert(1)</script>",
    "<?php><img src=x onerror=alert(1)>?>",
    "<plaintext><script>alert(1)</script>",
    "<a title='`'>`<img src=x onerror=alert(1) title='`'></a>",
    "<a href='x' title='&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;'>y</a>",
    "[x](y '\"onmouseover=alert(1) x=\"')",
    "![\"onerror=alert(1)](x.png '\"><script>alert(1)</script>')",
    "<img src='\"onerror=alert(1)' alt='\" onload=\"x'>",
    "<details open='\" ontoggle=alert(1)'><td colspan='1 onclick=x' rowspan=99999999999>",
    "<ol start='1 onclick=alert(1)'><li value='x'>y</ol>",
    "<div dir='rtl\" onclick=\"x' align='center\" onclick=\"x' class='site-header' id=main>x</div>",
    "<a name='\"><script>alert(1)</script>'>x</a> <a id='x onclick=y'>z</a>",
    '# <a id=x>y</a> "><script>alert(1)</script>\n\n[x](#"><script>alert(1)</script>)',
    '[^"><script>alert(1)</script>]\n\n[^"><script>alert(1)</script>]: x',
    '```"><script>alert(1)</script>\nx\n```',
    "<pre><code class='x' onclick=y>```py\n<script>alert(1)</script>\n```",
    "$\\text{<script>alert(1)</script>}$ $</annotation></semantics></math><script>alert(1)</script>$",
    "$\\href{javascript:alert(1)}{x}$ $\\style{color:red}{x}$ $\\class{x}{y}$ $\\cssId{x}{y}$",
    "$\\unicode{60}script\\unicode{62}$ $\\mathop{<img src=x onerror=alert(1)>}$",
    '$\\color{red" onclick="x}{y}$ $\\hspace{1em" onclick="x}$ $\\textcolor{<b>}{x}$',
    "```html\n<script>alert(1)</script></code></pre><script>alert(1)</script>\n```",
    '> [!NOTE]<script>alert(1)</script>\n> [!WARNING" onclick=x]',
    "---\ntitle: <script>alert(1)</script>\n---\n\nx",
]


@pytest.mark.parametrize("kind", TextKind)
def test_no_mutation_survives(kind: TextKind) -> None:
    """Alone, within each place of a text, and each within what the others leave open."""
    texts = [place.replace("{}", mutation) for mutation in MUTATIONS for place in PLACES]
    texts += [first + second for first in MUTATIONS[:12] for second in MUTATIONS[::3]]
    found = {source: hostile_parts_shown(source, kind) for source in texts}

    assert {source: parts for source, parts in found.items() if parts} == {}


def test_no_address_of_typed_html_is_hostile() -> None:
    links = ["<a href='{}'>x</a>", '<a href="{}">x</a>', "<a href={}>x</a>", "<img src='{}' alt=x>"]
    links += ["<a href='{}'><img src='{}'></a>", "<table><td><a href='{}'>", "<img src={}>"]
    texts = [link.replace("{}", address) for link in links for address in ADDRESSES]
    found = {source: hostile_parts_shown(source, TextKind.DOCUMENT) for source in texts}

    assert {source: parts for source, parts in found.items() if parts} == {}


def test_words_like_those_that_stand_for_formulas_stay_words() -> None:
    """Each writing has its own word, of 64 random bits, for what is put in after cleaning."""
    word = "p0123456789abcdefx0z"
    words = " ".join(f"p{number:016x}x{number % 3}z" for number in range(2000))
    html = render(f"$x$ {word} `{word}` {words}\n\n```py\n{word}\n```\n\n# {word}", TextKind.NOTES)

    assert html.count(word) == 5  # the heading's anchor has it too
    assert html.count("<math") == 1
    assert all(guess in html for guess in words.split())
    assert render("$x$ p") == render("$x$ p")


@pytest.mark.parametrize("character", "\x01\x02\x03\x04")
def test_characters_that_stand_for_signs_while_cleaning_are_refused(character: str) -> None:
    for source in (
        f"{character}script{character}",
        f"&#{ord(character)};script&#x{ord(character)};",
    ):
        assert hostile_parts_shown(source, TextKind.NOTES) == []
        assert "script>" not in plain_or_refused(source)


def plain_or_refused(source: str) -> str:
    try:
        return render(source)
    except Invalid:
        return ""


def test_entities_of_control_characters_become_no_signs() -> None:
    html = render(
        "&#3;b&#4; <b title='&#3;i&#4;&#2;lt;'>x</b> `&#3;` [x](y '&#3;') <p>&#3;u&#4;</p>"
    )

    assert "&lt;b" not in html
    assert "&lt;i" not in html
    assert "&lt;u" not in html
    assert not re.search("[\x01-\x08]", html)


def test_markdown_is_shown() -> None:
    html = render(
        "# Scope\n\nThe *group* **meets** ~~daily~~ [weekly](https://a.example/x).\n\n"
        "- [x] agenda\n- [ ] minutes\n\n| a | b |\n|:--|--:|\n| 1 | 2 |\n\n```py\nx < 1\n```\n"
    )

    assert html == (
        "<h2>Scope</h2>\n<p>The <em>group</em> <strong>meets</strong> <del>daily</del> "
        '<a href="https://a.example/x" rel="nofollow noopener noreferrer ugc">weekly</a>.</p>\n'
        "<ul>\n<li>☑ agenda</li>\n<li>☐ minutes</li>\n</ul>\n"
        '<table>\n<thead>\n<tr>\n<th class="align-start">a</th>\n<th class="align-end">b</th>\n'
        '</tr>\n</thead>\n<tbody>\n<tr>\n<td class="align-start">1</td>\n'
        '<td class="align-end">2</td>\n</tr>\n</tbody>\n</table>\n'
        '<pre><code class="language-py"><span class="n">x</span>'
        ' <span class="o">&lt;</span> '
        '<span class="mi">1</span>\n</code></pre>\n'
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
        "# Scope\n\n## Scope\n\n[down](#scope-1)\n\nfact[^1]\n\n[^1]: source", TextKind.NOTES
    )

    assert '<h2 id="user-content-scope">' in html
    assert '<h3 id="user-content-scope-1">' in html
    assert 'href="#user-content-scope-1"' in html
    assert 'href="#user-content-fn-1"' in html
    assert 'id="user-content-fn-1"' in html


@pytest.mark.parametrize("kind", [TextKind.POST, TextKind.AGREEMENT])
def test_posts_have_no_ids_but_those_of_their_footnotes_since_many_share_a_page(
    kind: TextKind,
) -> None:
    source = "# Scope\n\nfact[^1] <a name='x'>y</a> <p id='z'>z</p>\n\n[^1]: source"

    ids = re.findall(r' id="([^"]*)"', render(source, kind))

    assert [re.sub("-[0-9a-f]{12}-", "-", own) for own in ids] == [
        "user-content-fnref-1",
        "user-content-fn-1",
    ]


@pytest.mark.parametrize("kind", TextKind)
def test_footnotes_of_every_kind_of_text_are_a_named_section_with_ways_there_and_back(
    kind: TextKind,
) -> None:
    html = render("a[^1] b[^x] c[^1]\n\n[^1]: one\n[^x]: two", kind)
    ids = re.findall(r' id="([^"]*)"', html)
    (section,) = re.findall("<section[^>]*>", html)

    assert 'role="doc-endnotes"' in section
    assert 'aria-label="Footnotes"' in section or 'aria-labelledby="' in section
    assert html.count('role="doc-noteref"') == html.count('role="doc-backlink"') == 3
    assert set(re.findall(r'href="#([^"]*)"', html)) <= set(ids)
    assert len(ids) == len(set(ids))
    assert hostile_parts(html) == []


def test_footnotes_of_two_posts_on_one_page_have_ids_of_their_own() -> None:
    page = render("a[^1]\n\n[^1]: one") + render("b[^1]\n\n[^1]: two")
    page += render("# Fn\n\nc[^1]\n\n[^1]: three", TextKind.DOCUMENT)
    ids = re.findall(r' id="([^"]*)"', page)

    assert len(ids) == len(set(ids)) == 8
    assert set(re.findall(r'href="#([^"]*)"', page)) <= set(ids)


def test_pictures_become_links_so_that_nobody_is_tracked() -> None:
    html = render(
        "![a chart](https://tracker.example/x.png)\n\n![](https://tracker.example/y.png)\n\n"
        "<img src=https://tracker.example/z.png alt='a map'>\n\n![](//tracker.example/w.png)"
    )

    assert "<img" not in html
    assert ">a chart</a>" in html
    assert ">y.png</a>" in html
    assert ">a map</a>" in html


def test_pictures_beside_the_text_load_nothing_by_themselves() -> None:
    document = read("![Figure \"1\"](images/fig%201.png 'A <caption>')\n\n<img src='a&b.svg'>")

    assert document.figures == ("images/fig%201.png", "a&b.svg")
    assert document.html == (
        '<p><img class="figure" data-file="images/fig%201.png" alt="Figure &quot;1&quot;"'
        ' title="A &lt;caption&gt;"></p>\n<p><img class="figure" data-file="a&amp;b.svg" alt=""></p>\n'
    )


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
        ("[^1]" * 5_001 + "\n\n[^1]: x", "footnotes"),
        (">- " + "|a" * 41 + "|\n>   " + "|:-:" * 41 + "|\n", "columns"),
    ],
    ids=lambda value: value[:12].encode("ascii", "backslashreplace").decode(),
)
def test_text_that_cannot_be_shown_is_refused_in_words(source: str, words: str) -> None:
    with pytest.raises(Invalid, match=words):
        render(source)


def test_text_that_swells_is_refused() -> None:
    with pytest.raises(Invalid, match="too large"):
        render("[a](b)" * 6_900)


def test_limits_themselves_are_within() -> None:
    columns = "|a" * TABLE_MAX_COLUMNS + "|\n" + "|-" * TABLE_MAX_COLUMNS + "|\n"

    assert render(columns).startswith("<table>")
    assert render("> " * NESTING_MAX + "x").count("<blockquote>") == NESTING_MAX
    assert render("x" * Limit.POST)


def test_plain_gives_the_words_in_one_line() -> None:
    html = render("# Scope\n\nA <b>bold</b> *plan* & more\n\n- one\n- two")

    assert plain(html) == "Scope A bold plan & more one two"
    assert plain(html, 10) == "Scope A b…"
