"""Notifying people of an act, and what each person chooses of it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from common.errors import Invalid
from common.mail.choices import State
from common.mail.models import Message
from common.wake_worker import enqueue_on_commit
from members.people.models import Person
from notifications.choices import DIGEST, Channel, Frequency, NoticeState
from notifications.models import Event, Notice, Preference
from notifications.registry import notification_type, notification_types
from notifications.types import Notification


def notify(
    notification: Notification[Any],
    *,
    cause: UUID | str,
    actor: Person | None = None,
    scope_uuid: UUID | None = None,
) -> Event:
    """Write the event from which the recipients of the notification are notified.

    Must be called inside the transaction of the act: recipients are asked for after its commit, by
    a worker. `cause` tells apart the acts of one type, such as the uuid of the record's row: a
    second call with the same cause changes nothing. The actor is not notified. `scope_uuid` is the
    group or organization for which people may choose their mail apart. Raises KeyError for a type
    that no app has registered.
    """
    name = notification_type(notification.name).name
    event, created = Event.objects.get_or_create(
        dedupe_key=f"{name}:{cause}",
        defaults={
            "kind": name,
            "ref": notification.to_ref(),
            "actor": actor,
            "scope_uuid": scope_uuid,
        },
    )
    if created:
        enqueue_on_commit("notifications.tell")
    return event


def mark_read(*, actor: Person, notice_ids: list[int]) -> int:
    """Mark these of the actor's own notices as read; return how many were unread."""
    return Notice.objects.filter(
        person=actor, channel=Channel.INBOX, pk__in=notice_ids, read_at__isnull=True
    ).update(read_at=timezone.now())


def mark_all_read(*, actor: Person) -> int:
    """Mark all of the actor's notices as read; return how many were unread."""
    return Notice.objects.filter(person=actor, channel=Channel.INBOX, read_at__isnull=True).update(
        read_at=timezone.now()
    )


def choose(
    *, actor: Person, kind: str, frequency: Frequency, scope_uuid: UUID | None = None
) -> None:
    """Mail the actor notifications of this type at this frequency, everywhere or in one scope.

    `kind` is the name of the type. Raises Invalid for a type that is not offered or is mandatory.
    """
    offered = {each.name: each for each in notification_types()}
    if kind not in offered:
        raise Invalid(_("There is no such kind of notice."), field="kind")
    if offered[kind].mandatory and frequency != Frequency.NOW:
        raise Invalid(_("This notice is always mailed at once."), field="kind")
    Preference.objects.update_or_create(
        person=actor, kind=kind, scope_uuid=scope_uuid, defaults={"rhythm": frequency}
    )


def stop(*, actor: Person, kind: str, scope_uuid: UUID | None = None) -> str:
    """Mail the actor no more notifications of this type in this scope, or no more daily digests.

    Returns the frequency that was chosen there before, empty without one, for `resume`. Raises
    Invalid for a type that is mandatory.
    """
    before = Preference.objects.filter(person=actor, kind=kind, scope_uuid=scope_uuid)
    frequency = before.values_list("rhythm", flat=True).first() or ""
    if kind == DIGEST:
        Preference.objects.update_or_create(
            person=actor, kind=kind, scope_uuid=None, defaults={"rhythm": Frequency.OFF}
        )
    else:
        choose(actor=actor, kind=kind, frequency=Frequency.OFF, scope_uuid=scope_uuid)
    return "" if frequency == Frequency.OFF else frequency


def resume(
    *, actor: Person, kind: str, scope_uuid: UUID | None = None, frequency: str = ""
) -> None:
    """Undo `stop`: return to this frequency, or else to what the actor chose for all such mail."""
    if frequency in {Frequency.NOW, Frequency.DIGEST} and kind != DIGEST:
        choose(actor=actor, kind=kind, frequency=Frequency(frequency), scope_uuid=scope_uuid)
        return
    Preference.objects.filter(
        person=actor, kind=kind, scope_uuid=scope_uuid, rhythm=Frequency.OFF
    ).delete()


def drop_mail_before(moment: datetime) -> int:
    """Drop the mail of notices from before this moment that still wait for it; return of how many.

    The notices stay in the inbox.
    """
    return Notice.objects.filter(
        channel=Channel.MAIL, state=NoticeState.WAITING, created_at__lt=moment
    ).update(state=NoticeState.DROPPED)


def drop_unsent_mail() -> None:
    """Send no mail about what happened so far, as after a bulk load; the inboxes keep it."""
    mails = Notice.objects.filter(channel=Channel.MAIL, state=NoticeState.WAITING)
    mails.update(state=NoticeState.DONE)
    Message.objects.open().update(state=State.DROPPED)
