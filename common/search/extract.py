"""Extract the words of one file, in a process of its own under limits.

Started as a script, without Django and without the platform's environment, so that a malicious file
finds no secrets. Prints UTF-8. Exits with one of the codes below.
"""

import resource
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

MEMORY_BYTES = 1024 * 1024 * 1024
CPU_SECONDS = 20
TEXT_MAX_CHARACTERS = 2_000_000
UNPACKED_MAX_BYTES = 200 * 1024 * 1024
UNPACKED_MAX_FILES = 5_000
CUT, TOO_LARGE, LOCKED, BROKEN = 10, 11, 12, 13


class Refused(Exception):
    """The file cannot be read; the argument is the exit code."""


def words_of_pdf(path: Path) -> Iterator[str]:
    import pypdfium2
    from pypdfium2 import raw

    try:
        document = pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError as error:
        locked = getattr(error, "err_code", None) == raw.FPDF_ERR_PASSWORD
        raise Refused(LOCKED if locked else BROKEN) from None
    for number in range(len(document)):
        page = document[number]
        text = page.get_textpage()
        yield text.get_text_bounded()
        text.close()
        page.close()


def words_of_docx(path: Path) -> Iterator[str]:
    import docx
    from docx.oxml.ns import qn

    _check_archive(path)
    document = docx.Document(str(path))
    text, breaks = qn("w:t"), {qn("w:tab"), qn("w:br"), qn("w:cr")}
    for paragraph in document.element.body.iter(qn("w:p")):
        pieces = (
            node.text or "" if node.tag == text else " "
            for node in paragraph.iter()
            if node.tag == text or node.tag in breaks
        )
        yield "".join(pieces)


def words_of_sheet(path: Path) -> Iterator[str]:
    import python_calamine

    _check_archive(path)
    book = python_calamine.CalamineWorkbook.from_path(str(path))
    for name in book.sheet_names:
        yield name
        for row in book.get_sheet_by_name(name).iter_rows():
            yield " ".join(str(cell) for cell in row if cell != "")


def words_of_text(path: Path) -> Iterator[str]:
    with path.open(encoding="utf-8-sig", errors="replace") as file:
        while piece := file.read(64 * 1024):
            yield piece


READERS = {
    "pdf": words_of_pdf,
    "docx": words_of_docx,
    "xlsx": words_of_sheet,
    "ods": words_of_sheet,
    **dict.fromkeys(
        ("txt", "md", "csv", "json", "jsonl", "yaml", "yml", "bib", "tex"), words_of_text
    ),
}


def main(kind: str, path: Path) -> int:
    """Print the words of the file, at most 2,000,000 characters of them."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    left = TEXT_MAX_CHARACTERS
    separator = "" if READERS[kind] is words_of_text else "\n"
    try:
        for piece in READERS[kind](path):
            if left <= 0:
                return CUT
            shown = piece[:left] + separator
            left -= len(shown)
            sys.stdout.buffer.write(shown.encode(errors="replace"))
    except Refused as refused:
        return int(refused.args[0])
    except MemoryError:
        return TOO_LARGE
    except BrokenPipeError:
        raise
    except Exception:
        return BROKEN
    sys.stdout.buffer.flush()
    return CUT if left <= 0 else 0


def _check_archive(path: Path) -> None:
    """Raise Refused for an office file, which is an archive, that is locked or unpacks to too much."""
    with zipfile.ZipFile(path) as archive:
        listed = archive.infolist()
        if len(listed) > UNPACKED_MAX_FILES:
            raise Refused(TOO_LARGE)
        if sum(item.file_size for item in listed) > UNPACKED_MAX_BYTES:
            raise Refused(TOO_LARGE)
        if any(item.flag_bits & 1 for item in listed):
            raise Refused(LOCKED)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], Path(sys.argv[2])))
