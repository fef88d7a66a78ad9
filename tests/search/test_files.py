"""Attached files are found by their words, by whoever may read them where they are listed."""

import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import docx
import pytest
from django.core.files.base import ContentFile

from common.access import ANONYMOUS, Viewer, viewer_for
from common.files.models import StoredFile
from common.search import extract, files
from common.search.choices import FileState, Reason
from common.search.extraction import extracted
from common.search.models import FileText, SearchEntry
from common.search.queries import query
from members.people.models import Person
from tests.factories import works
from workinggroups.deliverables.actions.drafting import add_file, remove_file, seal
from workinggroups.groups.models import Group

PDF = b"""%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 200]/Contents 4 0 R
/Resources<</Font<</F1 5 0 R>>>>>>endobj
4 0 obj<</Length 49>>stream
BT /F1 12 Tf 20 100 Td (A quagga in the PDF) Tj ET
endstream endobj
5 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj
trailer<</Root 1 0 R>>
%%EOF
"""
SHEET = """<?xml version="1.0"?><worksheet
xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{}</sheetData></worksheet>"""


def word_file() -> bytes:
    document, out = docx.Document(), BytesIO()
    document.add_paragraph("A quagga in a paragraph")
    document.add_table(1, 2).cell(0, 1).text = "okapi 評価報告"
    document.save(out)
    return out.getvalue()


def sheet_file(rows: str) -> bytes:
    main = "http://schemas.openxmlformats.org"
    office = f"{main}/officeDocument/2006/relationships"
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{main}/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{main}/package/2006/relationships"><Relationship '
        f'Id="r1" Type="{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{main}/spreadsheetml/2006/main" xmlns:r="{office}">'
        '<sheets><sheet name="Quagga" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{main}/package/2006/relationships">'
        f'<Relationship Id="r1" Type="{office}/worksheet" Target="worksheets/s.xml"/></Relationships>',
        "xl/worksheets/s.xml": SHEET.format(rows),
    }
    return packed(parts)


def packed(parts: dict[str, str | bytes]) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


CELL = "<c><v>1234567</v></c>"


def cell(text: str) -> str:
    return f'<row><c t="inlineStr"><is><t>{text}</t></is></c></row>'


GOOD = {
    "a.pdf": PDF,
    "a.docx": word_file(),
    "a.xlsx": sheet_file(cell("A quagga in a cell")),
    "a.txt": b"A quagga in a text",
    "a.csv": b"animal,number\nquagga,1\n",
}
DEEP = "<w:p>" * 200_000
ENTITIES = (
    '<!DOCTYPE d [<!ENTITY a "lol">'
    + "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 20}">' for n in range(9))
    + "]>"
)
# Made when a test asks for one: some take long.
HARMFUL: dict[str, Callable[[], bytes]] = {
    "broken.pdf": lambda: PDF[:200],
    "noise.pdf": lambda: b"%PDF-1.7\n" + bytes(range(256)) * 200,
    "no archive.docx": lambda: b"PK\x03\x04 nothing",
    "bomb.docx": lambda: packed({"word/document.xml": b"\x00" * (extract.UNPACKED_MAX_BYTES + 1)}),
    "many.xlsx": lambda: packed({f"x/{n}": "" for n in range(extract.UNPACKED_MAX_FILES + 1)}),
    "deep.docx": lambda: packed({"word/document.xml": DEEP, "[Content_Types].xml": "<Types/>"}),
    "entities.xlsx": lambda: packed(
        {"xl/workbook.xml": f"{ENTITIES}<x>&j;</x>", "[Content_Types].xml": "<Types/>"}
    ),
}


@pytest.mark.parametrize("name", GOOD)
def test_words_are_taken_of_each_kind(name: str, tmp_path: Path) -> None:
    path = tmp_path / "stored"
    path.write_bytes(GOOD[name])

    found = extracted(name, path)

    assert "quagga" in found.text.lower()
    assert found.reason is None


@pytest.mark.parametrize("name", HARMFUL)
def test_a_harmful_file_is_refused_with_a_reason(name: str, tmp_path: Path) -> None:
    path = tmp_path / "stored"
    path.write_bytes(HARMFUL[name]())

    found = extracted(name, path)

    assert found.text == ""
    assert found.reason in {Reason.BROKEN, Reason.TOO_LARGE}


def test_a_million_cells_are_read_up_to_the_limit(tmp_path: Path) -> None:
    path = tmp_path / "stored"
    path.write_bytes(sheet_file(f"<row>{CELL * 1000}</row>" * 1000))

    found = extracted("large.xlsx", path)

    assert found.reason in {Reason.CUT, Reason.TOO_LARGE, Reason.TOO_LONG}
    assert len(found.text) <= extract.TEXT_MAX_CHARACTERS


def test_a_file_that_is_gone_says_so(tmp_path: Path) -> None:
    assert extracted("a.pdf", tmp_path / "gone").reason == Reason.MISSING


@pytest.fixture
def media(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


def hits(viewer: Viewer, words: str) -> list[str]:
    return [hit.plain_title for hit in query(viewer, words).hits]


@pytest.mark.django_db
@pytest.mark.usefixtures("media")
def test_a_file_is_found_with_the_rights_of_its_text_until_it_is_removed(
    group: Group, chair: Person, outsider: Person
) -> None:
    deliverable = works.deliverable(chair, group)
    upload = ContentFile(GOOD["a.docx"], name="Figures.docx")
    added = add_file(actor=chair, deliverable=deliverable, upload=upload)
    reader, other = viewer_for(chair.pk), viewer_for(outsider.pk)

    assert hits(reader, "figures") == ["Figures.docx"]
    assert hits(reader, "okapi") == []
    while files.read_next():
        pass

    (hit,) = query(reader, "okapi 評価").hits
    assert hit.url == f"{deliverable.get_absolute_url()}#files"
    assert "<mark>okapi</mark> <mark>評価</mark>報告" in hit.excerpt
    assert hits(other, "okapi") == [] == hits(ANONYMOUS, "okapi")
    assert FileText.objects.get(stored=added.stored_id).state == FileState.READ

    remove_file(actor=chair, deliverable=deliverable, name="Figures.docx")
    assert hits(reader, "okapi") == []
    assert not SearchEntry.objects.filter(kind="deliverable_file").exists()


@pytest.mark.django_db
@pytest.mark.usefixtures("media")
def test_a_file_that_ends_its_reader_again_and_again_is_left_alone(
    group: Group, chair: Person
) -> None:
    deliverable = works.deliverable(chair, group)
    upload = ContentFile(b"words", name="a.txt")
    added = add_file(actor=chair, deliverable=deliverable, upload=upload)
    FileText.objects.update(attempts=files.ATTEMPTS_MAX)

    assert not files.read_next()

    text = FileText.objects.get(stored=added.stored_id)
    assert (text.state, text.reason) == (FileState.FAILED, Reason.STOPPED)


@pytest.mark.django_db
@pytest.mark.usefixtures("media")
def test_files_from_before_are_noted_and_read(group: Group, chair: Person) -> None:
    deliverable = works.deliverable(chair, group)
    add_file(actor=chair, deliverable=deliverable, upload=ContentFile(b"quagga", name="a.txt"))
    seal(actor=chair, deliverable=deliverable)
    FileText.objects.all().delete()
    SearchEntry.objects.filter(kind="deliverable_file").delete()

    assert files.note_unread() == StoredFile.objects.count() == 1
    assert files.read_next()
    assert hits(viewer_for(chair.pk), "quagga") == ["a.txt"]
