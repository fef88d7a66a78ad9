"""Formulas: TeX to MathML on the server, with the TeX as an annotation for copying."""

import re
from html import unescape
from itertools import accumulate
from xml.etree.ElementTree import Element

from django.utils.html import escape
from latex2mathml.converter import convert_to_element

FORMULA_MAX_CHARACTERS = 2048
FORMULAS_MAX = 500
# Depth of braces: each level is read again by every level around it.
FORMULA_DEPTH_MAX = 40
# All formulas of a text together: about 100 ms.
FORMULAS_MAX_CHARACTERS = 20_000

_ELEMENTS = frozenset(
    (
        *("math", "mfrac", "mi", "mn", "mo", "mover", "mpadded", "mphantom", "mroot", "mrow"),
        *("mspace", "msqrt", "mstyle", "msub", "msubsup", "msup", "mtable", "mtd", "mtext", "mtr"),
        *("munder", "munderover", "mmultiscripts", "mprescripts", "none", "menclose"),
    )
)
_ATTRIBUTES = frozenset(
    (
        *("accent", "accentunder", "columnalign", "columnlines", "columnspacing", "depth"),
        *("display", "displaystyle", "fence", "form", "height", "largeop", "linethickness"),
        *("lspace", "mathvariant", "maxsize", "minsize", "movablelimits", "notation", "rowlines"),
        *("rowspacing", "rspace", "scriptlevel", "separator", "stretchy", "symmetric", "width"),
    )
)
# Signs with a space on both sides where a formula is written in one line.
_RELATIONS = frozenset("=<>≤≥≠≈≡∼→←↔⇒⇔∈∉⊂⊆:")
_BELOW_AND_ABOVE = {
    "msub": "_",
    "munder": "_",
    "msup": "^",
    "mover": "^",
    "msubsup": "_^",
    "munderover": "_^",
}
_MATHML_TAG = re.compile(r"<(/?)(\w+)[^<>]*>")
_STEP = {"{": 1, "}": -1}
# Commands that load or link something, define commands, or only look like a formula.
_REFUSED = (
    *("\\href", "\\url", "\\def", "\\newcommand", "\\renewcommand", "\\let", "\\require"),
    *("\\style", "\\class", "\\cssId"),
)


class Formulas:
    """Makes the formulas of one text, within its limits."""

    def __init__(self) -> None:
        self._count = self._characters = 0

    def html(self, tex: str, is_display: bool) -> str:
        """Return MathML, or the source as code where it cannot be read or exceeds a limit."""
        mathml = self.mathml(tex, is_display=is_display)
        if mathml is not None:
            return mathml
        fence = "$$" if is_display else "$"
        return f'<code class="formula">{escape(fence + tex + fence)}</code>'

    def mathml(self, tex: str, *, is_display: bool) -> str | None:
        """Return MathML, or None where the source cannot be read or exceeds a limit."""
        tex = tex.strip()
        self._count += 1
        self._characters += len(tex)
        if (
            not tex
            or len(tex) > FORMULA_MAX_CHARACTERS
            or self._count > FORMULAS_MAX
            or self._characters > FORMULAS_MAX_CHARACTERS
            or _depth(tex) > FORMULA_DEPTH_MAX
            or any(word in tex for word in _REFUSED)
        ):
            return None
        try:
            element = convert_to_element(tex, display="block" if is_display else "inline")
            # The library raises its own errors and, on odd input, whatever its tables do.
        except (Exception, RecursionError):
            return None
        return _written(element, tex)


def _depth(tex: str) -> int:
    """Return the greatest depth of open braces."""
    return max(accumulate(_STEP[brace] for brace in tex if brace in _STEP), default=0)


def _written(root: Element, tex: str) -> str | None:
    """Return the element as HTML with only the listed names and attributes, its words escaped."""
    pieces: list[str] = []
    waiting: list[Element | str] = [root]
    while waiting:
        item = waiting.pop()
        if isinstance(item, str):
            pieces.append(item)
            continue
        name = item.tag.rpartition("}")[2]
        words = unescape(item.text or "")  # signs are named by entities, such as `&#x02211;`
        if name not in _ELEMENTS or words.startswith("\\"):
            return None  # a TeX command that the library does not know
        attributes = "".join(
            f' {key}="{escape(value)}"' for key, value in item.attrib.items() if key in _ATTRIBUTES
        )
        if item is root:
            end = f'</mrow><annotation encoding="application/x-tex">{escape(tex)}</annotation></semantics></math>'
            pieces.append(f"<math{attributes}><semantics><mrow>")
        else:
            end = f"</{name}>"
            pieces.append(f"<{name}{attributes}>")
        pieces.append(escape(words))
        waiting.append(end)
        waiting.extend(reversed(list(item)))
    return "".join(pieces)


def in_one_line(mathml: str) -> str:
    """Return a formula as words for an excerpt: a/b, x_i^2, √(x + 1).

    Takes MathML as `_written` writes it; incomplete MathML loses its structure but no word.
    """
    open_elements: list[tuple[str, list[str]]] = [("", [])]
    at = 0
    for tag in _MATHML_TAG.finditer(mathml):
        if tag.start() > at:
            open_elements[-1][1].append(unescape(mathml[at : tag.start()]))
        at = tag.end()
        name, parts = open_elements[-1]
        if not tag[1]:
            open_elements.append((tag[2], []))
        elif name == tag[2]:
            open_elements.pop()
            open_elements[-1][1].append(_line_of(name, parts))
    words = "".join("".join(parts) for _name, parts in open_elements) + unescape(mathml[at:])
    return " ".join(words.split())


def _line_of(name: str, parts: list[str]) -> str:
    """Return one element, whose parts are already written."""
    if name in {"mi", "mo"}:
        sign = "".join(parts)
        return f" {sign} " if sign in _RELATIONS or (len(sign) > 1 and sign.isalpha()) else sign
    if name == "mspace":
        return " "
    if name == "mfrac" and len(parts) == 2:
        return f"{_bracketed(parts[0])}/{_bracketed(parts[1])}"
    if name == "mover" and len(parts) == 2 and not parts[1].strip().isalnum():
        return parts[0]  # a hat, bar or arrow
    if name in _BELOW_AND_ABOVE and len(parts) == len(_BELOW_AND_ABOVE[name]) + 1:
        base, *others = (part.strip() for part in parts)
        if others == ["′"]:
            return f"{base}′"
        signs = (
            f"{sign}{_bracketed(part)}"
            for sign, part in zip(_BELOW_AND_ABOVE[name], others, strict=True)
        )
        return f"{base}{''.join(signs)}{'' if base.isalnum() and len(base) == 1 else ' '}"
    if name == "msqrt":
        return f"√{_bracketed(''.join(parts))}"
    if name == "mroot" and len(parts) == 2:
        return f"{_bracketed(parts[1])}√{_bracketed(parts[0])}"
    return {"mtable": "; ", "mtr": ", "}.get(name, "").join(parts)


def _bracketed(words: str) -> str:
    """Put brackets around words that would not be read as one term."""
    words = words.strip()
    return words if len(words) < 2 or words.isalnum() else f"({words})"
