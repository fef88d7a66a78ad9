"""Notifying people of an action, and each person's choices about it."""

from datetime import datetime
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from common.errors import Invalid
from common.mail.choices import State
from common.mail.models import Message
from common.undo.light_acts import changed_since
from common.wake_worker import enqueue_on_commit
from members.people.models import Person
from notifications.choices import DIGEST, Channel, Frequency, NotificationState
from notifications.models import Event, Notification, Preference
from notifications.registry import notification_type, notification_types
from notifications.types import AnyPayload


def notify(
    payload: AnyPayload,
    *,
    cause: UUID | str,
    actor: Person | None = None,
    scope_uuid: UUID | None = None,
) -> Event:
    """Write the event from which a worker notifies the recipients.

    Must be called inside the transaction of the action: a worker looks up the recipients after its
    commit. `cause` distinguishes the events of one type, such as the uuid of the record's row: a
    second call with the same cause changes nothing. The actor is not notified. `scope_uuid` is the
    group or organization for which people can choose their mail separately. Raises KeyError for a
    type that no app has registered.
    """
    name = notification_type(payload.name).name
    event, created = Event.objects.get_or_create(
        dedupe_key=f"{name}:{cause}",
        defaults={
            "kind": name,
            "ref": payload.to_ref(),
            "actor": actor,
            "scope_uuid": scope_uuid,
        },
    )
    if created:
        enqueue_on_commit("notifications.tell")
    return event


def mark_read(*, actor: Person, notification_ids: list[int]) -> int:
    """Mark these of the actor's own notifications as read; return how many were unread."""
    return Notification.objects.filter(
        person=actor, channel=Channel.INBOX, pk__in=notification_ids, read_at__isnull=True
    ).update(read_at=timezone.now())


def mark_all_read(*, actor: Person, at: datetime | None = None) -> int:
    """Mark all of the actor's notifications as read, `at` this moment or now; return how many were
    unread."""
    return Notification.objects.filter(
        person=actor, channel=Channel.INBOX, read_at__isnull=True
    ).update(read_at=at or timezone.now())


def mark_unread(*, actor: Person, read_at: datetime) -> int:
    """Mark those of the actor's notifications that were read at this very moment as unread again.

    Returns how many. Raises Conflict when there are none.
    """
    count = Notification.objects.filter(
        person=actor, channel=Channel.INBOX, read_at=read_at
    ).update(read_at=None)
    if not count:
        raise changed_since()
    return count


def choose(
    *, actor: Person, kind: str, frequency: Frequency, scope_uuid: UUID | None = None
) -> None:
    """Choose how soon the actor gets mail of this type, everywhere or in one scope.

    `kind` is the name of the type. Raises Invalid for an unknown or mandatory type.
    """
    types = {each.name: each for each in notification_types()}
    if kind not in types:
        raise Invalid(_("This kind of notification does not exist."), field="kind")
    if types[kind].mandatory and frequency != Frequency.NOW:
        raise Invalid(_("We always e-mail this notification at once."), field="kind")
    Preference.objects.update_or_create(
        person=actor, kind=kind, scope_uuid=scope_uuid, defaults={"rhythm": frequency}
    )


def stop(*, actor: Person, kind: str, scope_uuid: UUID | None = None) -> str:
    """Unsubscribe the actor from mail of this type in this scope, or from the daily digest.

    Returns the frequency chosen before, or "", for `resume`. Raises Invalid for a mandatory type.
    """
    chosen = Preference.objects.filter(person=actor, kind=kind, scope_uuid=scope_uuid)
    frequency = chosen.values_list("rhythm", flat=True).first() or ""
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
    """Undo `stop`: return to this frequency, or to the actor's choice for all mail of the type."""
    if frequency in {Frequency.NOW, Frequency.DIGEST} and kind != DIGEST:
        choose(actor=actor, kind=kind, frequency=Frequency(frequency), scope_uuid=scope_uuid)
        return
    Preference.objects.filter(
        person=actor, kind=kind, scope_uuid=scope_uuid, rhythm=Frequency.OFF
    ).delete()


def drop_mail_before(moment: datetime) -> int:
    """Drop the waiting mail of notifications from before this moment; return how many.

    The notifications stay in the inbox.
    """
    return Notification.objects.filter(
        channel=Channel.MAIL, state=NotificationState.WAITING, created_at__lt=moment
    ).update(state=NotificationState.DROPPED)


def drop_unsent_mail() -> None:
    """Send no mail about events so far, as after a bulk load; they stay in the inboxes."""
    mails = Notification.objects.filter(channel=Channel.MAIL, state=NotificationState.WAITING)
    mails.update(state=NotificationState.DONE)
    Message.objects.open().update(state=State.DROPPED)
