"""What a text will look like, and what of it will not be shown, before it is saved.

The one place that previews call; apps whose texts are shown in a way of their own register it here.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from common.errors import Invalid
from common.text.limits import Limit
from common.text.markdown import render

Renderer = Callable[[str], str]

POST, DOCUMENT, NOTES = "post", "document", "notes"


@dataclass(frozen=True)
class Unseen:
    """Something the source holds and the page does not show; `line` counts from 1."""

    line: int
    sentence: str


@dataclass(frozen=True)
class Preview:
    html: str
    unseen: tuple[Unseen, ...] = ()


_renderers: dict[str, Renderer] = {
    POST: lambda source: render(source, Limit.POST),
    DOCUMENT: lambda source: render(source, Limit.NOTES),
}


def register_kind(kind: str, renderer: Renderer) -> None:
    """Texts of this kind are shown by `renderer`, in previews too. Called from `apps.ready`."""
    _renderers[kind] = renderer


def kinds() -> list[str]:
    return sorted(_renderers)


def preview(source: str, kind: str) -> Preview:
    """The text as it will be shown. Raises Invalid for one that could not be saved."""
    renderer = _renderers.get(kind)
    if renderer is None:
        raise Invalid(_("There is no such kind of text."), "kind")
    source = source.replace("\r\n", "\n").replace("\r", "\n")
    return Preview(renderer(source), tuple(_unseen(source)))


_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
UNSEEN_MAX = 20


def _unseen(source: str) -> list[Unseen]:
    """The comments of the source, until the reader of Markdown names all that is not shown."""
    found = []
    for comment in _COMMENT.finditer(source):
        line = source.count("\n", 0, comment.start()) + 1
        found.append(Unseen(line, _("an HTML comment is not shown.")))
        if len(found) == UNSEEN_MAX:
            break
    return found
