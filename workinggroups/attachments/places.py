"""Objects that files can be attached to. Their apps register the kinds in `apps.ready`."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from common.access import Viewer
from common.identifiers import Identified
from workinggroups.groups.models import Group


@dataclass(frozen=True, slots=True)
class Place:
    """An object that files can be attached to, for one viewer.

    `closed` is the sentence why files can no longer be added or removed, or empty. `recorded_of` is
    the object for which the record says that a file was added or removed.
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


# Returns the place if the viewer can read it, or None. `lock` locks the object's row until the end of
# the transaction, so that the place does not change.
Find = Callable[[Viewer, UUID, bool], Place | None]

_finders: dict[str, Find] = {}


def register(kind: str, find: Find) -> None:
    """Let files be attached to objects of this kind."""
    _finders[kind] = find


def find_place(viewer: Viewer, kind: str, uuid: UUID, *, lock: bool = False) -> Place | None:
    """Return the place if the viewer can read the object; None as for one that does not exist."""
    find = _finders.get(kind)
    return find(viewer, uuid, lock) if find else None
