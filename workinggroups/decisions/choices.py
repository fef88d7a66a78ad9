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
