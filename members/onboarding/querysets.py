from typing import TYPE_CHECKING

from django.db import models
from django.db.models.functions import Now

from common.access import Viewer
from members.onboarding.choices import ApplicationState, InvitationState

if TYPE_CHECKING:
    pass


class ApplicationQuerySet(models.QuerySet["Application"]):
    def visible_to(self, viewer: Viewer) -> "ApplicationQuerySet":
        """Staff see what was sent; an applicant sees its own, also before sending."""
        if viewer.is_staff:
            return self.exclude(state=ApplicationState.DRAFT)
        if viewer.person_id is None:
            return self.none()
        return self.filter(applicant_id=viewer.person_id)

    def undecided(self) -> "ApplicationQuerySet":
        return self.filter(state__in=[ApplicationState.RECEIVED, ApplicationState.SCREENING])


class AgreementVersionQuerySet(models.QuerySet["AgreementVersion"]):
    def in_force(self) -> "AgreementVersionQuerySet":
        """The newest version of each kind that has come into force."""
        return self.filter(in_force_at__lte=Now()).order_by("kind", "-number").distinct("kind")


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def open(self) -> "InvitationQuerySet":
        """Neither accepted nor revoked, and not past its last day."""
        return self.filter(state=InvitationState.OPEN, expires_at__gt=Now())

    def visible_to(self, viewer: Viewer) -> "InvitationQuerySet":
        """Staff, and the representatives of the organization it is for."""
        if viewer.is_staff:
            return self
        return self.filter(organization_id__in=viewer.represented_ids)
