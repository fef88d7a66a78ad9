from datetime import timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _

from common.record.verbs import Verb


class ApplicationState(models.TextChoices):
    DRAFT = "draft", _("Not yet sent")
    RECEIVED = "received", _("Received")
    SCREENING = "screening", _("Screening")
    APPROVED = "approved", _("Approved")
    JOINED = "joined", _("Joined to a member")
    REJECTED = "rejected", _("Declined")
    WITHDRAWN = "withdrawn", _("Withdrawn")


UNDECIDED = frozenset({ApplicationState.RECEIVED, ApplicationState.SCREENING})


class MatchOutcome(models.TextChoices):
    """How an organization that looks like the applicant relates to it, as staff found."""

    SAME = "same", _("Its people belong to this organization")
    RETURNS = "returns", _("This organization, coming back")
    RELATED = "related", _("A related organization")
    UNRELATED = "unrelated", _("Not related")


class AgreementKind(models.TextChoices):
    MEMBERSHIP = "membership", _("Membership agreement")
    CONTRIBUTION = "contribution", _("Contribution terms")
    CONDUCT = "conduct", _("Code of conduct")
    COMPETITION = "competition", _("Competition-law guidelines")


class InvitationState(models.TextChoices):
    OPEN = "open", _("Open")
    ACCEPTED = "accepted", _("Accepted")
    REVOKED = "revoked", _("Revoked")


class InvitationRole(models.TextChoices):
    COLLEAGUE = "colleague", _("Colleague")
    PRIMARY = "primary", _("Representative")
    ALTERNATE = "alternate", _("Alternate representative")
    SIGNATORY = "signatory", _("Signatory of the agreements")


class CheckState(models.TextChoices):
    OPEN = "open", _("To do")
    DONE = "done", _("Done")
    NOT_NEEDED = "not_needed", _("Not needed")


class Check(models.TextChoices):
    """The items of an application's checklist, in the order in which they are worked on."""

    COMPLETE = "complete", _("Application complete")
    SCREENING = "screening", _("Sanctions and conduct screening")
    DUPLICATES = "duplicates", _("Duplicates and relations")
    BOARD = "board", _("Agreed by the board")
    NAME_CONSENT = "name_consent", _("Consent to show name and logo")
    INVITED = "invited", _("Representatives invited")
    AGREEMENT_SENT = "agreement_sent", _("Agreement sent")
    AGREEMENT_SIGNED = "agreement_signed", _("Agreement signed")
    DIRECTORY = "directory", _("Shown among the members")


class ApplicationAct(Verb):
    SENT = "sent", _("Sent")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    TAKEN = "taken", _("Screening started")
    CHECK_SETTLED = "check_settled", _("Checklist item changed")
    COMPARED = "compared", _("Compared with an organization")
    APPROVED = "approved", _("Approved")
    JOINED = "joined", _("Joined")
    REJECTED = "rejected", _("Declined")


class AgreementAct(Verb):
    DRAFTED = "drafted", _("Drafted")
    PUT_IN_FORCE = "put_in_force", _("Put in force")
    ACCEPTED = "accepted", _("Accepted")


class InvitationAct(Verb):
    ISSUED = "issued", _("Issued")
    RESENT = "resent", _("Sent again")
    REVOKED = "revoked", _("Revoked")
    ACCEPTED = "accepted", _("Accepted")


# Whom each kind of agreement binds, once a version of it is in force.
FOR_ORGANIZATIONS = [AgreementKind.MEMBERSHIP, AgreementKind.CONTRIBUTION]
FOR_PERSONS = [AgreementKind.CONDUCT, AgreementKind.COMPETITION]

# No application is approved before these items of its checklist are done or not needed.
CHECKS_BEFORE_APPROVAL = [Check.SCREENING, Check.DUPLICATES]
# These items are completed by other actions and never by hand.
CHECKS_BY_ACT = [
    Check.COMPLETE,
    Check.INVITED,
    Check.AGREEMENT_SENT,
    Check.AGREEMENT_SIGNED,
    Check.DIRECTORY,
]

# An application that waits longer than this for an answer, or for a signature, is late.
LATE_AFTER = timedelta(days=30)
# The screening is due this long after an application was sent.
SCREENING_DUE = timedelta(days=7)

# How long an invitation can be accepted.
INVITATION_VALID = timedelta(days=30)
# How long a mailed code is valid, and after how many wrong guesses it is not.
CODE_VALID = timedelta(minutes=15)
CODE_ATTEMPTS = 3

# Names with at least this share of common trigrams (0 to 1) are alike.
NAME_ALIKE = 0.55
# A person has at most this many unsent applications.
DRAFTS_AT_MOST = 5
# An organization has at most this many open invitations.
INVITATIONS_OPEN_AT_MOST = 100
