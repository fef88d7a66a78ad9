"""Templates are written to be read: one element a line."""

from pathlib import Path

from django.conf import settings
from django.template.loader import get_template

TEMPLATES = sorted((Path(settings.BASE_DIR) / "templates").rglob("*.html"))
LONG = 120
LONGEST = 200
LONG_SHARE_MAX = 0.03


def test_lines_are_short() -> None:
    lines = [line for file in TEMPLATES for line in file.read_text(encoding="utf-8").splitlines()]

    long = [line for line in lines if len(line) > LONG]
    assert [line for line in long if len(line) > LONGEST] == []
    assert len(long) <= LONG_SHARE_MAX * len(lines)


def test_every_template_can_be_read() -> None:
    """Each tag and filter is known, also in a template that no other test opens."""
    folder = Path(settings.BASE_DIR) / "templates"
    files = [file for kind in ("html", "txt") for file in folder.rglob(f"*.{kind}")]

    assert len(files) > 250
    for file in files:
        get_template(str(file.relative_to(folder)))
