"""Mending the control characters that office programs leave in pasted text.

Only characters that nobody can see are touched: those that break a line or a page become line
breaks, those that stand for a printable one become that one, and the rest, which carries nothing,
goes. No-break spaces, soft hyphens and joiners stay, but for the mark with which some programs begin
every file (U+FEFF). What cannot be mended is named with its place.
"""

import json
import re
from urllib.parse import unquote_to_bytes

from django.http import QueryDict

LINE, PARAGRAPH = "\n", "\n\n"


def _table() -> dict[int, str]:
    """What each control character becomes."""
    table = dict.fromkeys([*range(0x20), *range(0x7F, 0xA0), 0xFFFE, 0xFFFF], "")
    for kept in "\t\n\r":
        del table[ord(kept)]
    for code in range(0x80, 0xA0):
        # Quotes and dashes of Windows-1252 that were read as Latin-1.
        table[code] = bytes([code]).decode("cp1252", "ignore")
    table |= {ord(char): LINE for char in "\x0b\x0e\x85\u2028"}
    table |= {ord(char): PARAGRAPH for char in "\x0c\u2029"}
    # The end of a table's cell, and the two hyphens of word processors.
    return table | {0x07: " ", 0x1E: "\u2011", 0x1F: "\u00ad"}


MENDED = _table()
BREAKS = re.compile("[\t\r\n]")
MENDABLE = re.compile("[" + "".join(re.escape(chr(code)) for code in MENDED) + "]")
# The same in UTF-8, for a body judged as a whole.
MENDABLE_BYTES = re.compile(
    rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]|\xc2[\x80-\x9f]|\xe2\x80[\xa8\xa9]|\xef\xbf[\xbe\xbf]"
    rb"|\xef\xbb\xbf"
)
MENDABLE_ESCAPE = re.compile(rb"\\(?:[bf]|u(?:00[01789]|202[89]|[fF]{3}[eEfF]|[fF][eE][fF]{2}))")
# The mark of byte order, and where a string of JSON begins with it, as such or escaped.
_MARK = "\ufeff"
_JSON_MARKS = re.compile(rf'\\.|"(?:{_MARK}|\\u[fF][eE][fF]{{2}})++', re.DOTALL)
ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|(.))", re.DOTALL)
SHORT_ESCAPES = {"b": 0x08, "f": 0x0C}


def mend(text: str) -> str:
    """The text without control characters and without a mark of byte order at its beginning.

    The very same object where it has none.
    """
    text = text.translate(MENDED) if MENDABLE.search(text) else text
    return text.lstrip(_MARK) if text.startswith(_MARK) else text


def one_line(text: str) -> str:
    """The text of a field of one line: each run of line breaks and tabs is a space, and no other
    control character is left."""
    text = mend(text)
    return re.sub(r" *[\t\r\n][ \t\r\n]*", " ", text) if BREAKS.search(text) else text


def mended_form(posted: QueryDict, leave: re.Pattern[str]) -> QueryDict:
    """The form with its values mended; those of fields whose name matches `leave` as they are."""
    result = QueryDict(mutable=True, encoding=posted.encoding)
    for name, values in posted.lists():
        result.setlist(name, values if leave.search(name) else [mend(value) for value in values])
    result._mutable = False
    return result


def mended_json(body: str) -> str:
    """The JSON text with its strings mended; everything else in it stays as it was written."""
    body = "".join(_raw(char) for char in body) if MENDABLE.search(body) else body
    body = ESCAPE.sub(_escape, body)
    return _JSON_MARKS.sub(lambda found: found[0] if found[0][0] == "\\" else '"', body)


def _raw(char: str) -> str:
    """Raw control characters below U+0020 are no JSON; the parser says so in its own words."""
    replacement = MENDED.get(ord(char)) if char >= " " else None
    return char if replacement is None else json.dumps(replacement)[1:-1]


def _escape(escape: re.Match[str]) -> str:
    code = int(escape[1], 16) if escape[1] else SHORT_ESCAPES.get(escape[2], -1)
    replacement = MENDED.get(code)
    return escape[0] if replacement is None else json.dumps(replacement)[1:-1]


def place_in_bytes(value: bytes) -> tuple[int, int] | None:
    """Line and column, from 1, of the first byte that is not UTF-8; None for text."""
    try:
        value.decode()
    except UnicodeDecodeError as error:
        return _place(value[: error.start].decode())
    return None


def place_in_text(text: str) -> tuple[int, int] | None:
    """Line and column, from 1, of the first half of a character; None where all are whole."""
    try:
        text.encode()
    except UnicodeEncodeError as error:
        return _place(text[: error.start])
    return None


def place_in_form(body: bytes, name: str) -> tuple[int, int] | None:
    """The place in the first value of this field of a URL-encoded form that is not UTF-8."""
    for pair in body.split(b"&"):
        key, _equals, value = pair.partition(b"=")
        if unquote_to_bytes(key.replace(b"+", b" ")).decode(errors="replace") != name:
            continue
        if place := place_in_bytes(unquote_to_bytes(value.replace(b"+", b" "))):
            return place
    return None


def _place(before: str) -> tuple[int, int]:
    lines = mend(before).replace("\r\n", "\n").split("\n")
    return len(lines), len(lines[-1]) + 1
