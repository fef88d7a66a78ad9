"""What readers can read of events now: the targets of all events of a page in few queries."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Model

from common.access import Viewer
from notifications.models import Event, Notification
from notifications.registry import payload_of
from notifications.targets import SharedNotification
from notifications.types import AnyPayload, NotificationContent

# Event and person.
ReaderKey = tuple[int, int | None]


@dataclass(frozen=True, slots=True)
class ShownNotification:
    """A notification with its content; None when its reader can no longer read it."""

    notification: Notification
    content: NotificationContent | None


def contents_of(events: Iterable[Event], viewer: Viewer) -> dict[int, NotificationContent]:
    """Return what this viewer can read of each event now, by event id."""
    by_source: dict[type[AnyPayload], dict[int, AnyPayload]] = defaultdict(dict)
    for event in events:
        payload = payload_of(event)
        if payload is not None:
            by_source[payload.target_source][event.pk] = payload
    contents: dict[int, NotificationContent] = {}
    for source, payloads in by_source.items():
        targets = source.find_targets(payloads.values(), viewer)
        for event_id, payload in payloads.items():
            if payload in targets:
                content = payload.content(targets[payload], viewer)
                if content is not None:
                    contents[event_id] = content
    return contents


def with_contents(notifications: Iterable[Notification], viewer: Viewer) -> list[ShownNotification]:
    """Return the notifications in order with their contents. Their events must be loaded."""
    listed = list(notifications)
    contents = contents_of((notification.event for notification in listed), viewer)
    return [
        ShownNotification(notification, contents.get(notification.event_id))
        for notification in listed
    ]


def contents_for_readers(
    readers: Iterable[tuple[Event, Viewer]],
) -> dict[ReaderKey, NotificationContent]:
    """Return what each of these readers can read of an event now.

    Types with shared content take one query for all readers; the others take some for each reader.
    """
    viewers: dict[int, list[Viewer]] = defaultdict(list)
    events: dict[int, Event] = {}
    for event, viewer in readers:
        events[event.pk] = event
        viewers[event.pk].append(viewer)
    shared: dict[type[AnyPayload], dict[int, SharedNotification[Model]]] = defaultdict(dict)
    separate: dict[int | None, tuple[Viewer, list[Event]]] = {}
    for event_id, event in events.items():
        payload = payload_of(event)
        if isinstance(payload, SharedNotification):
            shared[payload.target_source][event_id] = payload
        else:
            for viewer in viewers[event_id]:
                separate.setdefault(viewer.person_id, (viewer, []))[1].append(event)
    contents: dict[ReaderKey, NotificationContent] = {}
    for payloads in shared.values():
        contents |= _shared_contents(payloads, viewers)
    for person_id, (viewer, of_person) in separate.items():
        for event_id, content in contents_of(of_person, viewer).items():
            contents[event_id, person_id] = content
    return contents


def _shared_contents(
    payloads: dict[int, SharedNotification[Model]], viewers: dict[int, list[Viewer]]
) -> dict[ReaderKey, NotificationContent]:
    """Return the contents of these events for the viewers who can read the target.

    Both arguments are by event id; the payloads have the same `target_source`.
    """
    any_of_source = next(iter(payloads.values()))
    targets = any_of_source.find_shared(payloads.values())
    contents: dict[ReaderKey, NotificationContent] = {}
    for event_id, payload in payloads.items():
        if payload not in targets:
            continue
        target = targets[payload]
        by_zone: dict[str, NotificationContent] = {}
        for viewer in viewers[event_id]:
            if SharedNotification.can_read(viewer, target):
                if viewer.zone not in by_zone:
                    by_zone[viewer.zone] = payload.shared_content(target, viewer.zone)
                contents[event_id, viewer.person_id] = by_zone[viewer.zone]
    return contents
