"""In production the style sheets of a page come in one answer."""

from pathlib import Path
from typing import Any

from django.core.management import call_command

from common.http.conditional import etag

STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "common.ui.stylesheets.JoinedStylesStorage"},
}


def test_collected_styles_are_one_file(settings: Any, tmp_path: Path) -> None:
    parts = tmp_path / "own" / "css" / "parts"
    parts.mkdir(parents=True)
    (parts / "rows.css").write_text("li { margin: 0 }\n")
    (parts.parent / "faces.css").write_text('p { background: url("../dot.svg") }\n')
    (parts.parents[1] / "dot.svg").write_text("<svg/>")
    (parts.parent / "site.css").write_text(
        '@layer base;\n@import url("faces.css");\n@import url("parts/rows.css");\n'
    )
    settings.STATIC_ROOT = tmp_path / "static"
    settings.STATICFILES_DIRS = [tmp_path / "own"]
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    settings.STORAGES = STORAGES

    for _ in range(2):
        call_command("collectstatic", interactive=False, verbosity=0)

    [sheet] = (tmp_path / "static" / "css").glob("site.*.css")
    [dot] = (tmp_path / "static").glob("dot.*.svg")
    joined = f'@layer base;\np {{ background: url("../{dot.name}") }}\n\nli {{ margin: 0 }}\n\n'
    assert sheet.read_text() == joined


def test_a_page_gets_another_tag_when_a_sheet_alone_changes(settings: Any, tmp_path: Path) -> None:
    """A copy that stays good would name a sheet that is no longer there."""
    sheet = tmp_path / "own" / "css" / "site.css"
    sheet.parent.mkdir(parents=True)
    settings.STATIC_ROOT = tmp_path / "static"
    settings.STATICFILES_DIRS = [tmp_path / "own"]
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    settings.STORAGES = STORAGES
    tags = []

    for rule in ("p { margin: 0 }", "p { margin: 0 }", "p { margin: 1rem }"):
        sheet.write_text(rule)
        call_command("collectstatic", interactive=False, verbosity=0, clear=True)
        tags.append(etag("group", 7))

    assert tags[0] == tags[1]
    assert tags[1] != tags[2]
