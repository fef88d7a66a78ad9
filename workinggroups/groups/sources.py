"""Where an action item comes from, such as a line of the notes of a meeting.

Apps with such objects register their kind here; those are in layers above.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from common.access import Viewer
from workinggroups.groups.models import ActionItem


@dataclass(frozen=True, slots=True)
class Source:
    """The object from which an item comes, and the address of the very line.

    `is_former` says that only an earlier version of the object still has the line.
    """

    title: str
    url: str
    is_former: bool = False


class SourceKind:
    """One kind of source: its items name it as `source_kind`."""

    def find(self, items: Sequence[ActionItem], viewer: Viewer) -> Mapping[int, Source]:
        """Return the sources that the viewer can see, by the id of the item. One query."""
        raise NotImplementedError

    def locate(self, item: ActionItem, viewer: Viewer) -> Source | None:
        """Return the source of one item, after a look at whether the line is still there."""
        raise NotImplementedError


_kinds: dict[str, SourceKind] = {}


def register(name: str, kind: SourceKind) -> None:
    """Let an app name the sources of its kind. Called from `apps.ready`."""
    _kinds[name] = kind


def sources_of(items: Iterable[ActionItem], viewer: Viewer) -> dict[int, Source]:
    """Return the sources of these items that the viewer can see, by id: one query for each kind."""
    by_kind: dict[str, list[ActionItem]] = defaultdict(list)
    for item in items:
        if item.source_uuid is not None and item.source_kind in _kinds:
            by_kind[item.source_kind].append(item)
    return {
        pk: source
        for kind, of_kind in by_kind.items()
        for pk, source in _kinds[kind].find(of_kind, viewer).items()
    }


def source_of(item: ActionItem, viewer: Viewer) -> Source | None:
    """Return the line from which the item comes; None without one, or if the viewer cannot see it."""
    kind = _kinds.get(item.source_kind)
    return kind.locate(item, viewer) if kind and item.source_uuid else None
