"""What exactly a decision is about, if it is about one text of an app in a layer above."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from common.access import Viewer


@dataclass(frozen=True, slots=True)
class Subject:
    """A text, named by kind, id and the SHA-256 of the words decided on."""

    kind: str
    uuid: UUID
    sha256: str


@dataclass(frozen=True, slots=True)
class EarlyApproval:
    """The last day of the review that an approval ends early, and why; the reason stays in public."""

    until: date
    reason: str


@dataclass(frozen=True, slots=True)
class Named:
    """The title and address of a subject."""

    title: str
    url: str


Describe = Callable[[UUID, Viewer], Named | None]

_describers: dict[str, Describe] = {}


def register(kind: str, describe: Describe) -> None:
    """Let an app name the subjects of `kind` to the viewers who can see them."""
    _describers[kind] = describe


def described(kind: str, uuid: UUID | None, viewer: Viewer) -> Named | None:
    """Return title and address of the subject; None if there is none or the viewer cannot see it."""
    describe = _describers.get(kind)
    return describe(uuid, viewer) if describe and uuid else None
