"""The outbox: one row a mail, and the only place where mail is retried."""

from typing import Self

from django.contrib.postgres.functions import RandomUUID
from django.core.validators import ProhibitNullCharactersValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone

from common.identifiers import new_uuid
from common.mail.answers import in_words
from common.mail.choices import OPEN, State


class MessageQuerySet(models.QuerySet["Message"]):
    def open(self) -> Self:
        """Messages not yet sent, dropped or given up."""
        return self.filter(state__in=OPEN)

    def due(self) -> Self:
        """Open messages that are due and not claimed by a running process."""
        now = timezone.now()
        return self.open().filter(
            Q(leased_until__isnull=True) | Q(leased_until__lt=now), due_at__lte=now
        )

    def failed(self) -> Self:
        """Messages given up after their last attempt."""
        return self.filter(state=State.FAILED)


class Message(models.Model):
    """A mail to one address: waiting, sent, dropped or given up.

    It holds no text: the mail is rendered, and permissions are checked, when it is sent. Every column
    except the first four has a default in the database, so that a fan-out can be one
    INSERT … SELECT.
    """

    dedupe_key = models.CharField(max_length=200, unique=True)
    to_address = models.CharField(max_length=254, validators=[ProhibitNullCharactersValidator()])
    kind = models.CharField(max_length=60)
    ref = models.JSONField()
    uuid = models.UUIDField(primary_key=True, db_default=RandomUUID(), editable=False)
    state = models.CharField(max_length=10, choices=State, db_default=State.QUEUED)
    attempts = models.PositiveSmallIntegerField(db_default=0)
    due_at = models.DateTimeField(db_default=Now())
    # Which sender has claimed it, and until when at most (common/mail/claims.py).
    claimed_by = models.IntegerField(null=True)
    leased_until = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=300, db_default="")
    created_at = models.DateTimeField(db_default=Now())
    sent_at = models.DateTimeField(null=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        constraints = [
            # A line break in an address would be a second header.
            models.CheckConstraint(
                condition=Q(to_address__regex=r"^[^\s@][^\s]*@[^\s@]+$"), name="mail_one_address"
            ),
        ]
        indexes = [
            models.Index(fields=["due_at"], name="mail_due", condition=Q(state__in=OPEN)),
            models.Index(fields=["state", "-created_at"], name="mail_state"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} to {self.to_address}"

    @property
    def answer_in_words(self) -> str:
        """The last error as a sentence for staff."""
        return in_words(self.last_error)


class Delivery(models.Model):
    """Whether mail is sent at this moment: one row, which all senders share."""

    ONLY = 1

    id = models.PositiveSmallIntegerField(primary_key=True, default=ONLY)
    uuid = models.UUIDField(default=new_uuid, editable=False)
    # How many failures in a row, and until when no sender tries the relay.
    failures = models.PositiveSmallIntegerField(db_default=0)
    away_until = models.DateTimeField(null=True)
    reason = models.CharField(max_length=300, db_default="")
    # After a restore, due mail may have been sent already, so staff check first.
    held_since = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="mail_one_delivery")]

    def __str__(self) -> str:
        return "Held" if self.held_since else "Open"


class ThreadStart(models.Model):
    """The first mail to an address about an object; later mails refer to it."""

    # SHA-256 of address and thread, so that no address is stored.
    digest = models.CharField(max_length=64, primary_key=True)
    dedupe_key = models.CharField(max_length=200)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = [models.Index(fields=["at"], name="mail_thread_age")]

    def __str__(self) -> str:
        return self.dedupe_key
