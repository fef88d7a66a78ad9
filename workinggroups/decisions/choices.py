from django.db import models
from django.utils.translation import gettext_lazy as _

from common.record.verbs import Verb


class Method(models.TextChoices):
    CONSENSUS = "consensus", _("Consensus")
    ROUGH_CONSENSUS = "rough_consensus", _("Rough consensus")
    LAZY_CONSENSUS = "lazy_consensus", _("Lazy consensus")
    UNANIMITY = "unanimity", _("Unanimity")
    MAJORITY = "majority", _("Majority of votes cast")
    TWO_THIRDS = "two_thirds", _("Two thirds of votes cast")
    BALLOT = "ballot", _("Ballot")


class Outcome(models.TextChoices):
    """Whether the group took up what was proposed."""

    ADOPTED = "adopted", _("Adopted")
    REJECTED = "rejected", _("Rejected")


class Unit(models.TextChoices):
    """What the counts of a decision count; empty where nobody said."""

    ORGANIZATIONS = "organizations", _("Organizations")
    PEOPLE = "people", _("People")


class DecisionState(models.TextChoices):
    """A rejected proposal is on record and never in force."""

    STANDING = "standing", _("In force")
    SUPERSEDED = "superseded", _("Superseded")
    RESCINDED = "rescinded", _("Rescinded")
    REJECTED = "rejected", _("Rejected")


class DecisionAct(Verb):
    RECORDED = "recorded", _("Recorded")
    SUPERSEDED = "superseded", _("Superseded")
    RESCINDED = "rescinded", _("Rescinded")


class Position(models.TextChoices):
    """What a voter says in a ballot."""

    FOR = "for", _("For")
    AGAINST = "against", _("Against")
    ABSTAIN = "abstain", _("Abstain")
    DISCUSS = "discuss", _("Discuss first")


class BallotResult(models.TextChoices):
    """What the counted votes come to by the rules of the ballot."""

    PASSED = "passed", _("Passed")
    FAILED = "failed", _("Failed")
    NO_QUORUM = "no_quorum", _("No quorum")
    BLOCKED = "blocked", _("Needs discussion")


# The share of votes cast, from 0 to 1, that a counted method needs: more than, or at least.
COUNTED_SHARE: dict[str, float] = {Method.MAJORITY: 0.5, Method.TWO_THIRDS: 2 / 3}

TITLE_MAX_CHARACTERS = 200
REASON_MAX_CHARACTERS = 2000
# The page of a meeting offers so many decision markers of its notes to record.
WAITING_SHOWN = 50

# No group has older minutes, and some zones cannot compute the first years of the era.
FIRST_YEAR = 1900


class BallotState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    ANNOUNCED = "announced", _("Announced")
    OPEN = "open", _("Open")
    CLOSED = "closed", _("Closed")
    STATED = "stated", _("Result stated")
    VOID = "void", _("Void")


class BallotEvent(models.TextChoices):
    """What happens to a ballot; the table of states is in `ballot_states.py`."""

    ANNOUNCED = "announced", _("Announced")
    WITHDRAWN = "withdrawn", _("Announcement withdrawn")
    OPENED = "opened", _("Opened")
    RECALLED = "recalled", _("Recalled before the first vote")
    EXTENDED = "extended", _("Extended because the quorum was missed")
    CLOSED = "closed", _("Closed")
    CLOSED_EARLY = "closed_early", _("Closed early, after all had voted")
    STATED = "stated", _("Result stated")
    VOIDED = "voided", _("Declared void")


class BallotAct(Verb):
    ANNOUNCED = "announced", _("Announced")
    WITHDRAWN = "announcement_withdrawn", _("Announcement withdrawn")
    OPENED = "opened", _("Opened")
    RECALLED = "recalled", _("Recalled")
    EXTENDED = "extended", _("Extended")
    CLOSED = "closed", _("Closed")
    STATED = "stated", _("Result stated")
    VOIDED = "voided", _("Declared void")
    VOTED = "voted", _("Vote cast")
    RECUSED = "recused", _("Stepped out")
    RETURNED = "returned", _("Stepped in again")
    LAPSED = "lapsed", _("Vote lapsed")
    HANDED_ON = "handed_on", _("Vote handed on")


class RollRole(models.TextChoices):
    VOTER = "voter", _("Votes for the organization")
    ALTERNATE = "alternate", _("Alternate")
    PERSON = "person", _("Votes for themselves")


# The computed result is stated by rule when the chairs have stated none for so many days.
STATED_BY_RULE_DAYS = 7
# The longest time for voting, in days.
OPEN_DAYS_MAX = 90
# For so long after the closing, those on the roll can still read the ballot itself and its result.
RESULT_READ_DAYS = 30
