"""The record of formal acts, and the chain of hashes by which any later change shows."""

from typing import Self
from uuid import UUID

from django.db import models
from django.db.models import Q

from common.identifiers import new_uuid

CODE = r"^[a-z][a-z0-9_]*$"


class RecordQuerySet(models.QuerySet["Record"]):
    def about(self, kind: str, object_uuid: UUID) -> Self:
        """The records of one object, oldest first."""
        return self.filter(kind=kind, object_uuid=object_uuid).order_by("at", "uuid")

    def by_actor(self, actor_uuid: UUID) -> Self:
        """The records of what one person did, newest first."""
        return self.filter(actor_uuid=actor_uuid).newest()

    def newest(self) -> Self:
        """All records, newest first."""
        return self.order_by("-at", "-uuid")


class Record(models.Model):
    """One formal act: who did what to which object, in ids and codes and without personal text.

    No foreign keys, so that the record outlives its objects. Triggers of migration 0002 refuse
    UPDATE, DELETE and TRUNCATE; a mistake is corrected by a new act.
    """

    uuid = models.UUIDField(primary_key=True, default=new_uuid, editable=False)
    at = models.DateTimeField()
    actor_uuid = models.UUIDField(null=True)
    verb = models.CharField(max_length=60)
    kind = models.CharField(max_length=60)
    object_uuid = models.UUIDField()
    # Canonical JSON, stored as text because the hash is computed over these bytes.
    facts = models.TextField(default="{}")

    objects = RecordQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(verb__regex=CODE) & Q(kind__regex=CODE), name="record_codes"
            ),
        ]
        indexes = [
            models.Index(fields=["kind", "object_uuid", "at"], name="record_object"),
            models.Index(fields=["actor_uuid", "at"], name="record_actor"),
            models.Index(fields=["at"], name="record_at"),
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.kind} {self.object_uuid}"


class Chain(models.Model):
    """A record's place in the chain, written by the database when a transaction commits.

    `hash` is SHA-256, in hex, over the position, the previous hash and the record's stored bytes;
    `common/record/verify.py` says exactly how and recomputes it.
    """

    position = models.BigIntegerField(primary_key=True)
    record_uuid = models.UUIDField(unique=True)
    prev = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        ordering = ["position"]

    def __str__(self) -> str:
        return f"{self.position} {self.hash}"


class Unchained(models.Model):
    """A record that waits, within its own transaction, for its place in the chain.

    Other transactions never see a row. The deferred trigger of this table runs after all deferred
    checks of the transaction, so that the lock of the chain is taken last (ADR 0009). The database
    has two more columns, for its triggers: the order in which records were written, and the hashed
    values of each except its place.
    """

    record_uuid = models.UUIDField(primary_key=True)

    def __str__(self) -> str:
        return str(self.record_uuid)
