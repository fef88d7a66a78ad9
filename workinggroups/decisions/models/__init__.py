"""The register of decisions, and the ballots in which organizations or people vote."""

from workinggroups.decisions.models.ballots import (
    Ballot,
    BallotQuerySet,
    BallotStep,
    RollEntry,
    RollPerson,
    Vote,
)
from workinggroups.decisions.models.decisions import Decision, DecisionQuerySet
