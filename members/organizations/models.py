"""Organizations, what they are called, who they are related to, and the people who act for them."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower, Now
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from common.addresses.models import AddressField
from common.identifiers import new_uuid
from common.names import SortedByName, name_index
from common.times import since
from members.organizations.choices import (
    AffiliationSource,
    Kind,
    LegalNameState,
    MembershipKind,
    MembershipStatus,
    Relation,
    RepresentativeRole,
)
from members.organizations.querysets import (
    AffiliationQuerySet,
    MembershipQuerySet,
    OrganizationQuerySet,
    RelationQuerySet,
    RepresentationQuerySet,
)
from members.people.models import Person


class Organization(SortedByName):
    """A legal body that is, was or asks to be a member. Its slug is never given to another."""

    looked_up_by = ("name", "legal_name")

    uuid = models.UUIDField(unique=True, default=new_uuid, editable=False)
    slug = AddressField()
    name = models.CharField(_("short name"), max_length=120)
    legal_name = models.CharField(_("legal name"), max_length=200)
    kind = models.CharField(_("kind"), max_length=16, choices=Kind.choices)
    sector = models.CharField(_("sector"), max_length=80, blank=True)
    country = models.CharField(_("country of seat"), max_length=2, blank=True)
    website = models.URLField(_("website"), blank=True)
    summary = models.TextField(_("what it does"), blank=True, max_length=2000)
    shows_representatives = models.BooleanField(
        _("name our representatives on our public page"), default=False
    )
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(default=timezone.now)
    # Kept by a trigger, whatever changes the row.
    changed_at = models.DateTimeField(db_default=Now(), editable=False)
    archived_at = models.DateTimeField(null=True, blank=True)

    objects = OrganizationQuerySet.as_manager()

    class Meta:
        ordering = ["sort_name", "pk"]
        indexes = [
            models.Index(fields=["sort_name", "id"], name="organization_sort"),
            name_index("organization_names"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("organization", args=[self.slug])


class LegalNameRequest(models.Model):
    """A representative asks for another legal name; the present one is shown until staff confirm.

    Open until it is answered by staff or withdrawn by a representative.
    """

    uuid = models.UUIDField(unique=True, default=new_uuid, editable=False)
    organization = models.ForeignKey(
        Organization, models.PROTECT, related_name="legal_name_requests"
    )
    state = models.CharField(
        max_length=16, choices=LegalNameState.choices, default=LegalNameState.OPEN
    )
    legal_name = models.CharField(_("legal name"), max_length=200)
    asked_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    answered_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)
    reason = models.TextField(blank=True, max_length=500)

    class Meta:
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["organization"],
                condition=Q(state="open"),
                name="legal_name_request_open_once",
            ),
            models.CheckConstraint(
                condition=Q(state="open", answered_at__isnull=True)
                | (~Q(state="open") & Q(answered_at__isnull=False)),
                name="legal_name_request_answered_with_when",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organization}: {self.legal_name}"


class OrganizationName(SortedByName):
    """Another name the organization is or was known by; found by search and by the duplicate check."""

    organization = models.ForeignKey(Organization, models.PROTECT, related_name="other_names")
    name = models.CharField(max_length=200)

    class Meta:
        ordering = ["sort_name", "pk"]
        constraints = [
            models.UniqueConstraint("organization", Lower("name"), name="organization_name_once")
        ]
        indexes = [name_index("organization_other_names")]

    def __str__(self) -> str:
        return self.name


class OrganizationDomain(models.Model):
    """A mail domain that belongs to the organization; one organization a domain."""

    organization = models.ForeignKey(Organization, models.PROTECT, related_name="domains")
    domain = models.CharField(max_length=253)

    class Meta:
        ordering = ["domain"]
        constraints = [models.UniqueConstraint(Lower("domain"), name="organization_domain_unique")]

    def __str__(self) -> str:
        return self.domain


class OrganizationRelation(models.Model):
    """One organization is the parent of, or operates, another, for a time."""

    uuid = models.UUIDField(unique=True, default=new_uuid, editable=False)
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="relations")
    relation = models.CharField(max_length=16, choices=Relation.choices)
    other = models.ForeignKey(Organization, models.PROTECT, related_name="related_from")
    during = DateTimeRangeField(default=since)

    objects = RelationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(organization=F("other")), name="relation_not_to_itself"
            ),
            ExclusionConstraint(
                name="relation_once_at_a_time",
                expressions=[
                    ("organization", RangeOperators.EQUAL),
                    ("relation", RangeOperators.EQUAL),
                    ("other", RangeOperators.EQUAL),
                    ("during", RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organization} {self.get_relation_display()} {self.other}"


class Membership(models.Model):
    """The dated contract by which an organization, or one person without one, is in the alliance."""

    uuid = models.UUIDField(unique=True, default=new_uuid, editable=False)
    organization = models.ForeignKey(
        Organization, models.PROTECT, null=True, blank=True, related_name="memberships"
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
    # The first day of `during` as staff named it, or as it was for whoever began it.
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
            ExclusionConstraint(
                name="membership_one_at_a_time_organization",
                expressions=[
                    ("organization", RangeOperators.EQUAL),
                    ("during", RangeOperators.OVERLAPS),
                ],
                condition=Q(organization__isnull=False),
            ),
            ExclusionConstraint(
                name="membership_one_at_a_time_person",
                expressions=[
                    ("person", RangeOperators.EQUAL),
                    ("during", RangeOperators.OVERLAPS),
                ],
                condition=Q(person__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organization or self.person}: {self.get_status_display()}"


class Affiliation(models.Model):
    """A person works for or belongs to an organization, for a time."""

    uuid = models.UUIDField(unique=True, default=new_uuid, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="affiliations")
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="affiliations")
    title = models.CharField(_("role there"), max_length=120, blank=True)
    source = models.CharField(max_length=16, choices=AffiliationSource.choices)
    during = DateTimeRangeField(default=since)

    objects = AffiliationQuerySet.as_manager()

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="affiliation_once_at_a_time",
                expressions=[
                    ("person", RangeOperators.EQUAL),
                    ("organization", RangeOperators.EQUAL),
                    ("during", RangeOperators.OVERLAPS),
                ],
            )
        ]

    def __str__(self) -> str:
        return f"{self.person}, {self.organization}"


class Representation(models.Model):
    """A person acts and votes for an organization, for a time: one primary, any number of alternates."""

    uuid = models.UUIDField(unique=True, default=new_uuid, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="representations")
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="representations")
    role = models.CharField(max_length=16, choices=RepresentativeRole.choices)
    during = DateTimeRangeField(default=since)

    objects = RepresentationQuerySet.as_manager()

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="representation_one_primary",
                expressions=[
                    ("organization", RangeOperators.EQUAL),
                    ("during", RangeOperators.OVERLAPS),
                ],
                condition=Q(role="primary"),
            ),
            ExclusionConstraint(
                name="representation_once_at_a_time",
                expressions=[
                    ("organization", RangeOperators.EQUAL),
                    ("person", RangeOperators.EQUAL),
                    ("during", RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} for {self.organization}"


class Insider(models.Model):
    """One way in which a person is inside the alliance now (a database view, never written).

    Source of the rule: affiliation and membership are both current, the membership is active or
    in grace, and the person can sign in. Staff are inside by their office.
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
