"""What a text that people type, paste or bring along is shown as."""

import re

import pytest

from common.text.markdown import TextKind, plain, read, render
from tests.text.fidelity import losses
from tests.text.witness import hostile_parts

EVERY_KIND = pytest.mark.parametrize("kind", TextKind)


@EVERY_KIND
def test_words_in_angle_brackets_are_shown_as_typed(kind: TextKind) -> None:
    typed = "The operator sends <TBD> to List<String>, see <draft-foo-bar-01>."

    assert plain(render(typed, kind)) == typed


@EVERY_KIND
@pytest.mark.parametrize(
    ("typed", "html", "words"),
    [
        (
            "<table><tr><td>Decided</td><td>Yes 7:2</td></tr></table>",
            "<tr><td>Decided</td>",
            "Decided Yes 7:2",
        ),
        (
            "<details><summary>Motion</summary> The motion carried 7:2.</details>",
            "<details><summary>Motion</summary>",
            "Motion The motion carried 7:2.",
        ),
        ("line<br>break", "line<br>\nbreak", "line break"),
        ("H<sub>2</sub>O", "H<sub>2</sub>O", "H2O"),
        ('<div align="center">Fig 1</div>', 'class="align-center">Fig 1</div>', "Fig 1"),
        ("<u>must</u> <kbd>Ctrl</kbd>", "<u>must</u> <kbd>Ctrl</kbd>", "must Ctrl"),
    ],
)
def test_simple_html_keeps_its_words_and_its_structure(
    kind: TextKind, typed: str, html: str, words: str
) -> None:
    assert html in render(typed, kind)
    assert plain(render(typed, kind)) == words


def test_an_element_within_a_line_counts_only_with_its_end_tag() -> None:
    assert plain(render("a List<A> and a Map<K, V>")) == "a List<A> and a Map<K, V>"
    assert "<b>bold</b>" in render("a <b>bold</b> word")


def test_numbers_of_a_list_go_on_where_lists_stand_within_it() -> None:
    html = render(
        "1. Security\n    - We saw it.\n    - Then.\n2. Releases\n5. Dates", TextKind.NOTES
    )

    assert html.count("<ol>") == 1
    assert re.findall(r"<li[^>]*>(\w+)", html) == ["Security", "We", "Then", "Releases", "Dates"]
    assert '<li value="5">Dates' in html


def test_headings_have_the_anchors_that_github_gives_them() -> None:
    source = (
        "[a](#data-types--formats) [b](#scope-1) [c](#安全性の評価) [d](#x) [e](#Scope)\n\n"
        '## Data types & formats\n\n## Scope\n\n## Scope\n\n## 安全性の評価\n\n<a name="x"></a>There.'
    )

    document = read(source, TextKind.DOCUMENT)

    assert [heading.anchor for heading in document.headings] == [
        "data-types--formats",
        "scope",
        "scope-1",
        "安全性の評価",
    ]
    targets = set(re.findall(r'id="([^"]*)"', document.html))
    assert set(re.findall(r'href="#([^"]*)"', document.html)) <= targets
    assert document.unseen == ()


@pytest.mark.parametrize(
    "element",
    [
        '<h2 id="my-id">Words</h2>',
        '<section id="my-id">\n\nWords\n\n</section>',
        '<p id="my-id">Words</p>',
        'a <span id="my-id">Words</span>',
        'a <dfn id="my-id">Words</dfn>',
        '<table id="my-id"><tr><td>Words</td></tr></table>',
        '<table><tr id="my-id"><td>Words</td></tr></table>',
        '<table><tr><td id="my-id">Words</td></tr></table>',
        '<ul><li id="my-id">Words</li></ul>',
        '<details id="my-id"><summary>Words</summary></details>',
        '<div id="my-id" align="center">Words</div>',
        'a <a id="my-id">Words</a>',
        'a <a name="my-id">Words</a>',
        'a <a id="my-id" href="https://a.example">Words</a>',
        'a <a id="my-id" href="javascript:x">Words</a>',
        'a <a id="my-id" href="a.md">Words</a>',
        '<p id="my-id">\n\n- Words\n\n</p>',
        '<h2><b id="my-id">Words</b></h2>',
    ],
)
def test_a_link_leads_to_the_id_of_whatever_was_typed(element: str) -> None:
    document = read(f"[x](#my-id)\n\n{element}\n", TextKind.DOCUMENT)

    assert document.html.count(' id="user-content-my-id"') == 1
    assert 'href="#user-content-my-id"' in document.html
    assert not [said for said in document.unseen if "my-id" in said.sentence]
    assert hostile_parts(document.html) == []
    assert "my-id" not in read(element, TextKind.POST).html


def test_an_id_that_is_typed_twice_or_is_a_headings_own_stands_once() -> None:
    html = render(
        '# Scope\n\n<p id="scope">a</p>\n\n<p id="x">b</p>\n\n<i id="x">c</i>', TextKind.NOTES
    )

    assert re.findall(r'<(\w+) id="([^"]*)"', html) == [
        ("h2", "user-content-scope"),
        ("p", "user-content-x"),
    ]


def test_a_heading_with_an_id_keeps_the_anchor_of_its_words() -> None:
    document = read('<h2 id="my-id">Scope</h2>', TextKind.DOCUMENT)

    assert [heading.anchor for heading in document.headings] == ["scope"]


def test_a_badge_is_one_link_with_its_words() -> None:
    html = render("[![Build passing](https://example.org/b.svg)](https://ci.example.org/job)")

    assert re.findall(r'<a href="([^"]*)"[^>]*>([^<]*)</a>', html) == [
        ("https://ci.example.org/job", "Build passing")
    ]


def test_front_matter_is_understood_and_not_shown() -> None:
    source = "---\ntitle: Limits\nauthors: [Ada Quist]\nlayout: page\n---\n\n# Scope\n\nWords."

    document = read(source, TextKind.DOCUMENT)

    assert document.words == "Scope\nWords."
    assert document.front_matter is not None
    assert (document.front_matter.title, document.front_matter.authors) == (
        "Limits",
        ("Ada Quist",),
    )
    (said,) = document.unseen
    assert "Limits" in said.sentence
    assert "layout" in said.sentence


@EVERY_KIND
def test_a_stored_text_that_begins_with_a_mark_of_byte_order_is_read_without_it(
    kind: TextKind,
) -> None:
    front = read("\ufeff---\ntitle: Limits\n---\n\n# Scope\n", kind)

    assert front.words == "Scope"
    assert front.front_matter is not None
    assert front.front_matter.title == "Limits"
    for typed in ("# Scope", "- a\n- b", "Words", "| a |\n|---|\n| b |"):
        assert read(f"\ufeff{typed}", kind).html == read(typed, kind).html


def test_a_line_of_dashes_at_the_beginning_is_no_front_matter() -> None:
    assert "Words" in plain(render("---\n\nWords\n\n---\n", TextKind.DOCUMENT))
    assert "note: this" in plain(render("Text\n\n---\nnote: this\n---\n", TextKind.DOCUMENT))


def test_an_address_ends_where_letters_without_spaces_begin() -> None:
    html = render("詳しくはhttps://example.org/docをご覧ください。")

    assert re.findall(r'<a href="([^"]*)"[^>]*>([^<]*)</a>(.*?)</p>', html) == [
        ("https://example.org/doc", "https://example.org/doc", "をご覧ください。")
    ]


@pytest.mark.parametrize(
    ("typed", "html"),
    [
        ("**「重要」**です", "<strong>「重要」</strong>です"),
        ("これは**強調（注）**です", "これは<strong>強調（注）</strong>です"),
        ("**「重要」**です これは**強調（注）**です", "これは<strong>強調（注）</strong>です"),
        ("*あ*い", "<em>あ</em>い"),
        (r"\*あ\*い", "*あ*い"),
    ],
)
def test_asterisks_pair_beside_letters_without_spaces(typed: str, html: str) -> None:
    assert html in render(typed)


@pytest.mark.parametrize(
    "around",
    [
        *("{}", "[{}](https://a.example)", "<u>{}</u>", "~~{}~~", "_{}_", "__a {}__", "**a {}**"),
        *("# {}", "- {}", "> {}", "| {} |\n|---|\n", "- <b>{}</b>", "[a <i>_{}_</i>](x.md)"),
    ],
)
@pytest.mark.parametrize(
    ("typed", "html"),
    [
        ("**（注）**です", "<strong>（注）</strong>です"),
        ("*「a」*あ", "<em>「a」</em>あ"),
        ("**(ก)**ข", "<strong>(ก)</strong>ข"),
        ("**(ກ)**ຂ", "<strong>(ກ)</strong>ຂ"),
        ("**(ក)**ខ", "<strong>(ក)</strong>ខ"),
        ("**「중요」**입니다", "<strong>「중요」</strong>입니다"),
    ],
)
def test_emphasis_beside_letters_without_spaces_is_the_same_within_everything(
    around: str, typed: str, html: str
) -> None:
    assert html in render(around.replace("{}", typed))


@pytest.mark.parametrize(
    ("typed", "html"),
    [
        ("~~「削除」~~です", "<del>「削除」</del>です"),
        ("[~~（注）~~です](x.md)", "<del>（注）</del>です"),
        ("**~~（注）~~です**", "<strong><del>（注）</del>です</strong>"),
        ("字~~a~あ", "字~~a~あ"),
        (r"「\~~a~~」", "「~~a~~」"),
        ("字`~~「a」~~`字", "<code>~~「a」~~</code>"),
        ("<div>\n<u>**「x」**y</u>\n</div>", "<u>**「x」**y</u>"),
    ],
)
def test_tildes_pair_beside_letters_without_spaces(typed: str, html: str) -> None:
    assert html in render(typed)


def test_footnotes_are_a_named_section_with_a_way_back_to_each_reference() -> None:
    html = render("a[^1] b[^x] c[^1]\n\n[^1]: one\n[^x]: two\n", TextKind.DOCUMENT)

    assert '<section class="footnotes" role="doc-endnotes" aria-labelledby=' in html
    assert re.findall(r'aria-label="([^"]*)"', html) == [
        "Back to reference 1",
        "Back to reference 1-2",
        "Back to reference 2",
    ]


def test_formulas_are_mathml_with_their_source_and_money_is_none() -> None:
    html = render("$E = mc^2$\n\n$$\\sum_i x_i$$\n\nFrom US$5 to US$6.")

    assert html.count("<math") == 2
    assert '<annotation encoding="application/x-tex">E = mc^2</annotation>' in html
    assert 'display="block"' in html
    assert "From US$5 to US$6." in html
    assert "$\\unknown{x}$" in render("$\\unknown{x}$")


def test_formulas_in_the_forms_of_github_are_mathml() -> None:
    fence = "```math\n\\sum_i x_i\n```"

    assert render("a $`x_i`$ b").count("<math") == 1
    assert '<annotation encoding="application/x-tex">x_i</annotation>' in render("a $`x_i`$ b")
    assert '<math display="block"' in render(fence)
    assert read(fence).words == "\\sum_i x_i"
    assert "<math" in render(f"- a\n\n  {fence}".replace("\n", "\n  "))
    # What cannot be read is shown as typed.
    assert "\\unknown{x}" in render("```math\n\\unknown{x}\n```")
    assert "<pre>" in render("```math\n\\unknown{x}\n```")
    assert "<math" not in render("```mathematica\nx\n```")


def test_lines_stay_lines_in_notes_and_posts_and_not_in_documents() -> None:
    typed = "Present:\nGrace\nAda"

    assert render(typed, TextKind.NOTES) == render(typed, TextKind.POST)
    assert render(typed, TextKind.NOTES).count("<br>") == 2
    assert "<br>" not in render(typed, TextKind.DOCUMENT)


def test_what_nothing_refers_to_and_what_no_column_holds_is_shown() -> None:
    html = render("[note]: done\n\n| a | b |\n|---|---|\n| 1 | 2 | surplus |")

    assert "[note]: done" in plain(html)
    assert "surplus" in plain(html)


@pytest.mark.parametrize(
    ("typed", "without", "line"),
    [
        ("{: .note}\nText", "Text", 1),
        ("Text\n{: .note}", "Text", 2),
        ("a\n{: .x}\nb", "a\nb", 2),
        ("a\n\n{: .x #y z='1'}\n\nb", "a\n\n\nb", 3),
        ("# Title {: .no_toc}", "# Title", 1),
        ("## A {:.x} ##", "## A ##", 1),
        ("## A {:.x}{:.y} {:#z}", "## A", 1),
        ("# T\n{: .no_toc}\n\nx", "# T\n\nx", 2),
        ('[a](https://b.example){:target="_blank"} c', "[a](https://b.example) c", 1),
        ("*a*{:.x}{:.y} b", "*a* b", 1),
        ("`a`{: .x}", "`a`", 1),
        ("![a](b.png){: width=80}", "![a](b.png)", 1),
        ("<b>a</b>{:.x}", "<b>a</b>", 1),
        ("- a\n{: .x}\n- b", "- a\n- b", 2),
        ("> q\n{: .x}\n\nz", "> q\n\nz", 2),
        ("* a\n{:toc}", "* a", 2),
        ('{: data-x="https://a.example/x"}\nb', "b", 1),
        ("| [a](https://b.example){:.x} |\n|---|", "| [a](https://b.example) |\n|---|", 1),
    ],
)
@EVERY_KIND
def test_a_list_of_attributes_is_said_beside_the_text_and_not_shown_in_it(
    kind: TextKind, typed: str, without: str, line: int
) -> None:
    document = read(typed, kind)

    assert document.html == read(without, kind).html
    assert {(said.line, said.sentence.partition(" {")[0]) for said in document.unseen} == {
        (line, "The attribute list")
    }
    assert losses(typed, document.html) == []


@pytest.mark.parametrize(
    "typed",
    [
        *("{: note: this}", "{:see below}", "say {: .x} amid", "{: .x} first", "a {:.x}", "{ .x }"),
        *("{:}", "{: .x", "`{: .x}`", "    {: .x}", "*{: .x}*", "x{: .y}", "{: .x} | {: .y}"),
    ],
)
def test_other_words_in_braces_are_shown_as_typed(typed: str) -> None:
    document = read(typed)

    assert plain(document.html) == re.sub(r"^[*`]|[*`]$", "", typed.strip())
    assert document.unseen == ()


def test_the_writer_hears_what_is_not_shown() -> None:
    source = "One.\n\n<!-- a secret -->\n\n[x](javascript:alert)\n\n[y](#nowhere)\n"

    said = read(source, TextKind.DOCUMENT).unseen

    assert [item.line for item in said] == [3, 5, 7]
    assert "a secret" in said[0].sentence
    assert "javascript:alert" in said[1].sentence
    assert "#nowhere" in said[2].sentence


@pytest.mark.parametrize(
    "source",
    [
        "![[a](https://a.example 'w1q')](javascript:x)",
        "![[a](https://a.example 'w1q')](https://a.example/b.png)",
        "![[a](https://a.example 'w1q')](figure.png)",
        "![<abbr title='w1q'>a</abbr>](https://a.example/b.png)",
        "![![a](b.png 'w1q')](https://a.example/b.png)",
        "[see <a href='https://a.example' title='w1q'>a</a>](https://b.example)",
        "<a href='https://b.example'><a href='https://a.example' title='w1q'>a</a></a>",
        "<a name='x' title='w1q'>a</a>",
        "[[a](https://a.example 'w1q')](https://b.example)",
        "[![a](javascript:x 'w1q')](https://b.example)",
    ],
)
def test_a_title_is_kept_wherever_its_link_picture_or_element_stands(source: str) -> None:
    assert "w1q" in read(source, TextKind.DOCUMENT).html


@pytest.mark.parametrize(
    ("source", "html"),
    [
        (
            "<h2>x<details>\n\n[w1q]: w2q.md\n\n</details></h2>",
            '<h2 id="user-content-x--w1q-w2qmd">x <span>\n [w1q]: w2q.md </span></h2>\n',
        ),
        ("- <b>\n\n  [w1q]: w2q.md\n\n  </b>", "<li><b>\n [w1q]: w2q.md </b></li>"),
        ("- ```\n  x\n  ```\n  [w1q]: w2q.md\n\ny", "<p>[w1q]: w2q.md</p>"),
        ("7. <pre>\n  [w1q]: w2q.md\n  </pre>\n\n  <div>x\n  </div>", "<p>[w1q]: w2q.md</p>"),
    ],
)
def test_what_nothing_refers_to_is_shown_within_an_element_and_behind_a_list(
    source: str, html: str
) -> None:
    assert html in read(source, TextKind.DOCUMENT).html


def test_words_and_titles_of_a_picture_stand_as_they_were_typed() -> None:
    source = "![<abbr title='w1q'>w2q [w3q](b 'w4q')</abbr>](javascript:x)"

    assert "w1q w2q w3q w4q" in read(source, TextKind.DOCUMENT).html


@pytest.mark.parametrize(
    "before",
    ["<div>a</div>\nx", "<ol><li>a</li></ol>\nx", "<div>a</div>\n```\nx", "<span>x</span>"],
)
@pytest.mark.parametrize("after", ["</summary>w8q", "</div>w8q", "<span>w8q</span>", "w8q"])
@pytest.mark.parametrize("line", ["", "> ", "- "])
def test_what_nothing_refers_to_is_shown_between_pieces_of_html(
    before: str, after: str, line: str
) -> None:
    lines = f"{before}\n\n[w6q]: w7q.md\n\n{after}".split("\n")
    following = "  " if line == "- " else line
    source = "\n".join((following if at else line) + text for at, text in enumerate(lines))

    html = read(source, TextKind.DOCUMENT).html

    assert [word for word in ("w6q", "w7q", "w8q") if word not in html] == []
