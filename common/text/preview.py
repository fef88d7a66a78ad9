"""Previews: what a text will look like, and what of it will not be shown, before it is saved.

Apps that show their texts in a way of their own register it here.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from urllib.parse import unquote, urlsplit

from django.urls import Resolver404, resolve
from django.utils.translation import gettext as _

from common.access import Viewer
from common.errors import Invalid
from common.text.figures import Picture, has_figures
from common.text.markdown import Document, TextKind, Unseen, read

Reader = Callable[[str], Document]
# Returns the pictures attached to the thing at a URL with these arguments that the viewer can read.
FindPictures = Callable[[Viewer, Mapping[str, str | int]], Mapping[str, Picture]]

POST, AGREEMENT, DOCUMENT, NOTES = "post", "agreement", "document", "notes"
# The most hints that a preview shows.
UNSEEN_MAX = 20


@dataclass(frozen=True)
class Preview:
    """`pictures` are the attached ones; `has_figures` is true if others appear after saving."""

    html: str
    has_figures: bool = False
    unseen: tuple[Unseen, ...] = ()
    pictures: Mapping[str, Picture] = field(default_factory=dict)


_finders: dict[str, FindPictures] = {}
_readers: dict[str, Reader] = {
    POST: partial(read, kind=TextKind.POST),
    AGREEMENT: partial(read, kind=TextKind.AGREEMENT),
    DOCUMENT: partial(read, kind=TextKind.DOCUMENT),
}


def register_kind(kind: str, reader: Reader) -> None:
    """Let previews read texts of this kind with `reader`. Called from `apps.ready`."""
    _readers[kind] = reader


def register_pictures(routes: Iterable[str], find: FindPictures) -> None:
    """Let previews on the pages of these routes show what `find` returns. Called from `apps.ready`."""
    _finders.update(dict.fromkeys(routes, find))


def kinds() -> list[str]:
    return sorted(_readers)


def preview(source: str, kind: str, *, page: str = "", viewer: Viewer | None = None) -> Preview:
    """Return the text as it will be shown. Raises Invalid for one that could not be saved.

    `page` is the path of the page with the form: pictures attached there are shown to `viewer`.
    """
    reader = _readers.get(kind)
    if reader is None:
        raise Invalid(_("This kind of text does not exist."), "kind")
    document = reader(source.replace("\r\n", "\n").replace("\r", "\n"))
    pictures = None
    if viewer is not None and has_figures(document.html):
        pictures = _pictures_at(page, viewer)
    return Preview(
        document.html,
        pictures is None and has_figures(document.html),
        document.unseen[:UNSEEN_MAX],
        pictures or {},
    )


def _pictures_at(page: str, viewer: Viewer) -> Mapping[str, Picture] | None:
    """Return the pictures attached to the thing of this page; None for an unregistered page."""
    try:
        match = resolve(unquote(urlsplit(page).path))
    except (Resolver404, ValueError):
        return None
    find = _finders.get(match.url_name or "")
    return find(viewer, match.kwargs) if find else None
