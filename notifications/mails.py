"""The words of notice mails, asked for at the moment of sending together with the rights."""

from collections.abc import Sequence
from dataclasses import replace
from secrets import token_hex
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.urls import reverse
from django.utils.text import Truncator

from common.access import viewer_for, viewers_for
from common.mail.models import Message
from common.mail.registry import Mail
from common.mail.render import render_templates
from members.people.models import Person
from notifications.choices import NoticeState
from notifications.expand import may_still_hear
from notifications.lines import lines_to_many, shown
from notifications.models import Event, Notice
from notifications.registry import Kind, Line, kind_named

STOP_SALT = "notifications.stop"
DETAIL_MAX = 400  # characters of a detail in the digest: an hour and a reason fit


def stop_token(person: Person, kind: str) -> str:
    """Proof, without login, that the reader of a mail of this kind asks to get no more of them."""
    return signing.dumps([str(person.uuid), kind], salt=STOP_SALT)


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
    words = _Words()
    mails: dict[UUID, Mail | None] = {}
    dropped: list[int] = []
    for message in messages:
        notice = due.get(message.ref["notice"])
        mails[message.uuid] = None
        if notice is None:
            continue
        line = lines.get((notice.event_id, notice.person_id))
        if line is None or not may_still_hear(notice.event, notice.person):
            dropped.append(notice.pk)
        else:
            mails[message.uuid] = words.to(notice.person, notice.event, line)
    if dropped:
        Notice.objects.filter(pk__in=dropped).update(state=NoticeState.DROPPED)
    return mails


def _is_due(notice: Notice) -> bool:
    try:
        kind_named(notice.event.kind)
    except KeyError:
        return False
    return notice.person.is_active


class _Words:
    """The words of a batch: drawn once for each line, with a mark where a reader's own way out goes.

    Nobody can write the mark into a title, since it is drawn by lot for each batch.
    """

    def __init__(self) -> None:
        self._mark = token_hex(16)
        self._stop_url = f"{settings.SITE_URL}{reverse('notices-stop', args=[self._mark])}"
        self._drawn: dict[tuple[str, Line], Mail] = {}

    def to(self, person: Person, event: Event, line: Line) -> Mail:
        kind = kind_named(event.kind)
        drawn = self._drawn.get((event.kind, line))
        if drawn is None:
            drawn = self._drawn[event.kind, line] = self._draw(kind, line)
        own = replace(drawn, attachments=kind.attach(event, person) if kind.attach else ())
        if kind.mandatory:
            return own
        token = stop_token(person, event.kind)
        return replace(
            own,
            text=drawn.text.replace(self._mark, token),
            html=drawn.html.replace(self._mark, token),
            unsubscribe_url=self._stop_url.replace(self._mark, token),
        )

    def _draw(self, kind: Kind, line: Line) -> Mail:
        mail = render_templates(
            "notice",
            {
                "line": line,
                "kind": kind,
                "url": f"{settings.SITE_URL}{line.url}",
                "settings_url": f"{settings.SITE_URL}{reverse('notices-settings')}",
                "stop_url": None if kind.mandatory else self._stop_url,
            },
        )
        return replace(
            mail, list_id=line.group_slug or None, in_reply_to_key=line.thread_key or None
        )


def render_digest(message: Message) -> Mail | None:
    """What waited, as far as the reader may see it now; None when nothing is left to say."""
    person = Person.objects.active().filter(pk=message.ref["person"]).first()
    if person is None:
        return None
    notices = Notice.objects.select_related("event").filter(pk__in=message.ref["notices"])
    seen = [
        item
        for item in shown(notices.order_by("pk"), viewer_for(person.pk))
        if item.line is not None and may_still_hear(item.notice.event, person)
    ]
    if not seen:
        return None
    return render_templates(
        "digest",
        {
            "person": person,
            "items": [
                {
                    "line": item.line,
                    "detail": Truncator(" ".join(item.line.detail.split())).chars(DETAIL_MAX),
                    "url": f"{settings.SITE_URL}{item.line.url}",
                }
                for item in seen
                if item.line
            ],
            "settings_url": f"{settings.SITE_URL}{reverse('notices-settings')}",
        },
    )
