"""Mails of notifications and digests, rendered when they are sent, with a new check of permissions."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from functools import lru_cache
from secrets import token_hex
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.urls import reverse
from django.utils.text import Truncator

from common.access import viewer_for, viewers_for
from common.mail.models import Message
from common.mail.registry import Attachment, Mail
from common.mail.render import render_templates
from common.ui.date_format import moment_words
from members.people.models import Person
from notifications.choices import DIGEST, NotificationState
from notifications.content import contents_for_readers, with_contents
from notifications.fan_out import is_still_recipient, still_recipients
from notifications.models import Event, Notification
from notifications.queries import has_stopped_digest
from notifications.registry import notification_type, payload_of
from notifications.types import AnyPayload, NotificationContent

STOP_SALT = "notifications.stop"
DETAIL_MAX = 400  # characters of a detail in the digest: an hour and a reason fit
# Placeholders of each reader's own links in a mail that is rendered once for all readers. Nobody can
# write them into a title: they are random in each process and never sent.
STOP_MARK = token_hex(16)
ANSWER_MARK = token_hex(16)


def stop_token(person: Person, kind: str, scope_uuid: UUID | None = None) -> str:
    """Return a signed token with which the person unsubscribes without signing in.

    It is for notifications of this type in this scope, or everywhere.
    """
    scope = [str(scope_uuid)] if scope_uuid else []
    return signing.dumps([str(person.uuid), kind, *scope], salt=STOP_SALT)


def stop_url(person: Person, kind: str, scope_uuid: UUID | None = None) -> str:
    """Return the address that unsubscribes from what `list_id` of the same mail names."""
    path = reverse("notices-stop", args=[stop_token(person, kind, scope_uuid)])
    return f"{settings.SITE_URL}{path}"


def render_notification(message: Message) -> Mail | None:
    """Render one notification as a mail; None when its reader is no longer a recipient."""
    return render_notifications([message])[message.uuid]


def render_notifications(messages: Sequence[Message]) -> dict[UUID, Mail | None]:
    """Render each notification as a mail; None when its reader is no longer a recipient.

    Loads and renders what is the same for many once: viewers, targets, the recipients of each event
    and the text of each content.
    """
    notifications = Notification.objects.select_related("event", "person").in_bulk(
        [message.ref["notice"] for message in messages]
    )
    payloads = _payloads(notifications.values())
    due = {
        pk: notification
        for pk, notification in notifications.items()
        if notification.event_id in payloads and notification.person.is_active
    }
    viewers = viewers_for({notification.person_id for notification in due.values()})
    contents = contents_for_readers(
        (notification.event, viewers[notification.person_id]) for notification in due.values()
    )
    recipients = _still_recipients(
        [each for each in due.values() if contents.get((each.event_id, each.person_id))]
    )
    attachments: dict[int, tuple[Attachment, ...]] = {}
    mails: dict[UUID, Mail | None] = {}
    dropped: list[int] = []
    for message in messages:
        notification = due.get(message.ref["notice"])
        mails[message.uuid] = None
        if notification is None:
            continue
        content = contents.get((notification.event_id, notification.person_id))
        if content is None or (notification.event_id, notification.person_id) not in recipients:
            dropped.append(notification.pk)
            continue
        payload = payloads[notification.event_id]
        if notification.event_id not in attachments:
            attachments[notification.event_id] = payload.attachments()
        mail = _mail_to(notification.person, notification.event, payload, content)
        mails[message.uuid] = replace(mail, attachments=attachments[notification.event_id])
    if dropped:
        Notification.objects.filter(pk__in=dropped).update(state=NotificationState.DROPPED)
    return mails


def _payloads(notifications: Iterable[Notification]) -> dict[int, AnyPayload]:
    """Return the payloads of the events of these notifications by event id, except unreadable ones."""
    events = {notification.event_id: notification.event for notification in notifications}
    payloads = {event_id: payload_of(event) for event_id, event in events.items()}
    return {event_id: each for event_id, each in payloads.items() if each is not None}


def _still_recipients(notifications: Collection[Notification]) -> set[tuple[int, int]]:
    """Return the ids of event and person of the notifications whose person is still a recipient."""
    events = {notification.event_id: notification.event for notification in notifications}
    people: dict[int, set[int]] = defaultdict(set)
    for notification in notifications:
        people[notification.event_id].add(notification.person_id)
    return {
        (event_id, person_id)
        for event_id, event in events.items()
        for person_id in still_recipients(event, people[event_id])
    }


def _mail_to(
    person: Person, event: Event, payload: AnyPayload, content: NotificationContent
) -> Mail:
    """Return the mail that all readers share, with this reader's own links for the placeholders."""
    mail = render_content(payload.name, content)
    own: dict[str, str] = {}
    if content.question:
        own[ANSWER_MARK] = f"{settings.SITE_URL}{payload.answer_path(person)}"
    if payload.mandatory:
        return replace(mail, own=own)
    scope_uuid = event.scope_uuid if content.group_slug else None
    own[STOP_MARK] = stop_url(person, event.kind, scope_uuid)
    return replace(mail, own=own, unsubscribe_url=own[STOP_MARK])


@lru_cache(maxsize=64)
def render_content(kind: str, content: NotificationContent) -> Mail:
    """Render the mail that all readers of this content share, with placeholders for own links."""
    mail = render_templates(
        "notice",
        {
            "content": content,
            "url": f"{settings.SITE_URL}{content.url}",
            "answer_url": ANSWER_MARK if content.question else None,
            "settings_url": f"{settings.SITE_URL}{reverse('notices-settings')}",
            "stop_url": None if notification_type(kind).mandatory else STOP_MARK,
        },
    )
    list_id = list_name(kind, content)
    return replace(mail, list_id=list_id, thread_key=content.thread_key or None)


def list_name(kind: str, content: NotificationContent) -> str:
    """Return the name for the List-Id of a mail: its type, and its group if it has one."""
    name = kind.replace("_", "-")
    return f"{name}.{content.group_slug}" if content.group_slug else name


def render_digest(message: Message) -> Mail | None:
    """Render the waiting notifications that the reader can still read; None when none is left."""
    person = Person.objects.active().filter(pk=message.ref["person"]).first()
    if person is None or has_stopped_digest(person):
        return None
    notifications = Notification.objects.select_related("event").filter(
        pk__in=message.ref["notices"]
    )
    items = [
        _digest_item(shown.notification.event, shown.content, person)
        for shown in with_contents(notifications.order_by("pk"), viewer_for(person.pk))
        if shown.content is not None and is_still_recipient(shown.notification.event, person)
    ]
    if not items:
        return None
    stop = stop_url(person, DIGEST)
    mail = render_templates(
        "digest",
        {
            "person": person,
            "items": items,
            "settings_url": f"{settings.SITE_URL}{reverse('notices-settings')}",
            "stop_url": stop,
        },
    )
    return replace(mail, list_id=DIGEST, unsubscribe_url=stop)


def _digest_item(event: Event, content: NotificationContent, person: Person) -> dict[str, object]:
    payload = payload_of(event)
    answer_path = payload.answer_path(person) if payload and content.question else None
    return {
        "content": content,
        "when": moment_words(event.at, person.zone),
        "detail": Truncator(" ".join(content.detail.split())).chars(DETAIL_MAX),
        "url": f"{settings.SITE_URL}{content.url}",
        "answer_url": f"{settings.SITE_URL}{answer_path}" if answer_path else None,
    }
