"""Emphasis beside letters of scripts that write no spaces, such as Japanese, Korean or Thai.

CommonMark asks for a space or a sign beside asterisks and tildes, and these scripts write none: the
rules for which run of them opens and which closes are read again here, with one change: a letter or
sign of these scripts counts as a letter on either side of the run.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache
from html import unescape

from common.text.tree import Kind, Node

_UNSPACED = (
    "\u0e00-\u0fff\u1000-\u109f\u1780-\u17ff\u1950-\u19ff\u1a20-\u1aaf\ua980-\ua9ff\uaa60-\uaadf"
    "\u1100-\u11ff\u2e80-\u303f\u3040-\u318f\u31a0-\u31ff\u3200-\u4dbf\u4e00-\ua4cf\ua960-\ua97f"
    "\uac00-\ud7ff\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef\U00016fe0-\U00018aff\U0001aff0-\U0001b2ff"
    "\U0001f200-\U0001f2ff\U00020000-\U0003ffff"
)
_IS_UNSPACED = re.compile(f"[{_UNSPACED}]")
_BESIDE_RUN = re.compile(rf"[{_UNSPACED}][*~]|[*~][{_UNSPACED}]")
_STAR, _TILDE = ord("*"), ord("~")
_RUNS = re.compile(r"(?<!\\)(\*++|~++)")
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])|&#?\w{1,32};")


class _Run:
    """Asterisks or tildes in a row: how many are left, and what they may do."""

    __slots__ = ("can_close", "can_open", "count", "end", "length", "sign", "start")

    def __init__(self, sign: str, start: int, end: int, before: bytes, after: bytes) -> None:
        self.sign, self.start, self.end = sign, start, end
        self.count = self.length = end - start
        self.can_open, self.can_close = _can_open_and_close(before, after)


def needs_pairing(source: str) -> bool:
    """Whether asterisks or tildes of this piece of source stand beside such a letter."""
    return _BESIDE_RUN.search(source) is not None


def pair_runs(children: list[Node], source: bytes) -> list[Node]:
    """The nodes of one line holder with its asterisks and tildes paired anew."""
    return _pair(_runs_and_nodes(children, source))


def _runs_and_nodes(children: list[Node], source: bytes) -> list[Node | _Run]:
    """What the line holds in order, its emphasis taken apart into signs and content."""
    flat: list[Node | tuple[int, int]] = []
    waiting: list[Node | tuple[int, int]] = list(reversed(children))
    while waiting:
        item = waiting.pop()
        if isinstance(item, tuple):
            flat.append(item)
        elif item.kind in {Kind.EMPHASIS, Kind.STRONG} and source[item.start] == _STAR:
            width = 1 if item.kind == Kind.EMPHASIS else 2
            waiting.append((item.end - width, item.end))
            waiting.extend(reversed(item.children))
            waiting.append((item.start, item.start + width))
        elif item.kind == Kind.STRIKETHROUGH and source[item.start] == _TILDE:
            width = 2 if source[item.start + 1] == _TILDE else 1
            waiting.append((item.end - width, item.end))
            waiting.extend(reversed(item.children))
            waiting.append((item.start, item.start + width))
        elif item.kind == Kind.TEXT and ("*" in item.text or "~" in item.text):
            flat.extend(_split(item, source))
        else:
            flat.append(item)
    return list(_joined(flat, source))


def _split(node: Node, source: bytes) -> Iterator[Node | tuple[int, int]]:
    """Words between signs that were not escaped, and where those stand."""
    typed = source[node.start : node.end].decode(errors="replace")
    if _plain_words(typed) != node.text:  # words of an attribute, or what was typed as HTML
        yield node
        return
    at = node.start
    for number, part in enumerate(_RUNS.split(typed)):
        end = at + len(part.encode())
        if number % 2:
            yield (at, end)
        elif part:
            yield Node(Kind.TEXT, at, end, text=_plain_words(part))
        at = end


def _plain_words(typed: str) -> str:
    """Words as typed, with escapes and entities resolved."""
    return _ESCAPE.sub(lambda found: found[1] or unescape(found[0]), typed)


def _joined(flat: list[Node | tuple[int, int]], source: bytes) -> Iterable[Node | _Run]:
    position = 0
    while position < len(flat):
        item = flat[position]
        position += 1
        if isinstance(item, Node):
            yield item
            continue
        start, end = item
        while position < len(flat):
            following = flat[position]
            if isinstance(following, Node) or following[0] != end or source[end] != source[start]:
                break
            end = following[1]
            position += 1
        sign = chr(source[start])
        yield _Run(sign, start, end, source[max(start - 4, 0) : start], source[end : end + 4])


def _pair(items: list[Node | _Run]) -> list[Node]:
    """CommonMark's procedure for emphasis, with the runs that may open kept on a stack."""
    out: list[Node | _Run] = []
    openers: list[int] = []  # places in `out`
    no_opener_below: dict[tuple[str, bool, int], int] = {}
    for item in items:
        if isinstance(item, _Run) and item.can_close:
            _close(item, out, openers, no_opener_below)
        if isinstance(item, Node):
            out.append(item)
        elif item.count:
            if item.can_open:
                openers.append(len(out))
            out.append(item)
    return [_as_node(item) for item in out]


def _close(
    closer: _Run,
    out: list[Node | _Run],
    openers: list[int],
    no_opener_below: dict[tuple[str, bool, int], int],
) -> None:
    is_tilde = closer.sign == "~"
    key = (closer.sign, closer.can_open, min(closer.length, 3) if is_tilde else closer.length % 3)
    while closer.count:
        bottom = min(no_opener_below.get(key, 0), len(openers))
        found = len(openers) - 1
        while found >= bottom and not _matches(out[openers[found]], closer):
            found -= 1
        if found < bottom:
            no_opener_below[key] = len(openers)
            return
        place = openers[found]
        opener = out[place]
        assert isinstance(opener, _Run)
        width = 2 if opener.count >= 2 and closer.count >= 2 else 1
        kind = Kind.STRONG if width == 2 else Kind.EMPHASIS
        if is_tilde:
            kind = Kind.STRIKETHROUGH
        node = Node(kind, opener.end - width, closer.start + width)
        node.children = [_as_node(item) for item in out[place + 1 :]]
        opener.count -= width
        opener.end -= width
        closer.count -= width
        closer.start += width
        del openers[found + 1 :]
        if opener.count:
            out[place + 1 :] = [node]
        else:
            out[place:] = [node]
            openers.pop()


def _matches(opener: Node | _Run, closer: _Run) -> bool:
    """CommonMark's rule of three: a run that could do both pairs only by certain lengths.

    Of tildes, one or two pair with as many.
    """
    assert isinstance(opener, _Run)
    if opener.sign != closer.sign:
        return False
    if closer.sign == "~":
        return opener.length == closer.length <= 2
    if not (opener.can_close or closer.can_open):
        return True
    return (opener.length + closer.length) % 3 != 0 or (
        opener.length % 3 == 0 and closer.length % 3 == 0
    )


def _as_node(item: Node | _Run) -> Node:
    if isinstance(item, Node):
        return item
    return Node(Kind.TEXT, item.start, item.start + item.count, text=item.sign * item.count)


@lru_cache(maxsize=4096)
def _can_open_and_close(bytes_before: bytes, bytes_after: bytes) -> tuple[bool, bool]:
    """What a run may do between these bytes, of which the nearest character on each side counts."""
    before = bytes_before.decode(errors="ignore")[-1:]
    after = bytes_after.decode(errors="ignore")[:1]
    can_open = not _is_space(after) and (
        not _is_sign(after) or _is_space(before) or _is_sign(before) or _is_unspaced(before)
    )
    can_close = not _is_space(before) and (
        not _is_sign(before) or _is_space(after) or _is_sign(after) or _is_unspaced(after)
    )
    return can_open, can_close


def _is_space(character: str) -> bool:
    return not character or character.isspace()


def _is_unspaced(character: str) -> bool:
    return bool(character) and _IS_UNSPACED.match(character) is not None


def _is_sign(character: str) -> bool:
    """Punctuation or a symbol that is not of these scripts."""
    return unicodedata.category(character)[0] in "PS" and not _is_unspaced(character)
