"""One style sheet for every page, joined from its parts when the static files are collected."""

import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from django.core.files.base import ContentFile
from django.core.files.storage import Storage
from whitenoise.storage import CompressedManifestStaticFilesStorage

SITE_SHEET = "css/site.css"
_IMPORT = re.compile(r'@import url\("([^"]+)"\);')


class JoinedStylesStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """Collected files with hashed names, where one request brings the styles of every page."""

    def post_process(
        self, paths: dict[str, tuple[Storage, str]], dry_run: bool = False, **options: object
    ) -> Iterator[object]:
        if SITE_SHEET in paths and not dry_run:
            joined = joined_sheet(paths)
            self.delete(SITE_SHEET)
            self.save(SITE_SHEET, ContentFile(joined.encode()))
            paths = {**paths, SITE_SHEET: (self, SITE_SHEET)}
        yield from super().post_process(paths, dry_run=dry_run, **options)


def joined_sheet(paths: dict[str, tuple[Storage, str]]) -> str:
    """Return the site's sheet with the text of each file that it imports in place of the import."""
    folder = PurePosixPath(SITE_SHEET).parent
    return _IMPORT.sub(
        lambda match: _text(*paths[str(folder / match[1])]), _text(*paths[SITE_SHEET])
    )


def _text(storage: Storage, path: str) -> str:
    with storage.open(path) as file:
        return bytes(file.read()).decode()
