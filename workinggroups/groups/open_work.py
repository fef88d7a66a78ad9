"""What is open in a group when it concludes, by kind, and what becomes of it.

Apps register their kinds in `apps.ready`; those of meetings and deliverables are in layers above.
`actions.concluding` settles the kinds in the order in which they were registered.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from django.utils.functional import Promise

from common.access import Viewer
from members.people.models import Person
from workinggroups.groups.models import Group

# How many of a kind the page names before it only counts them.
LISTED_MOST = 5


@dataclass(frozen=True, slots=True)
class Choice:
    """Something that can become of a kind: the stored value, and its words in the form."""

    value: str
    label: Promise


@dataclass(frozen=True, slots=True)
class OpenObject:
    """The title and address of something open."""

    title: str
    url: str = ""


class OpenKind:
    """One kind of open work. With `choices`, whoever concludes the group chooses one of them."""

    # Stored in the record and in the notification.
    name: ClassVar[str]
    label: ClassVar[Promise]
    # What becomes of it where nothing can be chosen.
    outcome: ClassVar[Promise | str] = ""
    choices: ClassVar[Sequence[Choice]] = ()

    def count(self, group: Group) -> int:
        """Return how many are open. One query."""
        raise NotImplementedError

    def listed(self, group: Group, viewer: Viewer) -> Sequence[OpenObject]:
        """Return the first LISTED_MOST that the viewer can read; none of a kind that is only counted.

        At most one query.
        """
        return ()

    def settle(self, *, actor: Person, group: Group, choice: str, reason: str) -> int:
        """Settle all that are open as chosen; return how many there were.

        The caller holds the lock of the group. Locks whatever could open another one meanwhile.
        Notifies nobody in the group, which gets one mail about all kinds.
        """
        return self.count(group)

    def sentence(self, choice: str, count: int) -> str:
        """Return what became of them, as a sentence of that mail."""
        raise NotImplementedError


@dataclass(frozen=True, slots=True)
class OpenWork:
    """What is open of one kind, as one person sees it."""

    kind: OpenKind
    count: int
    listed: Sequence[OpenObject]

    @property
    def unlisted(self) -> int:
        return self.count - len(self.listed)


_kinds: dict[str, OpenKind] = {}


def register(*kinds: OpenKind) -> None:
    """Add kinds, in the order in which they are settled. Called from `apps.ready`."""
    _kinds.update({kind.name: kind for kind in kinds})


def open_kinds() -> list[OpenKind]:
    """Return all kinds, in the order in which they are settled."""
    return list(_kinds.values())


def open_work(group: Group, viewer: Viewer) -> list[OpenWork]:
    """Return the kinds of which something is open, with what the viewer can read of it.

    Two queries for each kind at most, however much is open.
    """
    counts = {kind.name: kind.count(group) for kind in open_kinds()}
    return [
        OpenWork(kind, counts[kind.name], kind.listed(group, viewer))
        for kind in open_kinds()
        if counts[kind.name]
    ]


def stored(settled: Mapping[str, tuple[str, int]]) -> str:
    """Return choice and number by kind as text for a notification: "polls::1 action_items:drop:3"."""
    return " ".join(f"{name}:{choice}:{count}" for name, (choice, count) in settled.items())


def sentences(settled: str) -> list[str]:
    """Return in words what `stored` returned. Kinds that no app registers any more are left out."""
    parts = [part.split(":") for part in settled.split()]
    return [
        _kinds[name].sentence(choice, int(count)) for name, choice, count in parts if name in _kinds
    ]
