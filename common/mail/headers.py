"""Headers as bytes that all mail programs read alike: ASCII, folded, never an empty line.

The standard library folds an already encoded value twice, which leaves `Subject:` alone on its
line, and its newer policies encode an address that is too long for a line as if it were free text.
So we decide where a line can end.
"""

import re
from collections.abc import Iterator
from email.header import Header
from email.utils import formataddr
from functools import lru_cache

LINE = 76  # characters of a line, its line break left out

_CONTROL = re.compile(r"[\x00-\x1f\x7f\u0085\u2028\u2029\ud800-\udfff]")
_PLAIN = re.compile(r"[\x21-\x7e]+(?: [\x21-\x7e]+)*")


class Unsendable(Exception):
    """This mail can never be sent; the message says why."""


def refuse_control(name: str, value: str) -> None:
    """Raise Unsendable for a line break, NUL or other control character in the value."""
    if _CONTROL.search(value):
        raise Unsendable(f"{name} has a control character or line break.")


@lru_cache(maxsize=256)
def words(name: str, value: str) -> bytes:
    """Return a header of free text, such as the subject. Raises Unsendable for a control character."""
    refuse_control(name, value)
    value = " ".join(value.split())
    longest = max(map(len, value.split(" ")))
    if _PLAIN.fullmatch(value) and "=?" not in value and longest <= LINE - len(name) - 2:
        return _line(name, value.split(" "))
    return _line(name, _encoded(name, value)) if value else _line(name, [])


def tokens(name: str, *values: str) -> bytes:
    """Return a header of identifiers or addresses, which are never split. Raises Unsendable."""
    for value in values:
        refuse_control(name, value)
        if not value.isascii() or " " in value:
            raise Unsendable(f"{name} can hold only ASCII without spaces.")
    return _line(name, list(values))


@lru_cache(maxsize=256)
def mailbox(name: str, display: str, address: str) -> bytes:
    """Return a header of one address with a display name. Raises Unsendable for a control character."""
    refuse_control(name, display)
    refuse_control(name, address)
    display = " ".join(display.split())
    if not display:
        return tokens(name, address)
    if display.isascii() and "=?" not in display and len(display) + len(name) <= LINE - 6:
        return _line(
            name, [formataddr((display, address)).removesuffix(f" <{address}>"), f"<{address}>"]
        )
    return _line(name, [*_encoded(name, display), f"<{address}>"])


def _encoded(name: str, value: str) -> list[str]:
    """Return the value as encoded words (RFC 2047), none of them split within a character."""
    header = Header(value, "utf-8", header_name=name, maxlinelen=LINE)
    return header.encode(linesep="\n").replace("\n ", " ").split(" ")


def _line(name: str, pieces: list[str]) -> bytes:
    """Return the header with its line break; the first piece is always on the line of the name."""
    return f"{name}: {''.join(_folded(len(name) + 2, pieces))}\r\n".encode("ascii")


def _folded(used: int, pieces: list[str]) -> Iterator[str]:
    for number, piece in enumerate(pieces):
        if number:
            if used + 1 + len(piece) > LINE:
                yield "\r\n"
                used = 0
            yield " "
            used += 1
        yield piece
        used += len(piece)
