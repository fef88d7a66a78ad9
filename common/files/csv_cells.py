"""CSV that spreadsheet programs open as it is: no cell is a formula, none is split at another sign."""

import re
from collections.abc import Iterable, Sequence

from common.files.tables import DELIMITERS

# What a spreadsheet takes for the beginning of a formula, also in the width of Chinese and Japanese
# type, after any number of apostrophes, which `protected` added or a person typed.
_FORMULA = re.compile("'*[=+\\-@\\t\\r\uff1d\uff0b\uff0d\uff20]")


def csv_text(heading: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return CSV with the heading and these rows, each cell on one line.

    Send it with a byte order mark (`utf-8-sig`), without which spreadsheet programs guess another
    encoding.
    """
    lines = [heading, *([protected(" ".join(cell.split())) for cell in row] for row in rows)]
    return "".join(",".join(map(_quoted, cells)) + "\r\n" for cells in lines)


def protected(text: str) -> str:
    """Return the text as a cell that spreadsheets do not take for a formula."""
    return f"'{text}" if _FORMULA.match(text) else text


def unprotected(cell: str) -> str:
    """Return the text of a cell that `protected` made; any other cell as it is."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell


def _quoted(cell: str) -> str:
    """Return the cell in quotes if it holds a delimiter of any program; some split at semicolons.

    Otherwise the part of a name after a semicolon would be a cell there, and could be a formula.
    """
    doubled = cell.replace('"', '""')
    return f'"{doubled}"' if any(sign in cell for sign in f'{DELIMITERS}"') else cell
