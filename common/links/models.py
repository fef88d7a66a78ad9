"""Typed, dated links between things of any app."""

from typing import Self

from django.contrib.postgres.fields import DateTimeRangeField
from django.db import models
from django.db.models import F, Q

from common.identifiers import new_uuid
from common.times import since


class LinkQuerySet(models.QuerySet["Link"]):
    def open(self) -> Self:
        """Links that have not ended."""
        return self.filter(during__endswith__isnull=True)


class Link(models.Model):
    """One thing relates to another since a day, such as a decision that adopts a charter version.

    A link gives no right: code that shows it asks the app of each end what the viewer may see.
    """

    uuid = models.UUIDField(primary_key=True, default=new_uuid, editable=False)
    from_kind = models.CharField(max_length=60)
    from_uuid = models.UUIDField()
    relation = models.CharField(max_length=60)
    to_kind = models.CharField(max_length=60)
    to_uuid = models.UUIDField()
    during = DateTimeRangeField(default=since)
    actor_uuid = models.UUIDField(null=True)

    objects = LinkQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["from_kind", "from_uuid", "relation", "to_kind", "to_uuid"],
                condition=Q(during__endswith__isnull=True),
                name="link_open_once",
            ),
            models.CheckConstraint(
                condition=~Q(from_kind=F("to_kind"), from_uuid=F("to_uuid")),
                name="link_not_to_itself",
            ),
        ]
        indexes = [models.Index(fields=["to_kind", "to_uuid"], name="link_into")]

    def __str__(self) -> str:
        return f"{self.from_kind} {self.relation} {self.to_kind}"
