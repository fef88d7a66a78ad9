"""Cleaning the control characters that office programs leave in pasted text.

Only invisible characters change: those that break a line or a page become line breaks, those that
mean a printable character become that character, and the rest is removed. No-break spaces, soft
hyphens and joiners stay, except the byte order mark (U+FEFF) at the beginning. Text that cannot be
cleaned is reported with its place.
"""

import json
import re
from urllib.parse import unquote_to_bytes

from django.http import QueryDict

LINE, PARAGRAPH = "\n", "\n\n"


def _table() -> dict[int, str]:
    """Return the replacement of each control character."""
    table = dict.fromkeys([*range(0x20), *range(0x7F, 0xA0), 0xFFFE, 0xFFFF], "")
    for allowed in "\t\n\r":
        del table[ord(allowed)]
    for code in range(0x80, 0xA0):
        # Quotes and dashes of Windows-1252 that were read as Latin-1.
        table[code] = bytes([code]).decode("cp1252", "ignore")
    table |= {ord(char): LINE for char in "\x0b\x0e\x85\u2028"}
    table |= {ord(char): PARAGRAPH for char in "\x0c\u2029"}
    # The end of a table cell, and the two hyphens of word processors.
    return table | {0x07: " ", 0x1E: "\u2011", 0x1F: "\u00ad"}


REPLACEMENTS = _table()
BREAKS = re.compile("[\t\r\n]")
CLEANABLE = re.compile("[" + "".join(re.escape(chr(code)) for code in REPLACEMENTS) + "]")
# The same in UTF-8, to check a whole body.
CLEANABLE_BYTES = re.compile(
    rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]|\xc2[\x80-\x9f]|\xe2\x80[\xa8\xa9]|\xef\xbf[\xbe\xbf]"
    rb"|\xef\xbb\xbf"
)
CLEANABLE_ESCAPE = re.compile(rb"\\(?:[bf]|u(?:00[01789]|202[89]|[fF]{3}[eEfF]|[fF][eE][fF]{2}))")
# The byte order mark, and a JSON string that begins with it, as such or escaped.
_MARK = "\ufeff"
_JSON_MARKS = re.compile(rf'\\.|"(?:{_MARK}|\\u[fF][eE][fF]{{2}})+', re.DOTALL)
ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|(.))", re.DOTALL)
SHORT_ESCAPES = {"b": 0x08, "f": 0x0C}


def clean_controls(text: str) -> str:
    """Return the text without control characters and without a byte order mark at its beginning.

    Returns the same object when nothing changes.
    """
    text = text.translate(REPLACEMENTS) if CLEANABLE.search(text) else text
    return text.lstrip(_MARK) if text.startswith(_MARK) else text


def one_line(text: str) -> str:
    """Return the text of a one-line field: runs of line breaks and tabs become a space."""
    text = clean_controls(text)
    return re.sub(r" *[\t\r\n][ \t\r\n]*", " ", text) if BREAKS.search(text) else text


def cleaned_form(posted: QueryDict, leave: re.Pattern[str]) -> QueryDict:
    """Return the form with its values cleaned, except fields whose name matches `leave`."""
    result = QueryDict(mutable=True, encoding=posted.encoding)
    for name, values in posted.lists():
        result.setlist(
            name, values if leave.search(name) else [clean_controls(value) for value in values]
        )
    result._mutable = False
    return result


def cleaned_json(body: str) -> str:
    """Return the JSON text with its strings cleaned; everything else stays as it was written."""
    body = "".join(_raw(char) for char in body) if CLEANABLE.search(body) else body
    body = ESCAPE.sub(_escape, body)
    return _JSON_MARKS.sub(lambda match: match[0] if match[0][0] == "\\" else '"', body)


def _raw(char: str) -> str:
    """Clean a character, except those below U+0020: they are not valid in JSON and the parser refuses
    them."""
    replacement = REPLACEMENTS.get(ord(char)) if char >= " " else None
    return char if replacement is None else json.dumps(replacement)[1:-1]


def _escape(escape: re.Match[str]) -> str:
    code = int(escape[1], 16) if escape[1] else SHORT_ESCAPES.get(escape[2], -1)
    replacement = REPLACEMENTS.get(code)
    return escape[0] if replacement is None else json.dumps(replacement)[1:-1]


def place_in_bytes(value: bytes) -> tuple[int, int] | None:
    """Return line and column, from 1, of the first byte that is not UTF-8, or None."""
    try:
        value.decode()
    except UnicodeDecodeError as error:
        return _place(value[: error.start].decode())
    return None


def place_in_text(text: str) -> tuple[int, int] | None:
    """Return line and column, from 1, of the first lone surrogate, or None."""
    try:
        text.encode()
    except UnicodeEncodeError as error:
        return _place(text[: error.start])
    return None


def place_in_form(body: bytes, name: str) -> tuple[int, int] | None:
    """Return the place of the first byte in this field of a URL-encoded form that is not UTF-8."""
    for pair in body.split(b"&"):
        key, _equals, value = pair.partition(b"=")
        if unquote_to_bytes(key.replace(b"+", b" ")).decode(errors="replace") != name:
            continue
        if place := place_in_bytes(unquote_to_bytes(value.replace(b"+", b" "))):
            return place
    return None


def _place(before: str) -> tuple[int, int]:
    lines = clean_controls(before).replace("\r\n", "\n").split("\n")
    return len(lines), len(lines[-1]) + 1
