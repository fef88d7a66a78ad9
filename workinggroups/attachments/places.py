"""What files can hang on. Each app that has such things registers itself in `apps.ready`."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from common.access import Viewer
from common.identifiers import Identified
from workinggroups.groups.models import Group


@dataclass(frozen=True, slots=True)
class Place:
    """A thing that files hang on, as one viewer finds it.

    `closed` is why nothing can be added or removed any more, in a sentence, or empty. `recorded_of`
    is the object of which the record says that a file was added or removed.
    """

    kind: str
    uuid: UUID
    group: Group
    level: int
    tab: str
    title: str
    url: str
    can_attach: bool
    can_remove_others: bool
    refusal: str
    closed: str
    recorded_of: Identified


# The place this viewer may read, or None. With `lock`, inside a transaction, its row is locked, so
# that what it says holds until the end of the transaction.
Find = Callable[[Viewer, UUID, bool], Place | None]

_finders: dict[str, Find] = {}


def register(kind: str, find: Find) -> None:
    """Files can hang on things of this kind."""
    _finders[kind] = find


def kinds() -> list[str]:
    return sorted(_finders)


def find_place(viewer: Viewer, kind: str, uuid: UUID, *, lock: bool = False) -> Place | None:
    """The thing as this viewer may read it; None as for one that does not exist."""
    find = _finders.get(kind)
    return find(viewer, uuid, lock) if find else None
