"""Organizations, what they are called, and how they are related to one another."""

from typing import Self

from django.contrib.postgres.fields import DateTimeRangeField
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Lower, Now
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from common.access import Viewer
from common.addresses.kinds import with_address
from common.addresses.models import AddressField
from common.constraints import once_at_a_time
from common.identifiers import new_uuid
from common.names import SortedByName, name_contains, name_index
from common.times import since
from members.organizations.choices import Kind, LegalNameState, Relation
from members.organizations.models.memberships import Membership
from members.people.models import Person


class OrganizationQuerySet(models.QuerySet["Organization"]):
    def visible_to(self, viewer: Viewer) -> Self:
        """Return current members; the viewer's own organizations and, for staff, all as well."""
        if viewer.is_staff:
            return self
        own = Q(pk__in=viewer.organization_ids | viewer.represented_ids)
        return self.filter(Q(self._current_members()) | own)

    def members(self) -> Self:
        """Return organizations whose membership is active or in grace now, which are public."""
        return self.filter(self._current_members())

    def called(self, words: str) -> Self:
        """Return organizations with all these words, or parts of words, in a present or former name."""
        has_words = name_contains(words)
        others = OrganizationName.objects.filter(has_words).values("organization_id")
        return self.filter(has_words | Q(pk__in=others)) if has_words else self.all()

    def at_address(self, slug: str) -> Self:
        """Return the organization that has or had this address."""
        return self.filter(uuid__in=with_address("organization", slug))

    def _current_members(self) -> Exists:
        return Exists(Membership.objects.inside().filter(organization=OuterRef("pk")))


class Organization(SortedByName):
    """A legal body that is, was or applies to be a member; its slug is never given to another."""

    looked_up_by = ("name", "legal_name")

    uuid = models.UUIDField(unique=True, default=new_uuid, editable=False)
    slug = AddressField()
    name = models.CharField(_("short name"), max_length=120)
    legal_name = models.CharField(_("legal name"), max_length=200)
    kind = models.CharField(_("kind"), max_length=16, choices=Kind.choices)
    sector = models.CharField(_("sector"), max_length=80, blank=True)
    country = models.CharField(_("country (registered office)"), max_length=2, blank=True)
    website = models.URLField(_("website"), blank=True)
    summary = models.TextField(_("what it does"), blank=True, max_length=2000)
    shows_representatives = models.BooleanField(
        _("name our representatives on our public page"), default=False
    )
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(default=timezone.now)
    # Set by a trigger, whatever changes the row.
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


class OrganizationName(SortedByName):
    """Another present or former name of an organization, for search and for the duplicate check."""

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


class LegalNameRequest(models.Model):
    """A representative asks for another legal name; until staff confirm it, the current one is shown.

    The request is open until staff answer it or a representative withdraws it.
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


class OrganizationDomain(models.Model):
    """A mail domain that belongs to one organization."""

    organization = models.ForeignKey(Organization, models.PROTECT, related_name="domains")
    domain = models.CharField(max_length=253)

    class Meta:
        ordering = ["domain"]
        constraints = [models.UniqueConstraint(Lower("domain"), name="organization_domain_unique")]

    def __str__(self) -> str:
        return self.domain


class RelationQuerySet(models.QuerySet["OrganizationRelation"]):
    def current(self) -> Self:
        return self.filter(during__contains=Now())


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
            once_at_a_time("relation_once_at_a_time", "organization", "relation", "other"),
        ]

    def __str__(self) -> str:
        return f"{self.organization} {self.get_relation_display()} {self.other}"
