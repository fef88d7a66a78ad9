"""Headers as bytes that every mail program reads alike: ASCII, folded, never an empty line.

The standard library folds twice when it is given a value that is encoded already, which leaves
`Subject:` alone on its line, and its newer policies encode an address that is too long for a line
as if it were words. So we say where a line may end.
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
    """This mail can never be sent as it is; the text says why."""


def refuse_control(name: str, value: str) -> None:
    """Raises Unsendable for a line break, NUL or other control character in the value."""
    if _CONTROL.search(value):
        raise Unsendable(f"{name} has a control character or line break.")


@lru_cache(maxsize=256)
def words(name: str, value: str) -> bytes:
    """A header of free words, such as the subject. Raises Unsendable for a control character."""
    refuse_control(name, value)
    value = " ".join(value.split())
    longest = max(map(len, value.split(" ")))
    if _PLAIN.fullmatch(value) and "=?" not in value and longest <= LINE - len(name) - 2:
        return _line(name, value.split(" "))
    return _line(name, _encoded(name, value)) if value else _line(name, [])


def tokens(name: str, *values: str) -> bytes:
    """A header of identifiers and addresses, which are never broken. Raises Unsendable."""
    for value in values:
        refuse_control(name, value)
        if not value.isascii() or " " in value:
            raise Unsendable(f"{name} can hold no spaces and nothing but ASCII.")
    return _line(name, list(values))


@lru_cache(maxsize=256)
def mailbox(name: str, display: str, address: str) -> bytes:
    """A header of one address with a display name. Raises Unsendable for a control character."""
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
    """The value as encoded words (RFC 2047), none of them cut within a character."""
    header = Header(value, "utf-8", header_name=name, maxlinelen=LINE)
    return header.encode(linesep="\n").replace("\n ", " ").split(" ")


def _line(name: str, pieces: list[str]) -> bytes:
    """The header with its line break. The first piece always stands beside the name."""
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
