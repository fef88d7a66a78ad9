"""What follows when a ballot passes: an app in a layer above registers what it does with its texts."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from common.errors import WrongState
from members.people.models import Person
from workinggroups.decisions.models import Ballot, Decision
from workinggroups.groups.actions import adopt_charter
from workinggroups.groups.choices import CharterState


@dataclass(frozen=True, slots=True)
class Effect:
    """How texts of one kind are put to the vote.

    `check` raises WrongState where the ballot's text can no longer be decided on; it is asked at
    announcing, opening and stating. `apply` carries out a passed ballot, in its transaction, with
    the chair who states the result, or None where it is stated by rule. `reject` does the same for
    a ballot that did not pass.
    """

    check: Callable[[Ballot], None]
    apply: Callable[[Ballot, Decision, Person | None], None]
    reject: Callable[[Ballot, Decision, Person | None], None]


_effects: dict[str, Effect] = {}


def register(kind: str, effect: Effect) -> None:
    """Say what follows from ballots on subjects of this kind. Called from `apps.ready`."""
    _effects[kind] = effect


def check(ballot: Ballot) -> None:
    """Raise WrongState where what the ballot is about can no longer be decided on."""
    if ballot.charter_version:
        ballot.charter_version.refresh_from_db()
        if ballot.charter_version.state != CharterState.DRAFT:
            raise WrongState(_("This charter has been adopted already. Declare the ballot void."))
    if effect := _effects.get(ballot.subject_kind):
        effect.check(ballot)


def apply(ballot: Ballot, decision: Decision, actor: Person | None) -> None:
    """Carry out what a passed ballot decided, in the caller's transaction."""
    if ballot.charter_version:
        adopt_charter(actor=actor, charter=ballot.charter_version, decision_uuid=decision.uuid)
    if effect := _effects.get(ballot.subject_kind):
        effect.apply(ballot, decision, actor)


def reject(ballot: Ballot, decision: Decision, actor: Person | None) -> None:
    """Carry out what follows from a ballot that did not pass, in the caller's transaction."""
    if effect := _effects.get(ballot.subject_kind):
        effect.reject(ballot, decision, actor)
