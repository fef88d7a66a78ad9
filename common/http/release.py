"""The running release of code and static files: part of every ETag, so that an upgrade makes all
copies stale."""

from functools import cache
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage


@cache
def release() -> str:
    """Return the setting RELEASE, or the time of the newest change to our code and templates.

    Several machines behind one address should set RELEASE, since the dates of their files differ.
    """
    if settings.RELEASE:
        return str(settings.RELEASE)
    return str(max((path.stat().st_mtime_ns for path in _sources()), default=0))


def static_files() -> str:
    """Return a digest of the hashed names that pages use for static files; "" for plain names."""
    return str(getattr(staticfiles_storage, "manifest_hash", ""))


def _sources() -> list[Path]:
    # The folders that contain our apps: the project's root and its packages, no library.
    root = Path(settings.BASE_DIR)
    parents = {root, *(path.parent for path in root.glob("*/__init__.py"))}
    ours = [Path(config.path) for config in apps.get_app_configs()]
    templates = [
        Path(str(folder)) for engine in settings.TEMPLATES for folder in engine.get("DIRS", [])
    ]
    return [
        *(path for folder in ours if folder.parent in parents for path in folder.rglob("*.py")),
        *(path for folder in templates for path in folder.rglob("*.*")),
    ]
