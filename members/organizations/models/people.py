"""The people of an organization: affiliated, representing it, or in the alliance through it."""

from typing import Self

from django.contrib.postgres.fields import DateTimeRangeField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from common.constraints import once_at_a_time
from common.identifiers import new_uuid
from common.times import since
from members.organizations.choices import AffiliationSource, RepresentativeRole
from members.organizations.models.organizations import Organization
from members.people.models import Person


class AffiliationQuerySet(models.QuerySet["Affiliation"]):
    def current(self) -> Self:
        return self.filter(during__contains=Now())


class Affiliation(models.Model):
    """A person works for or belongs to an organization, for a time."""

    uuid = models.UUIDField(unique=True, default=new_uuid, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="affiliations")
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="affiliations")
    title = models.CharField(_("position"), max_length=120, blank=True)
    source = models.CharField(max_length=16, choices=AffiliationSource.choices)
    during = DateTimeRangeField(default=since)

    objects = AffiliationQuerySet.as_manager()

    class Meta:
        constraints = [once_at_a_time("affiliation_once_at_a_time", "person", "organization")]

    def __str__(self) -> str:
        return f"{self.person}, {self.organization}"


class RepresentationQuerySet(models.QuerySet["Representation"]):
    def current(self) -> Self:
        return self.filter(during__contains=Now())


class Representation(models.Model):
    """A person acts and votes for an organization, for a time.

    An organization has one primary representative and any number of alternates.
    """

    uuid = models.UUIDField(unique=True, default=new_uuid, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="representations")
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="representations")
    role = models.CharField(max_length=16, choices=RepresentativeRole.choices)
    during = DateTimeRangeField(default=since)

    objects = RepresentationQuerySet.as_manager()

    class Meta:
        constraints = [
            once_at_a_time(
                "representation_one_primary", "organization", condition=Q(role="primary")
            ),
            once_at_a_time("representation_once_at_a_time", "organization", "person"),
        ]

    def __str__(self) -> str:
        return f"{self.person} for {self.organization}"


class Insider(models.Model):
    """One membership through which a person is in the alliance now (a read-only database view).

    Source of the rule: affiliation and membership are both current, the membership is active or
    in grace, and the person can sign in. Staff are in the alliance as staff.
    """

    id = models.TextField(primary_key=True)
    person = models.ForeignKey(Person, models.DO_NOTHING, related_name="+")
    organization = models.ForeignKey(Organization, models.DO_NOTHING, null=True, related_name="+")
    read_only = models.BooleanField()

    class Meta:
        managed = False
        db_table = "organizations_insider"

    def __str__(self) -> str:
        return self.id
