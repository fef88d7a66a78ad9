"""What the style sheets promise, read from the files themselves."""

import gzip
import re
from pathlib import Path

import pytest
from django.conf import settings

from common.ui.states import STATES

ROOT = Path(settings.BASE_DIR)
CSS = ROOT / "static" / "css"
VENDOR = ROOT / "static" / "vendor"
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))

TOKEN = re.compile(r"--([\w-]+):\s*light-dark\((#\w{6}), (#\w{6})\)")
TOKENS = {
    name: (light, dark) for name, light, dark in TOKEN.findall((CSS / "tokens.css").read_text())
}

# Text, ground, and the least contrast WCAG 2.2 asks of them: 4.5 for text, 3 for controls.
GROUNDS = ["paper", "paper-2", "sheet"]
PAIRS = [
    *[
        (text, ground, 4.5)
        for text in ("ink", "ink-2", "ink-3")
        for ground in [*GROUNDS, "paper-3"]
    ],
    *[(text, ground, 4.5) for text in ("accent", "ok", "wait", "stop") for ground in GROUNDS],
    *[(tone, f"{tone}-tint", 4.5) for tone in ("accent", "ok", "wait", "stop")],
    *[
        (text, f"{t}-tint", 4.5)
        for text in ("ink", "ink-2", "accent")
        for t in ("accent", "ok", "wait", "stop")
    ],
    ("on-accent", "accent", 4.5),
    ("on-accent", "accent-hover", 4.5),
    ("accent-hover", "paper", 4.5),
    ("paper", "ink", 4.5),
    ("ins", "ins-ground", 4.5),
    ("del", "del-ground", 4.5),
    *[(hue, ground, 4.5) for hue in sorted(TOKENS) if hue.startswith("hue-") for ground in GROUNDS],
    *[(f"mono-{number}-ink", f"mono-{number}", 4.5) for number in range(8)],
    *[("control", ground, 3.0) for ground in GROUNDS],
]


def luminance(colour: str) -> float:
    """Relative luminance, WCAG 2.2."""
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(first: str, second: str) -> float:
    darker, lighter = sorted((luminance(first), luminance(second)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize(("text", "ground", "least"), PAIRS)
def test_colours_that_meet_can_be_told_apart_in_both_themes(
    text: str, ground: str, least: float
) -> None:
    ratios = [contrast(TOKENS[text][theme], TOKENS[ground][theme]) for theme in (0, 1)]

    assert min(ratios) >= least, ratios


def test_contrast_of_black_and_white_is_21() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)


def test_a_colour_is_written_only_where_it_gets_its_name() -> None:
    elsewhere = [
        f"{sheet.name}: {colour}"
        for sheet in CSS.rglob("*.css")
        if sheet.name != "tokens.css"
        for colour in re.findall(r":[^;{]*(#[0-9a-f]{3,8})\b", sheet.read_text())
        if colour not in {"#fff", "#000"}  # print
    ]

    assert elsewhere == []


def test_every_token_used_has_a_value() -> None:
    sheets = {sheet.name: sheet.read_text() for sheet in CSS.rglob("*.css")}
    given = {name for text in sheets.values() for name in re.findall(r"(--[\w-]+):", text)}
    used = {name for text in sheets.values() for name in re.findall(r"var\((--[\w-]+)", text)}

    assert used - given == set()


def test_styles_and_scripts_of_a_page_weigh_little() -> None:
    files = [*CSS.rglob("*.css"), *(ROOT / "static" / "js").glob("*.js"), *VENDOR.rglob("*.min.js")]

    weight = sum(len(gzip.compress(file.read_bytes())) for file in files)

    assert weight <= 80_000


def test_every_vendored_folder_names_its_version_and_keeps_its_licence() -> None:
    folders = [folder for folder in VENDOR.iterdir() if folder.is_dir()]

    assert folders
    for folder in folders:
        assert re.fullmatch(r"[\w.-]+-\d+(\.\d+)+", folder.name)
        assert (folder / "LICENSE").read_text().strip()


def test_style_sheets_name_only_files_that_are_there() -> None:
    missing = [
        f"{sheet.name}: {address}"
        for sheet in CSS.rglob("*.css")
        for address in re.findall(r'url\("([^"]+)"\)', sheet.read_text())
        if not (sheet.parent / address).is_file()
    ]

    assert missing == []


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_templates_keep_the_content_policy(template: Path) -> None:
    text = template.read_text()
    if "emails" not in template.parts:
        assert not re.search(r"\sstyle\s*=|<style\b", text)
    assert not re.search(r"\son[a-z]+\s*=\s*[\"']|javascript:", text)
    assert not re.search(r"<script(?![^>]*\ssrc=)", text)


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_templates_name_only_icons_that_are_vendored(template: Path) -> None:
    names = re.findall(r'{%-?\s*icon "([\w-]+)"', template.read_text())

    assert [name for name in names if not _icon(name).is_file()] == []


def test_code_names_only_icons_that_are_vendored() -> None:
    apps = ("alliance", "catalogue", "common", "members", "notifications", "workinggroups")
    code = "".join(file.read_text() for app in apps for file in (ROOT / app).rglob("*.py"))
    names = {*re.findall(r'\b(?:icon|glyph)="([\w-]+)"', code), *(s.glyph for s in STATES.values())}

    assert len(names) > 20
    assert [name for name in sorted(names) if not _icon(name).is_file()] == []


def _icon(name: str) -> Path:
    from common.ui.icons import FOLDER

    return FOLDER / f"{name}.svg"
