"""Invitations of people to an organization, and proofs of their addresses."""

from typing import Self

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Lower, Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from common.access import Viewer
from common.identifiers import new_uuid
from common.times import has_passed
from members.onboarding.choices import InvitationRole, InvitationState
from members.organizations.models import Affiliation, Organization
from members.people.models import Person


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def open(self) -> Self:
        """Invitations neither accepted nor revoked, and not past their last day."""
        return self.filter(state=InvitationState.OPEN, expires_at__gt=Now())

    def visible_to(self, viewer: Viewer) -> Self:
        """All for staff; for representatives, those to an organization they act for."""
        if viewer.is_staff:
            return self
        return self.filter(organization_id__in=viewer.represented_ids & viewer.organization_ids)

    def to_sign(self, person: Person | int) -> Self:
        """Accepted invitations that made the person signatory of an organization they belong to."""
        belongs = Affiliation.objects.current().filter(
            person=person, organization=OuterRef("organization")
        )
        return self.filter(
            Exists(belongs),
            role=InvitationRole.SIGNATORY,
            state=InvitationState.ACCEPTED,
            accepted_by=person,
        )


class Invitation(models.Model):
    """A person is invited to an organization in a role, by e-mail address and until a last day.

    The token of the mailed link is stored as a digest. The link is of no use without the address.
    """

    uuid = models.UUIDField(unique=True, default=new_uuid, editable=False)
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="invitations")
    address = models.EmailField(_("work e-mail"))
    name = models.CharField(_("name"), max_length=120, blank=True)
    title = models.CharField(_("position"), max_length=120, blank=True)
    role = models.CharField(_("role"), max_length=16, choices=InvitationRole.choices)
    state = models.CharField(
        max_length=16, choices=InvitationState.choices, default=InvitationState.OPEN
    )
    token_sha256 = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    accepted_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    closed_at = models.DateTimeField(null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(
                Lower("address"),
                "organization",
                "role",
                condition=Q(state="open"),
                name="invitation_open_once",
            ),
            models.CheckConstraint(
                condition=Q(state="accepted", accepted_by__isnull=False)
                | (~Q(state="accepted") & Q(accepted_by__isnull=True)),
                name="invitation_accepted_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.address}: {self.organization}"

    @property
    def is_lapsed(self) -> bool:
        return self.state == InvitationState.OPEN and has_passed(self.expires_at)


class AddressProof(models.Model):
    """A person claims an e-mail address, and proves it with a mailed code."""

    uuid = models.UUIDField(unique=True, default=new_uuid, editable=False)
    address = models.EmailField()
    name = models.CharField(max_length=120, blank=True)
    code_digest = models.CharField(max_length=64)
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    wrong_attempts = models.PositiveSmallIntegerField(default=0)
    proved_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.address
