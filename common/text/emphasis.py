"""Emphasis beside letters of scripts that write no spaces, such as Japanese, Korean or Thai.

CommonMark requires a space or a sign beside asterisks and tildes, and these scripts write none.
This pairs the runs again by CommonMark's rules with one change: a letter or sign of these scripts
counts as a letter on either side of a run.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache
from html import unescape

from common.text.limits import PAIRED_ASTERISKS_MAX
from common.text.tree import BLOCKS, Kind, Node

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
_RUNS_IN_SOURCE = re.compile(rb"\*+|~+")
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])|&#?\w{1,32};")


class EmphasisPairing:
    """Pairs the emphasis of one text, until its runs of signs are more than PAIRED_ASTERISKS_MAX."""

    def __init__(self, source: bytes) -> None:
        self.source = source
        self._runs = 0

    def pair_line(self, node: Node) -> None:
        """Pair the emphasis in the line of a paragraph, heading, cell or tight item."""
        start, end = node.start, node.end
        if node.kind == Kind.ITEM:
            own = [child for child in node.children if child.kind not in BLOCKS]
            if not own:
                return
            start, end = own[0].start, own[-1].end
        runs = len(_RUNS_IN_SOURCE.findall(self.source, start, end))
        if not runs or self.source[start:end].isascii():
            return
        self._runs += runs
        if self._runs > PAIRED_ASTERISKS_MAX:
            return
        if _needs_pairing(self.source[start:end]):
            node.children = _paired(node.children, self.source)

    def pair_part(self, node: Node) -> None:
        """Pair the emphasis among the words directly in a part of a line, such as a link.

        Emphasis by asterisks is left to the line around it.
        """
        if node.kind is not Kind.ELEMENT and self.source[node.start] == _STAR:
            return
        words = [
            child
            for child in node.children
            if child.kind is Kind.TEXT and ("*" in child.text or "~" in child.text)
        ]
        self._runs += sum(child.text.count("*") + child.text.count("~") for child in words)
        if self._runs > PAIRED_ASTERISKS_MAX:
            return
        if any(
            _needs_pairing(self.source[max(child.start - 4, 0) : child.end + 4]) for child in words
        ):
            node.children = _paired(node.children, self.source)


def _needs_pairing(source: bytes) -> bool:
    """Whether asterisks or tildes of this piece of source are beside a letter without spaces."""
    return _BESIDE_RUN.search(source.decode(errors="ignore")) is not None


class _Run:
    """Asterisks or tildes in a row: how many are left, and whether they can open or close."""

    __slots__ = ("can_close", "can_open", "count", "end", "length", "sign", "start")

    def __init__(self, sign: str, start: int, end: int, before: bytes, after: bytes) -> None:
        self.sign, self.start, self.end = sign, start, end
        self.count = self.length = end - start
        self.can_open, self.can_close = _can_open_and_close(before, after)


def _paired(children: list[Node], source: bytes) -> list[Node]:
    """Return the nodes of one line with its asterisks and tildes paired again."""
    return _pair(_runs_and_nodes(children, source))


def _runs_and_nodes(children: list[Node], source: bytes) -> list[Node | _Run]:
    """Return the content of the line in order, its emphasis split into signs and content."""
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
    """Yield the words between unescaped signs, and the byte offsets of the signs."""
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
    """Return typed words with escapes and entities resolved."""
    return _ESCAPE.sub(lambda escape: escape[1] or unescape(escape[0]), typed)


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
    """Pair by CommonMark's procedure for emphasis, with the runs that can open on a stack."""
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
        index = len(openers) - 1
        while index >= bottom and not _matches(out[openers[index]], closer):
            index -= 1
        if index < bottom:
            no_opener_below[key] = len(openers)
            return
        place = openers[index]
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
        del openers[index + 1 :]
        if opener.count:
            out[place + 1 :] = [node]
        else:
            out[place:] = [node]
            openers.pop()


def _matches(opener: Node | _Run, closer: _Run) -> bool:
    """Whether two runs pair, by CommonMark's rule of three for runs that can open and close.

    One or two tildes pair with the same number.
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
    """Whether a run can open and close, by the nearest character on each side."""
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
    """Whether the character is punctuation or a symbol, but not of these scripts."""
    return unicodedata.category(character)[0] in "PS" and not _is_unspaced(character)
