"""Every kind of stored text, so that `common.text` can render them again without knowing the apps.

Each app subclasses `StoredText` for each of its models with HTML, in its `texts.py`, and registers
an instance in `apps.ready`.
"""

from typing import Any, ClassVar, Generic, TypeVar, cast

from django.db.models import QuerySet
from django.shortcuts import resolve_url
from django.utils.functional import Promise

from common.access import Viewer
from common.text import markdown
from common.text.choices import Weight
from common.text.rendered import RenderedText

Text = TypeVar("Text", bound=RenderedText)


class StoredText(Generic[Text]):
    """One kind of text: how its HTML is made, what is derived from it, and who can read it.

    `kind` is stored in `TextChange` and never changes. `name` is what a reader calls such a text.
    """

    kind: ClassVar[str]
    name: ClassVar[str | Promise]
    model: ClassVar[type[RenderedText]]
    text_kind: ClassVar[markdown.TextKind]
    # Relations that `label`, `url`, `group_id`, `weight` and `reindex` read.
    related: ClassVar[tuple[str, ...]] = ()

    def rows(self) -> QuerySet[Text]:
        """Return all rows, with the relations in `related`."""
        rows = self.model._default_manager.select_related(*self.related).order_by("pk")
        return cast("QuerySet[Text]", rows)

    def visible_to(self, viewer: Viewer) -> QuerySet[Text]:
        """Return the rows whose text this viewer can read now."""
        raise NotImplementedError

    def render(self, source: str) -> str:
        """Return clean HTML of the source. Raises Invalid for a text that is refused."""
        return markdown.render(source, self.text_kind)

    def lock(self, text: Text) -> None:
        """Lock what the app's own actions lock before they change the text or its search entry."""

    def reindex(self, text: Text) -> None:
        """Update what the app derives from the HTML of `text`, such as its search entry."""

    def label(self, text: Text) -> str:
        return str(text)

    def url(self, text: Text) -> str:
        return resolve_url(text)

    def group_id(self, text: Text) -> int | None:
        """Return the group of the text, whose chairs see that it changed."""
        return None

    def weight(self, text: Text) -> Weight:
        return Weight.CURRENT


AnyStoredText = StoredText[Any]
_texts: dict[str, AnyStoredText] = {}


def register(text: AnyStoredText) -> None:
    """Add a kind of text. Called once for each from `apps.ready`."""
    if text.kind in _texts:
        raise ValueError(f"There is a stored text of the kind {text.kind!r} already.")
    _texts[text.kind] = text


def stored_texts() -> list[AnyStoredText]:
    """Return all kinds, in the order of the apps."""
    return list(_texts.values())


def stored_text(kind: str) -> AnyStoredText:
    """Return the kind of this name. Raises KeyError."""
    return _texts[kind]
