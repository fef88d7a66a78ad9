"""In production the style sheets of a page come in one answer."""

from pathlib import Path
from typing import Any

from django.core.management import call_command

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
