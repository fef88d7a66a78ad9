from collections.abc import Sequence

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    COMPANY = "company", _("Company")
    UNIVERSITY = "university", _("University")
    RESEARCH = "research", _("Research body")
    PUBLIC = "public", _("Public body")
    NONPROFIT = "nonprofit", _("Non-profit")


# How readers are shown the kinds: fewer than the application form knows, in the order of size.
BANDS: Sequence[tuple[str | Promise, tuple[Kind, ...]]] = (
    (_("Companies"), (Kind.COMPANY,)),
    (_("Universities"), (Kind.UNIVERSITY,)),
    (_("Research and public bodies"), (Kind.RESEARCH, Kind.PUBLIC)),
    (_("Non-profit"), (Kind.NONPROFIT,)),
)


class MembershipKind(models.TextChoices):
    MEMBER = "member", _("Member organization")
    COLLABORATOR = "collaborator", _("Collaborator")
    EXPERT = "expert", _("Invited expert")


class MembershipStatus(models.TextChoices):
    """What a membership allows now. Grace reads everything and writes nothing."""

    AWAITING = "awaiting", _("Awaiting agreement")
    ACTIVE = "active", _("Active")
    GRACE = "grace", _("In grace")
    SUSPENDED = "suspended", _("Suspended")
    ENDED = "ended", _("Ended")


class AffiliationSource(models.TextChoices):
    APPLICATION = "application", _("Named in the application")
    INVITATION = "invitation", _("Invited by the organization")
    STAFF = "staff", _("Entered by staff")


class RepresentativeRole(models.TextChoices):
    PRIMARY = "primary", _("Representative")
    ALTERNATE = "alternate", _("Alternate representative")


class Relation(models.TextChoices):
    """How one organization stands to another; related ones may share a vote."""

    PARENT = "parent", _("is the parent of")
    OPERATES = "operates", _("operates")


# Rows a section of the wall shows before it offers all: nine lines of three.
WALL_ROWS = 27
# Countries the wall counts one by one; the rest is summed.
COUNTRY_BARS = 11
# Lines that one import file may have.
IMPORT_ROWS_MAX = 2000
