"""The agreements that members accept, and who accepted which version."""

from collections.abc import Collection
from typing import Self

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from common.identifiers import new_uuid
from common.text.rendered import RenderedText
from members.onboarding.choices import FOR_ORGANIZATIONS, FOR_PERSONS, AgreementKind
from members.organizations.models import Organization
from members.people.models import Person


class AgreementVersionQuerySet(models.QuerySet["AgreementVersion"]):
    def published(self) -> Self:
        """Versions that are or were in force; drafts are for staff only."""
        return self.filter(in_force_at__lte=Now())

    def in_force(self) -> Self:
        """The newest version of each kind that has come into force."""
        return self.published().order_by("kind", "-number").distinct("kind")

    def due_for_person(self, person_id: int) -> Self:
        """Texts in force that the person has not accepted yet."""
        accepted = Acceptance.objects.filter(person=person_id, organization__isnull=True)
        return self._in_force_for(FOR_PERSONS).exclude(acceptances__in=accepted)

    def due_for_organization(self, organization_id: int) -> Self:
        """Texts in force that have not been accepted for the organization's present membership."""
        accepted = Acceptance.objects.filter(organization=organization_id, lapsed_at__isnull=True)
        return self._in_force_for(FOR_ORGANIZATIONS).exclude(acceptances__in=accepted)

    def _in_force_for(self, kinds: Collection[AgreementKind]) -> Self:
        return self.filter(pk__in=self.in_force().values("pk"), kind__in=kinds)


class AgreementVersion(RenderedText):
    """One numbered text of an agreement; fixed, with its checksum, once it is in force.

    The database refuses to change or remove a version in force (migration 0002).
    """

    uuid = models.UUIDField(unique=True, default=new_uuid, editable=False)
    kind = models.CharField(_("agreement"), max_length=16, choices=AgreementKind.choices)
    number = models.PositiveIntegerField()
    title = models.CharField(_("title"), max_length=160)
    source = models.TextField(_("text"))
    sha256 = models.CharField(max_length=64)
    drafted_at = models.DateTimeField(default=timezone.now)
    in_force_at = models.DateTimeField(null=True, blank=True)

    objects = AgreementVersionQuerySet.as_manager()

    class Meta:
        ordering = ["kind", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "number"], name="agreement_version_once"),
            models.UniqueConstraint(
                fields=["kind"],
                condition=Q(in_force_at__isnull=True),
                name="agreement_one_draft_a_kind",
            ),
        ]

    def __str__(self) -> str:
        return _("%(title)s, version %(number)s") % {"title": self.title, "number": self.number}

    def get_absolute_url(self) -> str:
        return reverse("agreement-version", args=[self.kind, self.number])


class Acceptance(models.Model):
    """A person accepted one version of an agreement, as a person or for an organization.

    The acceptance lapses when the membership it was given for has ended and another one begins.
    """

    uuid = models.UUIDField(unique=True, default=new_uuid, editable=False)
    version = models.ForeignKey(AgreementVersion, models.PROTECT, related_name="acceptances")
    person = models.ForeignKey(Person, models.PROTECT, related_name="acceptances")
    organization = models.ForeignKey(
        Organization, models.PROTECT, null=True, blank=True, related_name="acceptances"
    )
    signatory_name = models.CharField(_("name"), max_length=120)
    signatory_title = models.CharField(_("position"), max_length=120, blank=True)
    authority = models.CharField(_("authority"), max_length=200, blank=True)
    accepted_at = models.DateTimeField(default=timezone.now)
    lapsed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-accepted_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["version", "person"],
                condition=Q(organization__isnull=True),
                name="acceptance_once_a_person",
            ),
            models.UniqueConstraint(
                fields=["version", "organization"],
                condition=Q(organization__isnull=False, lapsed_at__isnull=True),
                name="acceptance_once_an_organization",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.signatory_name}: {self.version}"
