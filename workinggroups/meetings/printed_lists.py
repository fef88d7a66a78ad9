"""What other subjects and apps add to the minutes as they are printed: lists under a heading.

A list is the same for all who can read the meeting, since its file is. It names no people by
itself: files with a name that is erased are found by `MinutesContent.named`, which does not know it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum

from django.utils.functional import Promise

from workinggroups.meetings.models import Meeting


class Place(Enum):
    ROLL = "roll"  # after the people who were present
    OUTCOME = "outcome"  # after the text


@dataclass(frozen=True)
class PrintedList:
    """A list in the minutes; `lines` returns its lines for a meeting, none to leave it out."""

    name: str
    heading: str | Promise
    place: Place
    lines: Callable[[Meeting], Sequence[str]]


@dataclass(frozen=True)
class ShownList:
    heading: str
    place: Place
    lines: Sequence[str]


_printed: dict[str, PrintedList] = {}


def add_printed_list(printed: PrintedList) -> None:
    """Add a list, in the order of the calls. Called from `apps.ready`."""
    _printed[printed.name] = printed


def printed_lists_of(meeting: Meeting) -> list[ShownList]:
    """Return the lists that have something to say of this meeting."""
    shown = (
        ShownList(str(each.heading), each.place, each.lines(meeting)) for each in _printed.values()
    )
    return [each for each in shown if each.lines]
