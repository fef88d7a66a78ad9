"""Every kind of stored text, so that `common.text` can render them again without knowing the apps.

Each app subclasses `StoredText` for each of its models with HTML, in its `texts.py`, and registers
an instance in `apps.ready`.
"""

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils.functional import Promise

from common.access import Viewer
from common.text import markdown
from common.text.choices import Weight
from common.text.rendered import RenderedText


class StoredText:
    """One kind of text: how its HTML is made, what is derived from that, and who may read it.

    `kind` is stored in `TextChange` and never changes. `name` is what a reader calls such a text.
    """

    kind: ClassVar[str]
    name: ClassVar[str | Promise]
    model: ClassVar[type[RenderedText]]
    text_kind: ClassVar[markdown.TextKind]
    # What `label`, `url`, `group_id`, `weight` and `reindex` touch of a row.
    related: ClassVar[tuple[str, ...]] = ()

    def rows(self) -> QuerySet[Any]:
        """All rows, with what is in `related`."""
        return self.model._default_manager.select_related(*self.related).order_by("pk")

    def visible_to(self, viewer: Viewer) -> QuerySet[Any]:
        """The rows whose text this viewer may read now."""
        raise NotImplementedError

    def render(self, source: str) -> str:
        """Clean HTML of the source. Raises Invalid for a text that is refused."""
        return markdown.render(source, self.text_kind)

    def lock(self, text: Any) -> None:
        """Lock what the app's own actions lock before they change the text or its search entry."""

    def reindex(self, text: Any) -> None:
        """Write again what the app derives from the HTML of `text`, such as its search entry."""

    def label(self, text: Any) -> str:
        return str(text)

    def url(self, text: Any) -> str:
        url: str = text.get_absolute_url()
        return url

    def group_id(self, text: Any) -> int | None:
        """The group to which the text belongs, whose chairs see that it changed."""
        return None

    def weight(self, text: Any) -> Weight:
        return Weight.CURRENT


_texts: dict[str, StoredText] = {}


def register(text: StoredText) -> None:
    """Add a kind of text. Called once for each from `apps.ready`."""
    if text.kind in _texts:
        raise ValueError(f"There is a stored text of the kind {text.kind!r} already.")
    _texts[text.kind] = text


def stored_texts() -> list[StoredText]:
    """All kinds, in the order of the apps."""
    return list(_texts.values())


def stored_text(kind: str) -> StoredText:
    """The kind of this name. Raises KeyError."""
    return _texts[kind]
