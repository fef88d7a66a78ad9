"""Who is named to vote for an organization in a group, and when it was asked to name someone."""

from datetime import date
from typing import Self
from zoneinfo import ZoneInfo

from django.contrib.postgres.fields import DateTimeRangeField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone

from common.access import Viewer
from common.constraints import once_at_a_time
from common.identifiers import new_uuid
from common.times import since
from members.organizations.models import Organization
from members.people.models import Person
from workinggroups.groups.choices import Content, Listing, VoterRole
from workinggroups.groups.models.groups import Group


def today() -> date:
    """Return the day in UTC, by which an organization is asked once a day."""
    return timezone.localdate(timezone=ZoneInfo("UTC"))


class VotingRepresentativeQuerySet(models.QuerySet["VotingRepresentative"]):
    def current(self) -> Self:
        return self.filter(during__contains=Now())

    def visible_to(self, viewer: Viewer) -> Self:
        """Rows of groups whose people the viewer sees, and of the viewer's own organizations.

        A group that only its members know of is shown to nobody else.
        """
        inside = viewer.group_ids | viewer.break_glass_ids
        own = viewer.organization_ids | viewer.represented_ids
        seen = Q(group__in=inside) | (~Q(group__listing=Listing.MEMBERS) & Q(organization__in=own))
        if viewer.in_alliance:
            seen |= Q(group__content=Content.ALLIANCE)
        return self.filter(seen)


class VotingRepresentative(models.Model):
    """A person is named to vote for an organization in a group, for a time.

    The row alone gives no vote: `groups.voters` asks whether the person still belongs to the
    organization, and in a group that only its members know of, still takes part for it.
    Alternates vote in the order in which they were named.
    """

    uuid = models.UUIDField(unique=True, default=new_uuid, editable=False)
    group = models.ForeignKey(Group, models.PROTECT, related_name="voting_representatives")
    organization = models.ForeignKey(
        Organization, models.PROTECT, related_name="voting_representatives"
    )
    person = models.ForeignKey(Person, models.PROTECT, related_name="voting_representations")
    role = models.CharField(max_length=16, choices=VoterRole.choices)
    during = DateTimeRangeField(default=since)
    named_by = models.ForeignKey(Person, models.PROTECT, related_name="+")

    objects = VotingRepresentativeQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            once_at_a_time(
                "voter_one_primary", "group", "organization", condition=Q(role="primary")
            ),
            once_at_a_time("voter_once_at_a_time", "group", "organization", "person"),
        ]

    def __str__(self) -> str:
        return f"{self.person} for {self.organization} in {self.group}"


class VoterRequest(models.Model):
    """The chairs of a group asked an organization to name who votes for it; once a day (UTC)."""

    uuid = models.UUIDField(unique=True, default=new_uuid, editable=False)
    group = models.ForeignKey(Group, models.PROTECT, related_name="voter_requests")
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="voter_requests")
    asked_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    asked_on = models.DateField(default=today)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["group", "organization", "asked_on"], name="voter_request_once_a_day"
            )
        ]

    def __str__(self) -> str:
        return f"{self.organization} in {self.group}, {self.asked_on}"
