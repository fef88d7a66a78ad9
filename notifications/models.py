"""Events, the notifications of each recipient, and preferences about mail."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from common.access import Viewer
from common.identifiers import new_uuid
from members.people.models import Person
from notifications.choices import Channel, Frequency, NotificationState


class Event(models.Model):
    """An event of which people are notified, written in the transaction of the action.

    `kind` is the name of the notification type, `ref` its payload.
    """

    uuid = models.UUIDField(unique=True, default=new_uuid, editable=False)
    dedupe_key = models.CharField(max_length=200, unique=True)
    kind = models.CharField(max_length=48)
    ref = models.JSONField(default=dict)
    scope_uuid = models.UUIDField(null=True, blank=True)
    actor = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    expanded_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["at"], name="event_waiting", condition=Q(expanded_at__isnull=True))
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.dedupe_key}"


class NotificationQuerySet(models.QuerySet["Notification"]):
    def visible_to(self, viewer: Viewer) -> Self:
        """The viewer's own inbox, latest first."""
        if viewer.person_id is None:
            return self.none()
        return (
            self.filter(person_id=viewer.person_id, channel=Channel.INBOX)
            .select_related("event")
            .order_by("-pk")
        )

    def unread(self) -> Self:
        return self.filter(read_at__isnull=True)


class Notification(models.Model):
    """One person is notified of one event on one channel, once."""

    event = models.ForeignKey(Event, models.PROTECT, related_name="notifications")
    person = models.ForeignKey(Person, models.PROTECT, related_name="notifications")
    channel = models.CharField(max_length=8, choices=Channel.choices)
    state = models.CharField(max_length=8, choices=NotificationState.choices)
    rhythm = models.CharField(max_length=8, choices=Frequency.choices, default=Frequency.NOW)
    due_at = models.DateTimeField(default=timezone.now)
    read_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    objects = NotificationQuerySet.as_manager()

    class Meta:
        db_table = "notifications_notice"
        constraints = [
            models.UniqueConstraint(fields=["event", "person", "channel"], name="notice_once")
        ]
        indexes = [
            models.Index(
                fields=["person", "-id"], name="notice_inbox", condition=Q(channel="inbox")
            ),
            models.Index(
                fields=["person"],
                name="notice_unread",
                condition=Q(channel="inbox", read_at__isnull=True),
            ),
            models.Index(
                fields=["due_at"], name="notice_due", condition=Q(channel="mail", state="waiting")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.event} to {self.person}"


class Preference(models.Model):
    """How soon a person gets mail of a notification type, everywhere or in one scope."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="preferences")
    kind = models.CharField(max_length=48)
    scope_uuid = models.UUIDField(null=True, blank=True)
    rhythm = models.CharField(max_length=8, choices=Frequency.choices)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "kind", "scope_uuid"],
                nulls_distinct=False,
                name="preference_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.kind} {self.rhythm}"
