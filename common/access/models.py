"""Grants: a person can read one object of a group until a moment, also without a seat there."""

from collections.abc import Iterable
from typing import Self
from uuid import UUID

from django.contrib.postgres.fields import DateTimeRangeField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from common.constraints import once_at_a_time


class GrantQuerySet(models.QuerySet["Grant"]):
    def current(self) -> Self:
        return self.filter(during__contains=Now())

    def not_over(self) -> Self:
        return self.filter(during__endswith__gt=Now())

    def of(self, objects: Iterable[tuple[str, UUID]]) -> Self:
        """Grants of any of these objects, each named by kind and uuid."""
        named = Q(pk__in=[])
        for kind, uuid in objects:
            named |= Q(kind=kind, object_uuid=uuid)
        return self.filter(named)


class Grant(models.Model):
    """A person can read one object, for a time, because of a cause such as a ballot.

    `kind` and `object_uuid` name the object, whose app is in a higher layer, and `group_id` its group.
    What a grant gives and what not is written in `common/access/grants.py`.
    """

    kind = models.CharField(max_length=32)
    object_uuid = models.UUIDField()
    group_id = models.BigIntegerField()
    person_id = models.BigIntegerField()
    during = DateTimeRangeField()
    cause_uuid = models.UUIDField()

    objects = GrantQuerySet.as_manager()

    class Meta:
        constraints = [
            once_at_a_time(
                "grant_once_at_a_time", "kind", "object_uuid", "person_id", "cause_uuid"
            ),
        ]
        indexes = [
            models.Index(fields=["kind", "object_uuid"], name="grant_of_thing"),
            models.Index(fields=["person_id"], name="grant_of_person"),
            models.Index(fields=["cause_uuid"], name="grant_by_cause"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.object_uuid} for person {self.person_id}"
