"""Uploaded tables, from any spreadsheet program, as lines of CSV.

Text comes in UTF-8, in UTF-16 or, where it can be neither, in Windows-1252, with commas,
semicolons, tabs or bars between the cells; a workbook of a spreadsheet program comes as XLSX.
"""

import csv
import io
import zipfile
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from xml.parsers import expat

from django.utils.translation import gettext as _

from common.errors import Invalid

DELIMITERS = ",;\t|"
# A workbook is an archive: what it may unpack to, in bytes and parts, and how wide it is read. Many of
# its cells can share one long text, so that all cells together have a limit too, in characters.
UNPACKED_MAX_BYTES = 8_000_000
UNPACKED_MAX_PARTS = 500
CELLS_MAX = 100
CHARACTERS_MAX = 4_000_000
# The encoding that a byte order mark names.
_MARKS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}


@dataclass(frozen=True)
class Decoded:
    """The text of a file; `is_guess` where its encoding is not certain."""

    text: str
    is_guess: bool = False


def is_workbook(content: bytes) -> bool:
    """Whether the bytes begin as an archive does, which no text does."""
    return content.startswith(b"PK\x03\x04")


def decoded(content: bytes) -> Decoded:
    """Return the text of a file. Raises Invalid for one that is no text."""
    marked = next((name for mark, name in _MARKS.items() if content.startswith(mark)), "")
    if encoding := marked or _unmarked_utf_16(content):
        return Decoded(_without_nul(content, encoding))
    try:
        return Decoded(_without_nul(content, "utf-8"))
    except UnicodeDecodeError:
        pass
    try:
        return Decoded(_without_nul(content, "cp1252"), is_guess=True)
    except UnicodeDecodeError:
        raise Invalid(
            _("We could not tell the encoding of this file. Save it as “CSV UTF-8” and try again.")
        ) from None


def _unmarked_utf_16(content: bytes) -> str:
    """Return the encoding of UTF-16 without a mark: in Latin headings every second byte is zero."""
    head = content[:40]
    if len(head) < 4 or len(content) % 2:
        return ""
    if not any(head[::2]) and all(head[1::2]):
        return "utf-16-be"
    if not any(head[1::2]) and all(head[::2]):
        return "utf-16-le"
    return ""


def _without_nul(content: bytes, encoding: str) -> str:
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        if encoding.startswith("utf-16"):
            raise Invalid(_("This is not a text file.")) from None
        raise
    if "\0" in text:
        raise Invalid(_("This is not a text file."))
    return text


def lines_of_text(text: str, columns: Collection[str]) -> Iterator[tuple[int, list[str]]]:
    """Yield the number and the cells of each line of CSV text, with any delimiter.

    Excel's own first line "sep=;" names the delimiter; otherwise it is the one with which the
    heading has most of `columns`. Raises csv.Error where the text is no CSV.
    """
    text = text.lstrip("\ufeff")
    first, _end, rest = text.partition("\n")
    heading = first.strip().strip('"')
    skipped = 0
    if heading.lower().startswith("sep=") and len(heading) == 5:
        delimiter, text, skipped = heading[4], rest, 1
    elif heading.lower() == "sep=" and "\t" in first:
        delimiter, text, skipped = "\t", rest, 1
    else:
        delimiter = max(DELIMITERS, key=lambda sign: _columns_named(text, sign, columns))
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    for cells in reader:
        yield reader.line_num + skipped, cells


def _columns_named(text: str, delimiter: str, columns: Collection[str]) -> int:
    """Count the columns that the heading names when it is split at `delimiter`."""
    try:
        heading = next(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), [])
    except csv.Error:
        return 0
    return len({heading_key(cell) for cell in heading} & set(columns))


def heading_key(cell: str) -> str:
    """Return "legal_name" for "Legal name "."""
    return "_".join(cell.replace("-", " ").replace("_", " ").lower().split())


def text_of_workbook(content: bytes, *, rows_max: int) -> str:
    """Return the first sheet of an XLSX workbook as CSV, at most `rows_max` lines of it.

    Raises Invalid for a file that is no workbook, is locked, or unpacks to more than people type.
    """
    import openpyxl

    too_large = Invalid(
        _("This workbook is too large. Save its sheet as CSV and upload that file.")
    )
    broken = Invalid(
        _("We could not read this workbook. Save its sheet as CSV and upload that file.")
    )
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
            # No part unpacks to more than its declared size, so the sum holds.
            size = sum(part.file_size for part in parts)
            if len(parts) > UNPACKED_MAX_PARTS or size > UNPACKED_MAX_BYTES:
                raise too_large
            if any(_defines_entities(archive.read(part)) for part in parts):
                raise broken
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        sheet = book.worksheets[0]
        rows = sheet.iter_rows(max_row=rows_max, max_col=CELLS_MAX, values_only=True)
        characters = 0
        lines = []
        for row in rows:
            lines.append([_cell_text(cell) for cell in row])
            characters += sum(map(len, lines[-1]))
            if characters > CHARACTERS_MAX:
                raise too_large
        return csv_text(lines)
    except Invalid:
        raise
    except Exception:  # damage and encryption raise errors of openpyxl, zlib, expat and others
        raise broken from None


def _defines_entities(content: bytes) -> bool:
    """Whether this part has a document type, whose entities can unpack to far more than its size.

    No spreadsheet program writes one.
    """
    names: list[str] = []
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = lambda name, *_ids: names.append(name)
    # A document type comes before the first element, so reading stops there.
    parser.StartElementHandler = _stop
    # Raised by `_stop`, or by what is no XML.
    with suppress(ValueError, LookupError, expat.ExpatError):
        parser.Parse(content, True)
    return bool(names)


def _stop(*_element: object) -> None:
    raise ValueError


def _cell_text(cell: object) -> str:
    """Return a cell as people type it: a day without midnight, a whole number without a point."""
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return cell.date().isoformat() if not any(cell.timetuple()[3:6]) else cell.isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)


def csv_text(rows: Iterable[Sequence[str]]) -> str:
    """Return the rows as CSV with commas, without the empty cells at the end of all of them."""
    sheet = io.StringIO()
    writer = csv.writer(sheet)
    for row in rows:
        cells = list(row)
        while cells and not cells[-1].strip():
            cells.pop()
        writer.writerow(cells)
    return sheet.getvalue()
