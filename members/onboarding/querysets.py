from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Now
from django.utils import timezone

from common.access import Viewer
from members.onboarding.choices import (
    FOR_ORGANIZATIONS,
    FOR_PERSONS,
    LATE_AFTER,
    UNDECIDED,
    AgreementKind,
    ApplicationState,
    InvitationRole,
    InvitationState,
)
from members.organizations.choices import MembershipStatus
from members.organizations.models import Affiliation, Membership

if TYPE_CHECKING:
    # ruff does not read the strings in the base classes below.
    from members.onboarding.models import Acceptance, AgreementVersion, Application, Invitation
    from members.people.models import Person


class ApplicationQuerySet(models.QuerySet["Application"]):
    def visible_to(self, viewer: Viewer) -> "ApplicationQuerySet":
        """Staff see what was sent; an applicant sees its own, also before sending."""
        if viewer.person_id is None:
            return self.none()
        own = Q(applicant_id=viewer.person_id)
        if viewer.is_staff:
            return self.filter(own | Q(received_at__isnull=False))
        return self.filter(own)

    def sent(self) -> "ApplicationQuerySet":
        return self.filter(received_at__isnull=False)

    def undecided(self) -> "ApplicationQuerySet":
        return self.filter(state__in=UNDECIDED)

    def awaiting_signature(self) -> "ApplicationQuerySet":
        """Approved, and the organization has not accepted the agreements yet."""
        waiting = Membership.objects.current().filter(
            organization=OuterRef("organization"), status=MembershipStatus.AWAITING
        )
        return self.filter(Exists(waiting), state=ApplicationState.APPROVED)

    def under_way(self) -> "ApplicationQuerySet":
        """Everything somebody still has to do something about."""
        return self.sent().filter(
            Q(pk__in=self.undecided().values("pk"))
            | Q(pk__in=self.awaiting_signature().values("pk"))
        )

    def late(self) -> "ApplicationQuerySet":
        """Undecided, or approved and not signed, for longer than `LATE_AFTER`."""
        since = timezone.now() - LATE_AFTER
        return self.under_way().filter(
            Q(decided_at__isnull=True, received_at__lt=since) | Q(decided_at__lt=since)
        )


class AgreementVersionQuerySet(models.QuerySet["AgreementVersion"]):
    def in_force(self) -> "AgreementVersionQuerySet":
        """The newest version of each kind that has come into force."""
        return self.published().order_by("kind", "-number").distinct("kind")

    def due_for_person(self, person_id: int) -> "AgreementVersionQuerySet":
        """Texts in force that the person has not accepted for themselves yet."""
        return self._due(FOR_PERSONS).exclude(
            acceptances__in=self._accepted(person=person_id, organization__isnull=True)
        )

    def due_for_organization(self, organization_id: int) -> "AgreementVersionQuerySet":
        """Texts in force that nobody has accepted for the organization's present membership yet."""
        return self._due(FOR_ORGANIZATIONS).exclude(
            acceptances__in=self._accepted(organization=organization_id, lapsed_at__isnull=True)
        )

    def _due(self, kinds: "list[AgreementKind]") -> "AgreementVersionQuerySet":
        return self.filter(pk__in=self.in_force().values("pk"), kind__in=kinds)

    def _accepted(self, **by: object) -> "models.QuerySet[Acceptance]":
        from members.onboarding.models import Acceptance

        return Acceptance.objects.filter(**by)

    def published(self) -> "AgreementVersionQuerySet":
        """Versions that are or were in force; drafts are for staff only."""
        return self.filter(in_force_at__lte=Now())


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def open(self) -> "InvitationQuerySet":
        """Neither accepted nor revoked, and not past its last day."""
        return self.filter(state=InvitationState.OPEN, expires_at__gt=Now())

    def visible_to(self, viewer: Viewer) -> "InvitationQuerySet":
        """Staff, and the representatives of the organization it is for."""
        if viewer.is_staff:
            return self
        return self.filter(organization_id__in=viewer.represented_ids & viewer.organization_ids)

    def to_sign(self, person: "Person | int") -> "InvitationQuerySet":
        """Accepted invitations that made this person the signatory of an organization it is in."""
        belongs = Affiliation.objects.current().filter(
            person=person, organization=OuterRef("organization")
        )
        return self.filter(
            Exists(belongs),
            role=InvitationRole.SIGNATORY,
            state=InvitationState.ACCEPTED,
            accepted_by=person,
        )
