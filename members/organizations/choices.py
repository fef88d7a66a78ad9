from typing import NamedTuple

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from common.record.verbs import Verb


class Kind(models.TextChoices):
    COMPANY = "company", _("Company")
    UNIVERSITY = "university", _("University")
    RESEARCH = "research", _("Research body")
    PUBLIC = "public", _("Public body")
    NONPROFIT = "nonprofit", _("Non-profit")


class Band(NamedTuple):
    """A part of the member list: its code in addresses, its heading, its words in a sentence."""

    code: str
    title: str | Promise
    plural: str | Promise
    kinds: frozenset[str]


# The kinds as readers see them: fewer than in the application form, in the order of size.
BANDS = (
    Band("companies", _("Companies"), _("companies"), frozenset({Kind.COMPANY})),
    Band("universities", _("Universities"), _("universities"), frozenset({Kind.UNIVERSITY})),
    Band(
        "research",
        _("Research and public bodies"),
        _("research and public bodies"),
        frozenset({Kind.RESEARCH, Kind.PUBLIC}),
    ),
    Band("nonprofits", _("Non-profits"), _("non-profits"), frozenset({Kind.NONPROFIT})),
)


class MembershipKind(models.TextChoices):
    MEMBER = "member", _("Member organization")
    COLLABORATOR = "collaborator", _("Collaborator")
    EXPERT = "expert", _("Invited expert")


class MembershipStatus(models.TextChoices):
    """What a membership allows now. Grace reads everything and writes nothing."""

    AWAITING = "awaiting", _("Awaiting agreements")
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


class LegalNameState(models.TextChoices):
    """What became of a representative's request for another legal name."""

    OPEN = "open", _("Waiting for staff")
    CONFIRMED = "confirmed", _("Confirmed")
    DECLINED = "declined", _("Declined")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class Relation(models.TextChoices):
    """How one organization is related to another."""

    PARENT = "parent", _("is the parent of")
    OPERATES = "operates", _("operates")


class OrganizationAct(Verb):
    CREATED = "created", _("Created")
    EDITED = "edited", _("Edited")
    ADDRESS_CHOSEN = "address_chosen", _("Address chosen")
    DOMAINS_SET = "domains_set", _("E-mail domains set")
    RELATED = "related", _("Relation recorded")
    RELATION_ENDED = "relation_ended", _("Relation ended")
    LEGAL_NAME_ASKED = "legal_name_asked", _("New legal name requested")
    LEGAL_NAME_CONFIRMED = "legal_name_confirmed", _("New legal name confirmed")
    LEGAL_NAME_DECLINED = "legal_name_declined", _("New legal name declined")
    LEGAL_NAME_WITHDRAWN = "legal_name_withdrawn", _("New legal name withdrawn")
    JOINED = "joined", _("Joined")
    LEFT = "left", _("Left")
    REPRESENTATIVE_NAMED = "representative_named", _("Representative appointed")
    REPRESENTATIVE_ENDED = "representative_ended", _("Representative's role ended")


class MembershipAct(Verb):
    BEGUN = "begun", _("Started")
    STATUS_CHANGED = "status_changed", _("Status changed")


# What representatives change without staff, in the order of the form.
PROFILE_FIELDS = [
    *("name", "legal_name", "country", "sector", "website", "summary", "shows_representatives"),
]

# Members that a section of the member list shows before it offers all: nine rows of three.
SECTION_ROWS = 27
# Countries with a bar of their own in the member list; the others share one.
COUNTRY_BARS = 11
# The most lines in an import file.
IMPORT_ROWS_MAX = 2000

# Addresses that are, or may become, pages of the site.
RESERVED_ADDRESSES = frozenset({"csv", "edit", "import", "new", "staff", "table"})
