"""How the style sheets are written: one scale of type, one of distances, nothing twice."""

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from django.conf import settings

CSS = Path(settings.BASE_DIR) / "static" / "css"
SHEETS = sorted(CSS.rglob("*.css"))

TEXT_SIZES_MAX = 12
SHEET_LINES_MAX = 400

PIECE = re.compile(r'"[^"]*"|[{};]|[^"{};]+')
STEP = (
    r"(?:calc\(-1 \* var\(--[\w-]+\)\)|calc\([^;]*\b1lh\b[^;]*\)|var\(--[\w-]+\)|-?[0-3]px|0|auto)"
)
DISTANCE = re.compile(rf"{STEP}(?: {STEP})*|calc\([^;]*var\(--[^;]*\)|env\(.*\)")
TEXT = r"var\(--text-[\w-]+\)"
LINE = r"(?:var\(--line-[\w-]+\)|[01])"
FONT = re.compile(
    rf"inherit|(?:\d+ )?{TEXT}(?:/(?:{LINE}|var\(--control-size-small\)))? var\(--\w+\)"
)


class Rule(NamedTuple):
    """A rule with the at-rules around it, outermost first."""

    sheet: str
    around: tuple[str, ...]
    selectors: frozenset[str]
    declarations: list[tuple[str, str]]


def rules(sheet: Path) -> Iterator[Rule]:
    text = re.sub(r"/\*.*?\*/", "", sheet.read_text(), flags=re.DOTALL)
    opened: list[str] = []
    declarations: list[tuple[str, str]] = []
    words = ""
    for piece in PIECE.findall(text):
        if piece == "{":
            opened.append(" ".join(words.split()))
            declarations = []
        elif piece in ";}":
            name, colon, value = words.partition(":")
            if colon:
                declarations.append((name.strip(), " ".join(value.split())))
            if piece == "}":
                selector = opened.pop()
                if not selector.startswith(("@media", "@layer", "@supports")):
                    yield Rule(
                        str(sheet.relative_to(CSS)),
                        tuple(opened),
                        frozenset(part.strip() for part in selector.split(",")),
                        declarations,
                    )
                    declarations = []
        else:
            words += piece
            continue
        words = ""


RULES = [rule for sheet in SHEETS for rule in rules(sheet)]


def declared(*properties: str) -> Iterator[tuple[str, str, str]]:
    """Each declaration of these properties: where, its name, its value."""
    for rule in RULES:
        for name, value in rule.declarations:
            if re.fullmatch("|".join(properties), name):
                yield f"{rule.sheet}: {', '.join(sorted(rule.selectors))}", name, value


def test_text_has_few_sizes_and_they_grow_with_the_readers_font() -> None:
    sizes = {name: value for _, name, value in declared(r"--text-(?!inline)[\w-]+")}

    assert 0 < len(sizes) <= TEXT_SIZES_MAX
    assert [value for value in sizes.values() if not re.fullmatch(r"[\d.]+rem", value)] == []


def test_every_font_size_is_of_the_scale() -> None:
    sizes = [one for one in declared("font-size") if not re.fullmatch(rf"inherit|{TEXT}", one[2])]
    fonts = [one for one in declared("font") if not FONT.fullmatch(one[2])]

    assert sizes + fonts == []


def test_every_line_height_is_of_the_scale() -> None:
    assert [one for one in declared("line-height") if not re.fullmatch(LINE, one[2])] == []


def test_every_distance_is_a_step() -> None:
    steps = declared(r"(margin|padding)(-\w+)*", r"((row|column)-)?gap")

    assert [one for one in steps if not DISTANCE.fullmatch(one[2])] == []


def test_the_width_of_a_window_is_asked_in_em() -> None:
    asked = {around for rule in RULES for around in rule.around if "width" in around}

    assert asked
    assert [
        query for query in asked if not re.fullmatch(r"@media \(width [<>]=? [\d.]+em\)", query)
    ] == []


def test_nothing_is_important() -> None:
    assert [sheet.name for sheet in SHEETS if "!important" in sheet.read_text()] == []


def test_no_selector_is_written_twice() -> None:
    written = Counter(
        (rule.around, rule.selectors) for rule in RULES if "@font-face" not in rule.selectors
    )

    assert [rule for rule, times in written.items() if times > 1] == []


def test_every_rule_is_in_a_layer() -> None:
    unlayered = {
        rule.sheet for rule in RULES if not any(one.startswith("@layer") for one in rule.around)
    }

    assert unlayered == {"fonts.css", "tokens.css"}


def test_every_sheet_is_short_and_loaded() -> None:
    imported = re.findall(r'@import url\("([^"]+)"\);', (CSS / "site.css").read_text())
    templates = Path(settings.BASE_DIR) / "templates"
    linked = {
        address
        for template in templates.rglob("*.html")
        for address in re.findall(r'{% static "css/([^"]+)" %}', template.read_text())
    }

    assert [
        sheet.name for sheet in SHEETS if len(sheet.read_text().splitlines()) > SHEET_LINES_MAX
    ] == []
    assert {*imported, *linked} == {str(sheet.relative_to(CSS)) for sheet in SHEETS}
    assert len(imported) == len(set(imported))
