"""Every word of a text is in its PDF, whatever the text is made of, and nothing of it is run."""

import re
from pathlib import Path

import pytest

from common.errors import Invalid
from common.pdf import actions, content, glyphs
from common.pdf.content import PdfDocument, heading, paragraph
from common.pdf.from_markdown import PdfPicture, blocks_of
from common.text.limits import Limit
from tests.factories.files import png
from tests.pdf.typeset import of_notes, text_in, typeset
from tests.text.composing import composed
from tests.text.hostile import pathological
from workinggroups.meetings.rendering import notes_document

SEEDS = 60


@pytest.mark.parametrize("seed", range(SEEDS))
def test_each_visible_word_of_any_text_is_in_its_pdf(seed: int) -> None:
    text = composed(seed)

    pdf, result = typeset(*of_notes(text.source).blocks)

    assert "failure" not in result, (text.source, result)
    shown = text_in(pdf)
    lost = [word for word in [*text.seen, *text.notes] if word not in shown]
    assert lost == [], text.source


def test_the_words_that_the_page_shows_are_in_the_pdf() -> None:
    source = Path("tests/text/corpus").glob("*.md")
    for path in sorted(source)[::6]:
        text = path.read_text("utf-8")
        try:
            document = notes_document(text)
        except Invalid:
            continue
        pdf, result = typeset(*of_notes(text).blocks)
        assert "failure" not in result, path
        shown = text_in(pdf)
        words = re.findall(r"[A-Za-z0-9]+", document.words)
        assert [word for word in words if word not in shown] == [], path


@pytest.mark.parametrize(
    "source",
    [
        '#read("/etc/passwd")',
        '#import "@preview/tablex:0.0.1": *',
        "#set page(width: 1pt)",
        "$ integral_0^1 x $ and #sys.inputs",
        "`#read` [x](https://a.example/#eval) = head\n/ term: x",
        '"); read("/etc/passwd"); ("',
        "\\u{1F600} \\ #{1+1} <label> @label *a* _b_",
    ],
)
def test_source_of_the_typesetter_is_words(source: str) -> None:
    pdf, result = typeset(paragraph(source), heading(source, 2))

    assert result["standard"] == "ua-1"
    assert text_in(pdf).count("".join(source.split())) >= 2
    assert "root:" not in text_in(pdf)


def test_a_document_is_accessible() -> None:
    pdf, result = typeset(*of_notes("# One\n\n#### Deep\n\n| a | b |\n|-|-|\n| c | d |").blocks)

    assert result["standard"] == "ua-1"
    assert b"<pdfuaid:part>1</pdfuaid:part>" in pdf
    assert b"/StructTreeRoot" in pdf
    assert b"/Lang" in pdf


def test_a_character_without_a_glyph_fails_nothing() -> None:
    """Georgian and a private character."""
    pdf, result = typeset(paragraph("Words ქართული \ue123 go on."))

    assert (result["standard"], "ქ" in result["reason"]) == ("", True)
    assert "Words" in text_in(pdf)
    assert glyphs.missing("Words ქა\ue123 \u200b\u200d\n") == ["ა", "ქ", "\ue123"]


NO_GLYPH = "\u10e5"  # a Georgian letter


@pytest.mark.parametrize("where", ["title", "kicker", "subtitle", "running", "footer", "mark"])
def test_a_character_without_a_glyph_fails_nothing_around_the_text(
    where: str, tmp_path: Path
) -> None:
    parts = {"title": "Minutes", where: f"Words {NO_GLYPH}"}
    document = PdfDocument(blocks=[paragraph("We met.")], **parts)
    (tmp_path / "content.json").write_text(document.as_json(), "utf-8")

    # The running title is on the second page and later ones.
    assert actions.typeset(tmp_path)["standard"] == ("ua-1" if where == "running" else "")
    assert glyphs.missing("".join(content.strings_in(list(parts.values())))) == [NO_GLYPH]


@pytest.mark.parametrize(
    "source",
    [
        f"# {NO_GLYPH}",
        f"| {NO_GLYPH} |\n|---|\n| a |",
        f"| a |\n|---|\n| {NO_GLYPH} |",
        f"```\n{NO_GLYPH}\n```",
        f"`{NO_GLYPH}` **{NO_GLYPH}** [{NO_GLYPH}](https://a.example/)",
        f"![{NO_GLYPH}](none.png '{NO_GLYPH}')",
        f"decision: {NO_GLYPH}",
        f"> - {NO_GLYPH}",
        f"A note[^1]\n\n[^1]: {NO_GLYPH}",
    ],
)
def test_a_character_without_a_glyph_fails_nothing_in_the_text_and_is_named(source: str) -> None:
    blocks = of_notes(source).blocks

    pdf, result = typeset(*blocks)

    assert result["standard"] == ""
    assert pdf.startswith(b"%PDF")
    assert glyphs.missing("".join(content.strings_in(blocks))) == [NO_GLYPH]


def drawn(source: str, picture: bytes, folder: Path) -> actions.Result:
    """Typeset notes with one picture of these bytes."""
    blocks = blocks_of(
        notes_document(source).root,
        keeps_lines=True,
        pictures={"curve.png": PdfPicture("picture-1.png", 1)},
    )
    (folder / "picture-1.png").write_bytes(picture)
    document = PdfDocument(title="Minutes", blocks=blocks.blocks)
    (folder / "content.json").write_text(document.as_json(), "utf-8")
    return actions.typeset(folder)


@pytest.mark.parametrize(
    "source", ["![](curve.png)", "![ ](curve.png 'Title')", "| a |\n|-|\n| ![](curve.png) |"]
)
def test_a_picture_without_alternative_text_fails_nothing(source: str, tmp_path: Path) -> None:
    assert drawn(source, png(), tmp_path)["standard"] == "ua-1"
    assert of_notes(source).undescribed == ["curve.png"]


@pytest.mark.parametrize("picture", [b"", b"no picture", png()[:40]])
def test_a_damaged_picture_is_its_words(picture: bytes, tmp_path: Path) -> None:
    result = drawn("We met.\n\n![The curve](curve.png)", picture, tmp_path)

    assert result["standard"] == "ua-1"
    assert "Wemet.Thecurve" in text_in((tmp_path / "document.pdf").read_bytes())


def test_a_picture_that_is_not_there_is_its_words() -> None:
    blocks = of_notes("![The curve](fig/curve.png 'Measured')\n\n![](fig/none.png)")

    pdf, result = typeset(*blocks.blocks)

    assert result["standard"] == "ua-1"
    assert "ThecurveMeasured" in text_in(pdf)
    assert blocks.undescribed == ["fig/none.png"]


@pytest.mark.parametrize("family", list(pathological(Limit.NOTES))[::4])
def test_no_hostile_text_takes_long_or_much(family: str, tmp_path: Path) -> None:
    """In the process with its limits, as a worker makes it; refused texts have no PDF."""
    source = pathological(Limit.NOTES)[family]
    try:
        blocks = of_notes(source).blocks
    except Invalid:
        return
    document = PdfDocument(title="Minutes", blocks=blocks)
    (tmp_path / "content.json").write_text(document.as_json(), "utf-8")

    result = actions.typeset(tmp_path, seconds=75)

    assert "failure" not in result
    assert (tmp_path / "document.pdf").is_file()


def test_a_table_of_two_thousand_rows_is_made(tmp_path: Path) -> None:
    rows = "\n".join(f"| {number} | some words | x | y |" for number in range(2000))
    blocks = of_notes(f"| a | b | c | d |\n|---|---|---|---|\n{rows}").blocks
    document = PdfDocument(title="Minutes", blocks=blocks)
    (tmp_path / "content.json").write_text(document.as_json(), "utf-8")

    assert actions.typeset(tmp_path) == {"standard": "ua-1", "reason": ""}


def test_a_time_out_and_nonsense_are_failures(tmp_path: Path) -> None:
    (tmp_path / "content.json").write_text("{}", "utf-8")
    assert actions.typeset(tmp_path)["failure"] == "unreadable"
    document = PdfDocument(title="T", blocks=[paragraph("x")])
    (tmp_path / "content.json").write_text(document.as_json(), "utf-8")
    assert actions.typeset(tmp_path, seconds=0.001) == {"failure": "too_large"}


def test_the_fonts_have_what_is_listed() -> None:
    codes = sorted(glyphs.covered())
    drawn = [chr(code) for code in codes if code > 0x20 and not 0x7F <= code < 0xA0]

    _pdf, result = typeset(
        *(paragraph(" ".join(drawn[at : at + 400])) for at in range(0, len(drawn), 400))
    )

    assert result == {"standard": "ua-1", "reason": ""}


def test_a_han_character_is_japanese_beside_kana() -> None:
    assert glyphs.families("規格です")["serif"].index("Noto Sans JP") < glyphs.families("規格です")[
        "serif"
    ].index("Noto Sans SC")
    assert glyphs.families("规格")["serif"].index("Noto Sans SC") < glyphs.families("规格")[
        "serif"
    ].index("Noto Sans JP")


def test_levels_of_headings_leave_no_gap() -> None:
    blocks = content.with_outline([heading("a", 4), heading("b", 6), heading("c", 2)])

    assert [block["l"] for block in blocks] == [2, 3, 2]
