"""What a text will look like, and what of it will not be shown, before it is saved.

The one place that previews call; apps whose texts are shown in a way of their own register it here.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from django.utils.translation import gettext as _

from common.errors import Invalid
from common.text.figures import has_figures
from common.text.markdown import Document, TextKind, Unseen, read

Reader = Callable[[str], Document]

POST, AGREEMENT, DOCUMENT, NOTES = "post", "agreement", "document", "notes"
# More would be a second text beside the first.
UNSEEN_MAX = 20


@dataclass(frozen=True)
class Preview:
    html: str
    has_figures: bool = False
    unseen: tuple[Unseen, ...] = ()


_readers: dict[str, Reader] = {
    POST: partial(read, kind=TextKind.POST),
    AGREEMENT: partial(read, kind=TextKind.AGREEMENT),
    DOCUMENT: partial(read, kind=TextKind.DOCUMENT),
}


def register_kind(kind: str, reader: Reader) -> None:
    """Texts of this kind are read by `reader`, in previews too. Called from `apps.ready`."""
    _readers[kind] = reader


def kinds() -> list[str]:
    return sorted(_readers)


def preview(source: str, kind: str) -> Preview:
    """The text as it will be shown. Raises Invalid for one that could not be saved."""
    reader = _readers.get(kind)
    if reader is None:
        raise Invalid(_("There is no such kind of text."), "kind")
    document = reader(source.replace("\r\n", "\n").replace("\r", "\n"))
    return Preview(document.html, has_figures(document.html), document.unseen[:UNSEEN_MAX])
