"""Emphasis beside Chinese, Japanese and Korean letters.

CommonMark asks for a space or a sign beside the asterisks, and these scripts write none: the rules
for which run of asterisks opens and which closes are read again here, with one change: a letter or
sign of these scripts counts as a letter on either side of the run.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache
from html import unescape

from common.text.tree import Kind, Node

_CJK = (
    "\u1100-\u11ff\u2e80-\u303f\u3040-\u318f\u31a0-\u31ff\u3200-\u4dbf\u4e00-\ua4cf\ua960-\ua97f"
    "\uac00-\ud7ff\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef\U00016fe0-\U00018aff\U0001aff0-\U0001b2ff"
    "\U0001f200-\U0001f2ff\U00020000-\U0003ffff"
)
_IS_CJK = re.compile(f"[{_CJK}]")
_BESIDE_ASTERISK = re.compile(rf"[{_CJK}]\*|\*[{_CJK}]")
_STAR = ord("*")
_ASTERISKS = re.compile(r"(?<!\\)(\*++)")
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])|&#?\w{1,32};")


class _Run:
    """Asterisks in a row: how many are left, and what they may do."""

    __slots__ = ("can_close", "can_open", "count", "end", "length", "start")

    def __init__(self, start: int, end: int, before: bytes, after: bytes) -> None:
        self.start, self.end = start, end
        self.count = self.length = end - start
        self.can_open, self.can_close = _can_open_and_close(before, after)


def needs_pairing(source: str) -> bool:
    """Whether asterisks of this piece of source stand beside such a letter."""
    return _BESIDE_ASTERISK.search(source) is not None


def pair_asterisks(children: list[Node], source: bytes) -> list[Node]:
    """The nodes of one line holder with its asterisks paired anew."""
    return _pair(_runs_and_nodes(children, source))


def _runs_and_nodes(children: list[Node], source: bytes) -> list[Node | _Run]:
    """What the line holds in order, its emphasis taken apart into asterisks and content."""
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
        elif item.kind == Kind.TEXT and "*" in item.text:
            flat.extend(_split(item, source))
        else:
            flat.append(item)
    return list(_joined(flat, source))


def _split(node: Node, source: bytes) -> Iterator[Node | tuple[int, int]]:
    """Words between asterisks that were not escaped, and where those stand."""
    typed = source[node.start : node.end].decode(errors="replace")
    if _plain_words(typed) != node.text:  # words of an attribute, or what was typed as HTML
        yield node
        return
    at = node.start
    for part in _ASTERISKS.split(typed):
        end = at + len(part.encode())
        if part and not part.strip("*"):
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
            if isinstance(following, Node) or following[0] != end:
                break
            end = following[1]
            position += 1
        yield _Run(start, end, source[max(start - 4, 0) : start], source[end : end + 4])


def _pair(items: list[Node | _Run]) -> list[Node]:
    """CommonMark's procedure for emphasis, with the runs that may open kept on a stack."""
    out: list[Node | _Run] = []
    openers: list[int] = []  # places in `out`
    no_opener_below: dict[tuple[bool, int], int] = {}
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
    no_opener_below: dict[tuple[bool, int], int],
) -> None:
    key = (closer.can_open, closer.length % 3)
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
    """CommonMark's rule of three: a run that could do both pairs only by certain lengths."""
    assert isinstance(opener, _Run)
    if not (opener.can_close or closer.can_open):
        return True
    return (opener.length + closer.length) % 3 != 0 or (
        opener.length % 3 == 0 and closer.length % 3 == 0
    )


def _as_node(item: Node | _Run) -> Node:
    if isinstance(item, Node):
        return item
    return Node(Kind.TEXT, item.start, item.start + item.count, text="*" * item.count)


@lru_cache(maxsize=4096)
def _can_open_and_close(bytes_before: bytes, bytes_after: bytes) -> tuple[bool, bool]:
    """What a run may do between these bytes, of which the nearest character on each side counts."""
    before = bytes_before.decode(errors="ignore")[-1:]
    after = bytes_after.decode(errors="ignore")[:1]
    can_open = not _is_space(after) and (
        not _is_sign(after) or _is_space(before) or _is_sign(before) or _is_cjk(before)
    )
    can_close = not _is_space(before) and (
        not _is_sign(before) or _is_space(after) or _is_sign(after) or _is_cjk(after)
    )
    return can_open, can_close


def _is_space(character: str) -> bool:
    return not character or character.isspace()


def _is_cjk(character: str) -> bool:
    return bool(character) and _IS_CJK.match(character) is not None


def _is_sign(character: str) -> bool:
    """Punctuation or a symbol that is not of these scripts."""
    return unicodedata.category(character)[0] in "PS" and not _is_cjk(character)
