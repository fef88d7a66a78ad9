"""Tables that people send, whatever program wrote them, as the lines of one kind of CSV.

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
from typing import Any
from xml.parsers import expat

from django.utils.translation import gettext as _

from common.errors import Invalid

DELIMITERS = ",;\t|"
# A workbook is an archive: what it may unpack to, in bytes and parts, and how wide it is read.
UNPACKED_MAX_BYTES = 8_000_000
UNPACKED_MAX_PARTS = 500
CELLS_MAX = 100


@dataclass(frozen=True)
class Decoded:
    """The text of a file; `is_guess` where another encoding would have made other letters of it."""

    text: str
    is_guess: bool = False


def is_workbook(content: bytes) -> bool:
    """Whether the bytes begin as an archive does, which no text does."""
    return content.startswith(b"PK\x03\x04")


def decoded(content: bytes) -> Decoded:
    """Return the text of a file. Raises Invalid where it is none."""
    for mark, encoding in (
        (b"\xef\xbb\xbf", "utf-8-sig"),
        (b"\xff\xfe", "utf-16"),
        (b"\xfe\xff", "utf-16"),
    ):
        if content.startswith(mark):
            return Decoded(_without_nul(content, encoding))
    if half := _half_of_nul(content):
        return Decoded(_without_nul(content, half))
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


def _half_of_nul(content: bytes) -> str:
    """Text in UTF-16 without a mark: of a heading in Latin letters every second byte is zero."""
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
    """Yield the number and the cells of each line of CSV text, however its cells are divided.

    Excel's own first line "sep=;" says how. Else the heading does: cells end at the sign by which
    it names most of `columns`. Raises csv.Error where the text is no CSV.
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
        delimiter = max(DELIMITERS, key=lambda sign: _named(text, sign, columns))
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    for cells in reader:
        yield reader.line_num + skipped, cells


def _named(text: str, delimiter: str, columns: Collection[str]) -> int:
    """How many of the columns the heading names, when its cells end at `delimiter`."""
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

    Raises Invalid for what is no workbook, is locked, or unpacks to more than anybody types.
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
            # What is unpacked ends where the archive says that it ends, so the sum holds.
            size = sum(part.file_size for part in parts)
            if len(parts) > UNPACKED_MAX_PARTS or size > UNPACKED_MAX_BYTES:
                raise too_large
            if any(_defines_entities(archive.read(part)) for part in parts):
                raise broken
    except Invalid:
        raise
    except Exception:  # what zlib, encryption and damage raise
        raise broken from None
    try:
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        sheet = book.worksheets[0]
        rows = sheet.iter_rows(max_row=rows_max, max_col=CELLS_MAX, values_only=True)
        return csv_text([_words(cell) for cell in row] for row in rows)
    except Invalid:
        raise
    except Exception:  # its own classes, those of zlib, expat and of every part it reads
        raise broken from None


def _defines_entities(content: bytes) -> bool:
    """Whether this part has a document type, whose entities unpack to far more than its size.

    No spreadsheet program writes one.
    """
    found: list[str] = []
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = lambda name, *_ids: found.append(name)
    # It stands before the first element, so that nothing behind that has to be read.
    parser.StartElementHandler = _stop
    # An element, or no XML.
    with suppress(ValueError, LookupError, expat.ExpatError):
        parser.Parse(content, True)
    return bool(found)


def _stop(*_element: object) -> None:
    raise ValueError


def _words(cell: Any) -> str:
    """A cell as people type it: a day without its midnight, a whole number without a point."""
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
