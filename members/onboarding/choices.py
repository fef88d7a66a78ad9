from django.db import models
from django.utils.translation import gettext_lazy as _


class ApplicationState(models.TextChoices):
    DRAFT = "draft", _("Not yet sent")
    RECEIVED = "received", _("Received")
    SCREENING = "screening", _("In screening")
    APPROVED = "approved", _("Approved")
    REJECTED = "rejected", _("Declined")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class AgreementKind(models.TextChoices):
    MEMBERSHIP = "membership", _("Membership agreement")
    CONDUCT = "conduct", _("Code of conduct")
    COMPETITION = "competition", _("Competition-law guidelines")
    CONTRIBUTION = "contribution", _("Contribution terms")


class InvitationState(models.TextChoices):
    OPEN = "open", _("Open")
    ACCEPTED = "accepted", _("Accepted")
    REVOKED = "revoked", _("Revoked")
    EXPIRED = "expired", _("Expired")


class InvitationRole(models.TextChoices):
    COLLEAGUE = "colleague", _("Colleague")
    PRIMARY = "primary", _("Representative")
    ALTERNATE = "alternate", _("Alternate representative")


class CheckState(models.TextChoices):
    OPEN = "open", _("To do")
    DONE = "done", _("Done")
    NOT_NEEDED = "not_needed", _("Not needed")
