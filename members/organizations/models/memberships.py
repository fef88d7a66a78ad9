"""The memberships of organizations, and of persons without an organization."""

from typing import Self

from django.contrib.postgres.fields import DateTimeRangeField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from common.constraints import once_at_a_time
from common.identifiers import new_uuid
from common.times import since
from members.organizations.choices import MembershipKind, MembershipStatus
from members.people.models import Person


class MembershipQuerySet(models.QuerySet["Membership"]):
    def current(self) -> Self:
        return self.filter(during__contains=Now())

    def awaiting(self) -> Self:
        """Memberships that wait for the agreements of their organization."""
        return self.current().filter(status=MembershipStatus.AWAITING)

    def inside(self) -> Self:
        """Memberships that give rights now: active, or in grace (read-only)."""
        return self.current().filter(status__in=[MembershipStatus.ACTIVE, MembershipStatus.GRACE])


class Membership(models.Model):
    """An organization, or one person without an organization, is a member, for a time."""

    uuid = models.UUIDField(unique=True, default=new_uuid, editable=False)
    organization = models.ForeignKey(
        "organizations.Organization",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="memberships",
    )
    person = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="memberships"
    )
    kind = models.CharField(max_length=16, choices=MembershipKind.choices)
    status = models.CharField(max_length=16, choices=MembershipStatus.choices)
    reason = models.TextField(
        blank=True, max_length=500, help_text=_("Why the status is as it is; for the organization.")
    )
    during = DateTimeRangeField(default=since)
    # The first day of `during`: as staff named it, or by the calendar of the person who began it.
    joined_on = models.DateField()

    objects = MembershipQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(organization__isnull=True) ^ Q(person__isnull=True),
                name="membership_of_one_holder",
            ),
            models.CheckConstraint(
                condition=~Q(status="ended") | Q(during__upper_inf=False),
                name="membership_ended_has_an_end",
            ),
            once_at_a_time(
                "membership_one_at_a_time_organization",
                "organization",
                condition=Q(organization__isnull=False),
            ),
            once_at_a_time(
                "membership_one_at_a_time_person", "person", condition=Q(person__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organization or self.person}: {self.get_status_display()}"
