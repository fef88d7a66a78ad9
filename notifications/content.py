"""What a reader sees of notices now: each room is asked once for all its events on the page."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from common.access import Viewer
from notifications.about import SharedLines
from notifications.models import Event, Notice
from notifications.registry import Line, Lines, kind_named


@dataclass(frozen=True, slots=True)
class ShownNotice:
    """A notice with the words its reader may see; `line` is None where the right is gone."""

    notice: Notice
    line: Line | None


def lines_of(events: Iterable[Event], viewer: Viewer) -> dict[int, Line]:
    """What this viewer may see of each event, by event id."""
    by_room: dict[Lines, list[Event]] = defaultdict(list)
    for event in events:
        try:
            by_room[kind_named(event.kind).lines].append(event)
        except KeyError:
            continue
    found: dict[int, Line] = {}
    for lines, of_room in by_room.items():
        found.update(lines(of_room, viewer))
    return found


def shown(notices: Iterable[Notice], viewer: Viewer) -> list[ShownNotice]:
    """The notices in order with their lines. The events must be fetched with them."""
    listed = list(notices)
    lines = lines_of((notice.event for notice in listed), viewer)
    return [ShownNotice(notice, lines.get(notice.event_id)) for notice in listed]


def lines_to_many(
    readers: Iterable[tuple[Event, Viewer]],
) -> dict[tuple[int, int | None], Line]:
    """What each of these readers may see of an event, by the ids of event and person.

    Where a room words its events alike for all, one query serves all readers; else it is asked
    reader by reader.
    """
    shared: dict[SharedLines[Any], list[tuple[Event, Viewer]]] = defaultdict(list)
    apart: dict[int | None, tuple[Viewer, list[Event]]] = {}
    for event, viewer in readers:
        lines = kind_named(event.kind).lines
        if isinstance(lines, SharedLines):
            shared[lines].append((event, viewer))
        else:
            apart.setdefault(viewer.person_id, (viewer, []))[1].append(event)
    found: dict[tuple[int, int | None], Line] = {}
    for lines, of_room in shared.items():
        found.update(lines.to_many(of_room))
    for person_id, (viewer, events) in apart.items():
        for event_id, line in lines_of(events, viewer).items():
            found[event_id, person_id] = line
    return found
