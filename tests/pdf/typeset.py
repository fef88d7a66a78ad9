"""Typesetting in the tests' own process, and reading what came of it."""

import json
import tempfile
from pathlib import Path

import pypdfium2

from common.pdf.content import BREAK, TEMPLATE, Block, PdfDocument
from common.pdf.from_markdown import MarkdownBlocks, blocks_of
from common.pdf.glyphs import FOLDER
from common.pdf.typesetting import make
from workinggroups.meetings.rendering import notes_document


def typeset(*blocks: Block, title: str = "Minutes") -> tuple[bytes, dict[str, str]]:
    """Return the PDF, and what the typesetter says."""
    document = PdfDocument(title=title, blocks=blocks)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "content.json").write_text(document.as_json(), "utf-8")
        result = make(folder, TEMPLATE, FOLDER)
        pdf = folder / "document.pdf"
        return (pdf.read_bytes() if pdf.is_file() else b""), dict(result)


def of_notes(source: str) -> MarkdownBlocks:
    return blocks_of(notes_document(source).root, keeps_lines=True)


def text_in(pdf: bytes) -> str:
    """Return the words of all pages, without spaces and without the places where long words break."""
    document = pypdfium2.PdfDocument(pdf)
    text = "".join(page.get_textpage().get_text_range() for page in document)
    return "".join(text.replace(BREAK, "").replace("\ufffe", "").split())


def described(values: object) -> str:
    return json.dumps(values, ensure_ascii=False)[:2000]
