"""Addresses: those that stand bare in a text, and which may be followed."""

from __future__ import annotations

import re
from collections.abc import Iterator

ALLOWED_SCHEMES = frozenset({"http", "https", "mailto"})
_SCHEME = re.compile(r"\s*([A-Za-z][A-Za-z0-9+.-]*):")
# Control characters and line breaks within a scheme do not count to a browser.
_IGNORED = re.compile(r"[\x00-\x20\x7f]")

# Letters of scripts that put no space around an address.
_UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1100-\u11ff\u1780-\u17ff\u3040-\u30ff\u3100-\u31bf"
    "\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7ff\uf900-\ufaff\U00020000-\U0003ffff"
)
# Signs that end an address wherever they stand.
_ENDING = '\\s<>"“”„«»\u3000-\u303f\uff01-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65'
_BARE = re.compile(
    rf"""(?<![A-Za-z0-9@/:._+-])(?:
        (?P<web>(?:https?://|www\.)(?:[^{_UNSPACED}{_ENDING}]|(?<=/)[\u3400-\u9fff\u30a0-\u30ff\uac00-\ud7ff]++)++)
      | (?P<mail>[A-Za-z0-9._+-]++@[A-Za-z0-9](?:[A-Za-z0-9-]*+[A-Za-z0-9])?+(?:\.[A-Za-z0-9-]++)++)
    )""",
    re.VERBOSE | re.IGNORECASE,
)
_TRAILING = "?!.,:;*_~'\"’"


def bare_addresses(text: str) -> Iterator[tuple[int, int, str]]:
    """Where an address stands in a text without markup, and where it leads.

    As GitHub reads them, with one difference: an address ends where a letter begins of a script
    that writes no spaces, unless the letter begins a part of the path.
    """
    if "@" not in text and "://" not in text and "www." not in text.lower():
        return
    for found in _BARE.finditer(text):
        if found["mail"]:
            address = found["mail"].rstrip("-_.")
            if "." in address.partition("@")[2]:
                yield found.start(), found.start() + len(address), f"mailto:{address}"
            continue
        address = _without_trailing(found["web"])
        host = re.sub(r"^(?:https?://|www\.)", "", address, flags=re.IGNORECASE)
        if not host or not (host[0].isalnum() or host[0] == "["):
            continue
        if found["web"][:4].lower() == "www." and "." not in host:
            continue
        url = address if "://" in address[:8] else f"https://{address}"
        yield found.start(), found.start() + len(address), url


def _without_trailing(address: str) -> str:
    """Without the signs that end the sentence, and without a bracket that was opened before it."""
    unopened = {
        closing: address.count(closing) - address.count(opening)
        for opening, closing in ("()", "[]", "{}")
    }
    end = len(address)
    while end:
        last = address[end - 1]
        if unopened.get(last, 0) > 0:
            unopened[last] -= 1
        elif last not in _TRAILING:
            break
        end -= 1
    return address[:end]


def is_allowed(address: str) -> bool:
    """Whether a link may lead there: a web page, a mail address, or a place without a scheme."""
    scheme = _SCHEME.match(_IGNORED.sub("", address))
    return scheme is None or scheme[1].lower() in ALLOWED_SCHEMES


def is_relative(address: str) -> bool:
    """Whether it names a file beside the text, such as `images/fig1.png`."""
    return bool(address) and not (
        address[0] in "#?/\\" or _SCHEME.match(_IGNORED.sub("", address)) is not None
    )
