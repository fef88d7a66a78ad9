"""The words of notice mails, asked for at the moment of sending together with the rights."""

from dataclasses import replace

from django.conf import settings
from django.core import signing
from django.urls import reverse

from common.access import viewer_for
from common.mail.models import Message
from common.mail.registry import Mail
from common.mail.render import render_templates
from members.people.models import Person
from notifications.choices import NoticeState
from notifications.expand import may_still_hear
from notifications.lines import lines_of, shown
from notifications.models import Notice
from notifications.registry import kind_named

STOP_SALT = "notifications.stop"


def stop_token(person: Person, kind: str) -> str:
    """Proof, without login, that the reader of a mail of this kind asks to get no more of them."""
    return signing.dumps([str(person.uuid), kind], salt=STOP_SALT)


def stop_url(person: Person, kind: str) -> str:
    path = reverse("notices-stop", args=[stop_token(person, kind)])
    return f"{settings.SITE_URL}{path}"


def render_notice(message: Message) -> Mail | None:
    """One notice as a mail, or None when its reader may not hear of it any more."""
    notice = (
        Notice.objects.select_related("event", "person").filter(pk=message.ref["notice"]).first()
    )
    if notice is None or not notice.person.is_active:
        return None
    event, person = notice.event, notice.person
    try:
        kind = kind_named(event.kind)
    except KeyError:
        return None
    line = lines_of([event], viewer_for(person.pk)).get(event.pk)
    if line is None or not may_still_hear(event, person):
        Notice.objects.filter(pk=notice.pk).update(state=NoticeState.DROPPED)
        return None
    mail = render_templates(
        "notice",
        {
            "person": person,
            "line": line,
            "kind": kind,
            "url": f"{settings.SITE_URL}{line.url}",
            "settings_url": f"{settings.SITE_URL}{reverse('notices-settings')}",
            "stop_url": None if kind.mandatory else stop_url(person, event.kind),
        },
    )
    return replace(
        mail,
        list_id=line.group_slug or None,
        unsubscribe_url=None if kind.mandatory else stop_url(person, event.kind),
        in_reply_to_key=line.thread_key or None,
        attachments=kind.attach(event, person) if kind.attach else (),
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
                {"line": item.line, "url": f"{settings.SITE_URL}{item.line.url}"}
                for item in seen
                if item.line
            ],
            "settings_url": f"{settings.SITE_URL}{reverse('notices-settings')}",
        },
    )
