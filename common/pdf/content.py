"""What a PDF holds, as plain data for `document.typ`: blocks, one below the other, and pieces of lines.

A piece of a line is a string or a dictionary with its kind under `t`; so is a block. Nothing of it is
source for the typesetter, whatever characters it has.
"""

import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeAlias
from uuid import UUID

from django.utils.translation import get_language, gettext

from common.pdf.glyphs import families

Piece: TypeAlias = str | dict[str, Any]
Block: TypeAlias = dict[str, Any]
Line: TypeAlias = str | Sequence[Piece]

TEMPLATE = Path(__file__).with_name("document.typ")
# Raise it when the same content is to be made again, such as for new fonts.
LAYOUT_VERSION = 1
# A word longer than a line can be broken after so many characters.
LONG_WORD = 40
BREAK = "\u200b"
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ufdd0-\ufdef\ufffe\uffff]")
_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdfd\ufe70-\ufefc]")
_LETTER = re.compile(r"[^\W\d_]")


@dataclass(frozen=True, kw_only=True)
class PdfDocument:
    """A whole document. `mark` is on every page, such as that it is a draft.

    `pictures` has for each name in the blocks the place of the picture below MEDIA_ROOT, and
    `undescribed` the names of pictures without alternative text. `people` are those whose names the
    platform has put into it; names that somebody typed into a text are not among them.
    """

    title: str
    blocks: Sequence[Block]
    kicker: str = ""
    subtitle: str = ""
    author: str = ""
    running: str = ""
    footer: str = ""
    mark: str = ""
    pictures: Mapping[str, str] = field(default_factory=dict)
    undescribed: Sequence[str] = ()
    people: Collection[UUID] = ()

    def as_json(self) -> str:
        """Return the content for the template; equal documents have equal content."""
        values: dict[str, object] = {
            "title": clean(self.title) or "-",
            "kicker": clean(self.kicker),
            "subtitle": clean(self.subtitle),
            "author": clean(self.author),
            "running": clean(self.running),
            "footer": clean(self.footer),
            "mark": clean(self.mark),
            # Both words are replaced by numbers on each page.
            "page": gettext("Page {page} of {pages}"),
            "lang": (get_language() or "en")[:2],
            "blocks": with_outline(self.blocks),
        }
        text = json.dumps(values, ensure_ascii=False, sort_keys=True)
        values["fonts"] = families(text)
        return json.dumps(values, ensure_ascii=False, sort_keys=True)

    def key(self, content: str) -> str:
        """Return the checksum of all that the file depends on."""
        return layout_key(content, json.dumps(self.pictures, sort_keys=True))


def layout_key(*parts: str) -> str:
    """Return the checksum of these parts and of how documents look, in hexadecimal digits."""
    digest = sha256(TEMPLATE.read_bytes())
    for each in (str(LAYOUT_VERSION), *parts):
        digest.update(each.encode() + b"\0")
    return digest.hexdigest()


def clean(text: str) -> str:
    """Return the text in one line, without characters that no document can have."""
    return " ".join(_CONTROL.sub(" ", text).split())


def words(text: str, longest: int = LONG_WORD) -> str:
    """Return words as they are typed, with places in very long ones where a line may end."""
    text = _CONTROL.sub(" ", text)
    if len(text) <= longest:
        return text
    long = re.compile(rf"[^\s{BREAK}\u0e00-\u0eff\u3000-\u9fff\uac00-\ud7af]{{{longest + 1},}}")
    return long.sub(lambda word: _broken(word[0], longest), text)


def _broken(word: str, longest: int) -> str:
    return BREAK.join(word[at : at + longest] for at in range(0, len(word), longest))


def line(value: Line) -> list[Piece]:
    """Return a line as pieces; a string is one."""
    return [words(value)] if isinstance(value, str) else list(value)


def paragraph(value: Line) -> Block:
    pieces = line(value)
    block: Block = {"t": "p", "c": pieces}
    if is_right_to_left(text_of(pieces)):
        block["rtl"] = True
    return block


def heading(value: Line, level: int) -> Block:
    """Return a heading; `level` is 2 for the parts of a document, whose title has level 1."""
    pieces = line(value)
    block: Block = {"t": "h", "l": max(2, min(level, 6)), "c": pieces}
    if is_right_to_left(text_of(pieces)):
        block["rtl"] = True
    return block


def facts(rows: Iterable[tuple[str, Line]]) -> Block:
    """Return labels with what they stand for, side by side."""
    return {"t": "facts", "rows": [[clean(name), line(value)] for name, value in rows]}


def table(
    head: Sequence[str], rows: Iterable[Sequence[Line]], *, widths: Sequence[int] = ()
) -> Block:
    """Return a table of the platform's own; `widths` are shares of the width of the text."""
    return {
        "t": "table",
        "cols": len(head),
        "align": [],
        "widths": list(widths),
        "sans": True,
        "head": [line(name) for name in head],
        "rows": [[line(cell) for cell in row] for row in rows],
    }


def bullets(items: Iterable[Line]) -> Block:
    return {"t": "ul", "i": [[paragraph(item)] for item in items]}


def well(blocks: Sequence[Block]) -> Block:
    """Return blocks on a ground of their own, for what is about the document itself."""
    return {"t": "well", "b": list(blocks)}


def code(text: str) -> Piece:
    """Return characters to be read one by one, such as a checksum."""
    return {"t": "code", "s": words(text, 64)}


def strong(value: Line) -> Piece:
    return {"t": "strong", "c": line(value)}


def link(url: str, value: Line) -> Piece:
    return {"t": "link", "url": url, "c": line(value)}


def part(blocks: Sequence[Block]) -> Block:
    """Return blocks that begin on a page of their own."""
    return {"t": "part", "b": list(blocks)}


def is_right_to_left(text: str) -> bool:
    """Tell whether the first letter of a text belongs to a script that is written from the right."""
    letter = _LETTER.search(text)
    return letter is not None and _RIGHT_TO_LEFT.match(letter[0]) is not None


def text_of(value: object) -> str:
    """Return all words in blocks or pieces, one after the other."""
    return " ".join(strings_in(value))


_WORDS_UNDER = ("c", "b", "i", "rows", "head", "s", "title", "label", "alt", "caption")


def strings_in(value: object) -> Iterator[str]:
    """Yield the strings that a reader sees in blocks or pieces, in order."""
    waiting = [value]
    while waiting:
        item = waiting.pop()
        if isinstance(item, str):
            yield item
        elif isinstance(item, Mapping):
            waiting.extend(item[key] for key in reversed(_WORDS_UNDER) if key in item)
        elif isinstance(item, list | tuple):
            waiting.extend(reversed(item))


def with_outline(blocks: Sequence[Block]) -> list[Block]:
    """Return the blocks with heading levels that leave no gap, as the standard asks for."""
    last = 1

    def adjusted(items: Sequence[Block]) -> list[Block]:
        nonlocal last
        result = []
        for block in items:
            if block["t"] == "h":
                last = min(block["l"], last + 1)
                block = {**block, "l": last}
            elif block["t"] in {"part", "well", "quote", "box", "group"}:
                block = {**block, "b": adjusted(block["b"])}
            elif block["t"] in {"ul", "ol"}:
                block = {**block, "i": [adjusted(item) for item in block["i"]]}
            result.append(block)
        return result

    return adjusted(blocks)
