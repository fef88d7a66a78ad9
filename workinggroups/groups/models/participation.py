"""Who takes part in a group, who holds which office, and who has a seat now."""

from typing import Self

from django.contrib.postgres.fields import DateTimeRangeField
from django.db import models
from django.db.models.functions import Now

from common.constraints import once_at_a_time
from common.times import since
from members.organizations.models import Organization
from members.people.models import Person
from workinggroups.groups.choices import OfficeKind, ParticipationLevel
from workinggroups.groups.models.groups import Group


class ParticipationQuerySet(models.QuerySet["Participation"]):
    def current(self) -> Self:
        return self.filter(during__contains=Now())


class Participation(models.Model):
    """A person takes part in a group, for an organization and at a level, for a time."""

    group = models.ForeignKey(Group, models.PROTECT, related_name="participations")
    person = models.ForeignKey(Person, models.PROTECT, related_name="participations")
    organization = models.ForeignKey(
        Organization, models.PROTECT, null=True, blank=True, related_name="participations"
    )
    level = models.CharField(
        max_length=16, choices=ParticipationLevel.choices, default=ParticipationLevel.PARTICIPANT
    )
    during = DateTimeRangeField(default=since)

    objects = ParticipationQuerySet.as_manager()

    class Meta:
        constraints = [once_at_a_time("participation_once_at_a_time", "group", "person")]

    def __str__(self) -> str:
        return f"{self.person} in {self.group}"


class OfficeQuerySet(models.QuerySet["Office"]):
    def current(self) -> Self:
        return self.filter(during__contains=Now())


class Office(models.Model):
    """A person holds an office in a group, for a time.

    The office gives its rights only while the person also has a seat in the group.
    """

    group = models.ForeignKey(Group, models.PROTECT, related_name="offices")
    person = models.ForeignKey(Person, models.PROTECT, related_name="offices")
    office = models.CharField(max_length=16, choices=OfficeKind.choices)
    during = DateTimeRangeField(default=since)

    objects = OfficeQuerySet.as_manager()

    class Meta:
        constraints = [once_at_a_time("office_once_at_a_time", "group", "person", "office")]

    def __str__(self) -> str:
        return f"{self.person}, {self.get_office_display()} of {self.group}"


class Seat(models.Model):
    """A person's effective place in a group now (a database view, never written).

    Participation, affiliation and membership are all current; an invited expert needs no membership.
    Both `visible_to` and `readers_of` rest on it.
    """

    id = models.TextField(primary_key=True)
    person = models.ForeignKey(Person, models.DO_NOTHING, related_name="+")
    group = models.ForeignKey(Group, models.DO_NOTHING, related_name="seats")
    organization = models.ForeignKey(Organization, models.DO_NOTHING, null=True, related_name="+")
    level = models.CharField(max_length=16)
    read_only = models.BooleanField()
    is_chair = models.BooleanField()

    # Annotated by `queries.roster`.
    offices: list[str]

    class Meta:
        managed = False
        db_table = "groups_seat"

    def __str__(self) -> str:
        return self.id
