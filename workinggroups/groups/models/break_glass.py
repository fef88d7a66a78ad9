"""Openings of a group's private content by staff, and what they read there."""

from typing import Self

from django.contrib.postgres.fields import DateTimeRangeField
from django.db import models
from django.db.models.functions import Now
from django.utils import timezone

from common.constraints import once_at_a_time
from common.identifiers import new_uuid
from members.people.models import Person
from workinggroups.groups.models.groups import Group


class BreakGlassQuerySet(models.QuerySet["BreakGlass"]):
    def current(self) -> Self:
        return self.filter(during__contains=Now())


class BreakGlass(models.Model):
    """Staff opened a group's private content, with a reason, for at most an hour."""

    uuid = models.UUIDField(unique=True, default=new_uuid, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    group = models.ForeignKey(Group, models.PROTECT, related_name="break_glasses")
    reason = models.TextField(max_length=1000)
    during = DateTimeRangeField()

    objects = BreakGlassQuerySet.as_manager()

    class Meta:
        constraints = [once_at_a_time("break_glass_once_at_a_time", "group", "person")]

    def __str__(self) -> str:
        return f"{self.person} into {self.group}"


class BreakGlassRead(models.Model):
    """An address that was read during one opening; one row, however often it was read."""

    uuid = models.UUIDField(unique=True, default=new_uuid, editable=False)
    opening = models.ForeignKey(BreakGlass, models.PROTECT, related_name="reads")
    address = models.CharField(max_length=500)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["opening", "address"], name="break_glass_read_once")
        ]

    def __str__(self) -> str:
        return self.address
