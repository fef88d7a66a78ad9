"""What exactly a decision is about, where it is about one text of a room above this one."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from common.access import Viewer


@dataclass(frozen=True, slots=True)
class Subject:
    """A text by kind, id and the SHA-256 of what was decided on."""

    kind: str
    uuid: UUID
    sha256: str


@dataclass(frozen=True, slots=True)
class Named:
    """How a subject is called and where it stands."""

    title: str
    url: str


Describe = Callable[[UUID, Viewer], Named | None]

_describers: dict[str, Describe] = {}


def register(kind: str, describe: Describe) -> None:
    """Subjects of `kind` are named by their own room, for those who may see them."""
    _describers[kind] = describe


def described(kind: str, uuid: UUID | None, viewer: Viewer) -> Named | None:
    """The subject as this viewer may see it; None for nothing, or for nothing of theirs."""
    describe = _describers.get(kind)
    return describe(uuid, viewer) if describe and uuid else None
