"""Telling people: one row in the transaction that made it happen, everything else after commit."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from common.doorbell import ring
from common.errors import Invalid
from common.mail.choices import State
from common.mail.models import Message
from members.people.models import Person
from notifications.choices import DIGEST, Channel, NoticeState, Rhythm
from notifications.models import Event, Notice, Preference
from notifications.registry import all_kinds, kind_named


def announce(
    *,
    kind: str,
    dedupe_key: str,
    ref: Mapping[str, Any],
    actor: Person | None = None,
    scope_uuid: UUID | None = None,
) -> Event:
    """The event stands in the outbox; its audience hears of it once, whatever is announced twice.

    `ref` holds ids only. The actor is not told of its own act. Must be called inside the
    transaction of the act; raises KeyError for a kind no room has registered.
    """
    kind_named(kind)
    event, created = Event.objects.get_or_create(
        dedupe_key=dedupe_key,
        defaults={"kind": kind, "ref": dict(ref), "actor": actor, "scope_uuid": scope_uuid},
    )
    if created:
        ring("notifications.tell")
    return event


def mark_read(*, actor: Person, notice_ids: list[int]) -> int:
    """The actor's own notices count as read; answers how many were unread until now."""
    return Notice.objects.filter(
        person=actor, channel=Channel.INBOX, pk__in=notice_ids, read_at__isnull=True
    ).update(read_at=timezone.now())


def mark_all_read(*, actor: Person) -> int:
    return Notice.objects.filter(person=actor, channel=Channel.INBOX, read_at__isnull=True).update(
        read_at=timezone.now()
    )


def choose(*, actor: Person, kind: str, rhythm: Rhythm, scope_uuid: UUID | None = None) -> None:
    """The actor hears of this kind at this rhythm from now on, everywhere or in one scope.

    Raises Invalid for a kind that is not offered or cannot be changed.
    """
    offered = {known.name: known for known in all_kinds()}
    if kind not in offered:
        raise Invalid(_("There is no such kind of notice."), field="kind")
    if offered[kind].mandatory and rhythm != Rhythm.NOW:
        raise Invalid(_("This notice is always mailed at once."), field="kind")
    Preference.objects.update_or_create(
        person=actor, kind=kind, scope_uuid=scope_uuid, defaults={"rhythm": rhythm}
    )


def stop(*, actor: Person, kind: str, scope_uuid: UUID | None = None) -> str:
    """The actor gets no more mail of this kind in this scope, or no more daily digests.

    Answers the rhythm that was chosen there before, empty without one, for `resume`. Raises Invalid
    for a kind that cannot be stopped.
    """
    before = Preference.objects.filter(person=actor, kind=kind, scope_uuid=scope_uuid)
    rhythm = before.values_list("rhythm", flat=True).first() or ""
    if kind == DIGEST:
        Preference.objects.update_or_create(
            person=actor, kind=kind, scope_uuid=None, defaults={"rhythm": Rhythm.OFF}
        )
    else:
        choose(actor=actor, kind=kind, rhythm=Rhythm.OFF, scope_uuid=scope_uuid)
    return "" if rhythm == Rhythm.OFF else rhythm


def resume(*, actor: Person, kind: str, scope_uuid: UUID | None = None, rhythm: str = "") -> None:
    """What `stop` stopped goes on: as it was before, or as the actor chose for all such mail."""
    if rhythm in {Rhythm.NOW, Rhythm.DIGEST} and kind != DIGEST:
        choose(actor=actor, kind=kind, rhythm=Rhythm(rhythm), scope_uuid=scope_uuid)
        return
    Preference.objects.filter(
        person=actor, kind=kind, scope_uuid=scope_uuid, rhythm=Rhythm.OFF
    ).delete()


def drop_mail_before(moment: datetime) -> int:
    """Notices from before this moment that wait for their mail are not mailed; answers how many.

    They stay in the inbox.
    """
    return Notice.objects.filter(
        channel=Channel.MAIL, state=NoticeState.WAITING, created_at__lt=moment
    ).update(state=NoticeState.DROPPED)


def drop_unsent_mail() -> None:
    """Send no mail about what happened so far, as after a bulk load; the inboxes keep it."""
    mails = Notice.objects.filter(channel=Channel.MAIL, state=NoticeState.WAITING)
    mails.update(state=NoticeState.DONE)
    Message.objects.open().update(state=State.DROPPED)
