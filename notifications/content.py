"""What readers can read of events now: the targets of all events of a page in few queries."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Model

from common.access import Viewer
from notifications.models import Event, Notice
from notifications.registry import NotificationType, notification_of
from notifications.targets import SharedNotification
from notifications.types import AnyNotification, NotificationContent

# Event and person.
ReaderKey = tuple[int, int | None]


@dataclass(frozen=True, slots=True)
class ShownNotice:
    """A notice with its content; None when its reader can no longer read it."""

    notice: Notice
    content: NotificationContent | None


def contents_of(events: Iterable[Event], viewer: Viewer) -> dict[int, NotificationContent]:
    """Return what this viewer can read of each event now, by event id."""
    by_source: dict[NotificationType, dict[int, AnyNotification]] = defaultdict(dict)
    for event in events:
        notification = notification_of(event)
        if notification is not None:
            by_source[notification.target_source][event.pk] = notification
    contents: dict[int, NotificationContent] = {}
    for source, notifications in by_source.items():
        targets = source.find_targets(notifications.values(), viewer)
        for event_id, notification in notifications.items():
            if notification in targets:
                content = notification.content(targets[notification], viewer)
                if content is not None:
                    contents[event_id] = content
    return contents


def with_contents(notices: Iterable[Notice], viewer: Viewer) -> list[ShownNotice]:
    """Return the notices in order with their contents. Their events must be loaded."""
    listed = list(notices)
    contents = contents_of((notice.event for notice in listed), viewer)
    return [ShownNotice(notice, contents.get(notice.event_id)) for notice in listed]


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
    shared: dict[NotificationType, dict[int, SharedNotification[Model]]] = defaultdict(dict)
    separate: dict[int | None, tuple[Viewer, list[Event]]] = {}
    for event_id, event in events.items():
        notification = notification_of(event)
        if isinstance(notification, SharedNotification):
            shared[notification.target_source][event_id] = notification
        else:
            for viewer in viewers[event_id]:
                separate.setdefault(viewer.person_id, (viewer, []))[1].append(event)
    contents: dict[ReaderKey, NotificationContent] = {}
    for notifications in shared.values():
        contents |= _shared_contents(notifications, viewers)
    for person_id, (viewer, of_person) in separate.items():
        for event_id, content in contents_of(of_person, viewer).items():
            contents[event_id, person_id] = content
    return contents


def _shared_contents(
    notifications: dict[int, SharedNotification[Model]], viewers: dict[int, list[Viewer]]
) -> dict[ReaderKey, NotificationContent]:
    """Return the contents of these events for the viewers who can read the target.

    Both arguments are by event id; the notifications have the same `target_source`.
    """
    any_of_source = next(iter(notifications.values()))
    targets = any_of_source.find_shared(notifications.values())
    contents: dict[ReaderKey, NotificationContent] = {}
    for event_id, notification in notifications.items():
        if notification not in targets:
            continue
        target = targets[notification]
        by_zone: dict[str, NotificationContent] = {}
        for viewer in viewers[event_id]:
            if SharedNotification.can_read(viewer, target):
                if viewer.zone not in by_zone:
                    by_zone[viewer.zone] = notification.shared_content(target, viewer.zone)
                contents[event_id, viewer.person_id] = by_zone[viewer.zone]
    return contents
