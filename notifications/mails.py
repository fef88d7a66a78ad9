"""The words of notice mails, asked for at the moment of sending together with the rights."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import replace
from functools import lru_cache
from secrets import token_hex
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.urls import reverse
from django.utils.text import Truncator

from common.access import viewer_for, viewers_for
from common.mail.models import Message
from common.mail.registry import Attachment, Mail
from common.mail.render import render_templates
from common.web.clock import moment_words
from members.people.models import Person
from notifications.choices import DIGEST, NoticeState
from notifications.expand import may_still_hear, those_who_still_hear
from notifications.lines import lines_to_many, shown
from notifications.models import Event, Notice
from notifications.queries import has_stopped_digest
from notifications.registry import Line, kind_named

STOP_SALT = "notifications.stop"
DETAIL_MAX = 400  # characters of a detail in the digest: an hour and a reason fit
# Where each reader's own links stand in words that are the same for all. Nobody can write these
# into a title, since they are drawn by lot in each process and never leave it.
STOP_MARK = token_hex(16)
ANSWER_MARK = token_hex(16)


def stop_token(person: Person, kind: str, scope_uuid: UUID | None = None) -> str:
    """Proof, without login, that the reader of a mail asks to get no more of its list.

    Its list is this kind in this scope; everywhere without one.
    """
    scope = [str(scope_uuid)] if scope_uuid else []
    return signing.dumps([str(person.uuid), kind, *scope], salt=STOP_SALT)


def stop_url(person: Person, kind: str, scope_uuid: UUID | None = None) -> str:
    """The address that stops what `list_id` of the same mail names."""
    path = reverse("notices-stop", args=[stop_token(person, kind, scope_uuid)])
    return f"{settings.SITE_URL}{path}"


def render_notice(message: Message) -> Mail | None:
    """One notice as a mail, or None when its reader may not hear of it any more."""
    return render_notices([message])[message.uuid]


def render_notices(messages: Sequence[Message]) -> dict[UUID, Mail | None]:
    """Each notice as a mail, or None when its reader may not hear of it any more.

    What is the same for all is fetched and worded once: the readers' rights, the things told of,
    each event's audience, and the words of each line.
    """
    notices = Notice.objects.select_related("event", "person").in_bulk(
        [message.ref["notice"] for message in messages]
    )
    due = {pk: notice for pk, notice in notices.items() if _is_due(notice)}
    viewers = viewers_for({notice.person_id for notice in due.values()})
    lines = lines_to_many((notice.event, viewers[notice.person_id]) for notice in due.values())
    hearing = _hearing(
        [each for each in due.values() if lines.get((each.event_id, each.person_id))]
    )
    attached: dict[int, tuple[Attachment, ...]] = {}
    mails: dict[UUID, Mail | None] = {}
    dropped: list[int] = []
    for message in messages:
        notice = due.get(message.ref["notice"])
        mails[message.uuid] = None
        if notice is None:
            continue
        line = lines.get((notice.event_id, notice.person_id))
        if line is None or (notice.event_id, notice.person_id) not in hearing:
            dropped.append(notice.pk)
        else:
            if notice.event_id not in attached:
                attached[notice.event_id] = _attached(notice.event)
            mails[message.uuid] = _to(notice.person, notice.event, line, attached[notice.event_id])
    if dropped:
        Notice.objects.filter(pk__in=dropped).update(state=NoticeState.DROPPED)
    return mails


def _is_due(notice: Notice) -> bool:
    try:
        kind_named(notice.event.kind)
    except KeyError:
        return False
    return notice.person.is_active


def _hearing(notices: Collection[Notice]) -> set[tuple[int, int]]:
    """The ids of event and person of those whose person belongs to the event's audience now."""
    events = {notice.event_id: notice.event for notice in notices}
    people: dict[int, set[int]] = defaultdict(set)
    for notice in notices:
        people[notice.event_id].add(notice.person_id)
    return {
        (event_id, person_id)
        for event_id, event in events.items()
        for person_id in those_who_still_hear(event, people[event_id])
    }


def _attached(event: Event) -> tuple[Attachment, ...]:
    attach = kind_named(event.kind).attach
    return attach(event) if attach else ()


def _to(person: Person, event: Event, line: Line, attached: tuple[Attachment, ...]) -> Mail:
    """The mail to this reader: the words of all, and where the marks are the reader's own links."""
    kind = kind_named(event.kind)
    drawn = _drawn(event.kind, line)
    own: dict[str, str] = {}
    if kind.answer and line.question:
        own[ANSWER_MARK] = f"{settings.SITE_URL}{kind.answer(event, person)}"
    if kind.mandatory:
        return replace(drawn, own=own, attachments=attached)
    own[STOP_MARK] = stop_url(person, event.kind, event.scope_uuid if line.group_slug else None)
    return replace(drawn, own=own, attachments=attached, unsubscribe_url=own[STOP_MARK])


@lru_cache(maxsize=64)
def _drawn(kind_name: str, line: Line) -> Mail:
    """The words that all readers of this line share."""
    kind = kind_named(kind_name)
    mail = render_templates(
        "notice",
        {
            "line": line,
            "kind": kind,
            "url": f"{settings.SITE_URL}{line.url}",
            "answer_url": ANSWER_MARK if kind.answer and line.question else None,
            "settings_url": f"{settings.SITE_URL}{reverse('notices-settings')}",
            "stop_url": None if kind.mandatory else STOP_MARK,
        },
    )
    return replace(mail, list_id=list_name(kind_name, line), thread_key=line.thread_key or None)


def list_name(kind_name: str, line: Line) -> str:
    """What the mail's List-Id names: its kind, in its group where it has one."""
    kind = kind_name.replace("_", "-")
    return f"{kind}.{line.group_slug}" if line.group_slug else kind


def render_digest(message: Message) -> Mail | None:
    """What waited, as far as the reader may see it now; None when nothing is left to say."""
    person = Person.objects.active().filter(pk=message.ref["person"]).first()
    if person is None or has_stopped_digest(person):
        return None
    notices = Notice.objects.select_related("event").filter(pk__in=message.ref["notices"])
    seen = [
        item
        for item in shown(notices.order_by("pk"), viewer_for(person.pk))
        if item.line is not None and may_still_hear(item.notice.event, person)
    ]
    if not seen:
        return None
    stop = stop_url(person, DIGEST)
    mail = render_templates(
        "digest",
        {
            "person": person,
            "items": [_digest_item(item.notice.event, item.line, person) for item in seen],
            "settings_url": f"{settings.SITE_URL}{reverse('notices-settings')}",
            "stop_url": stop,
        },
    )
    return replace(mail, list_id=DIGEST, unsubscribe_url=stop)


def _digest_item(event: Event, line: Line | None, person: Person) -> dict[str, Any]:
    assert line is not None  # only what the reader may see is listed
    answer = kind_named(event.kind).answer
    return {
        "line": line,
        "when": moment_words(event.at, person.zone),
        "detail": Truncator(" ".join(line.detail.split())).chars(DETAIL_MAX),
        "url": f"{settings.SITE_URL}{line.url}",
        "answer_url": f"{settings.SITE_URL}{answer(event, person)}"
        if answer and line.question
        else None,
    }
