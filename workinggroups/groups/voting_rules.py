"""How a group votes: the rules that a charter gives and each ballot takes over when it opens.

Pure values. `workinggroups/decisions/counting.py` counts votes by them; docs/voting-rules.md explains
each one.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from fractions import Fraction
from typing import Self, TypeVar

from django.utils.translation import gettext as _

from common.errors import Invalid
from workinggroups.groups.choices import (
    Approval,
    LapsedVotes,
    Overruling,
    VoteBase,
    VotesShown,
    VotingQuorum,
    VotingUnit,
)

T = TypeVar("T", str, int, bool)

SHARES: dict[str, Fraction] = {
    Approval.MORE_THAN_HALF: Fraction(1, 2),
    Approval.TWO_THIRDS: Fraction(2, 3),
    Approval.THREE_QUARTERS: Fraction(3, 4),
    Approval.UNANIMITY: Fraction(1),
}
# Rules of the field say a third; a whole number of percent cannot.
_THIRDS = {33: Fraction(1, 3), 67: Fraction(2, 3)}
MEETINGS_MAX = 20  # the last meetings that a rule of attendance can look at
SEATS_MAX = 100  # seats of one employer
REMINDERS_MAX = 5
_DAYS = {"notice_days": (0, 60), "open_days": (1, 90), "extension_days": (1, 30)}


@dataclass(frozen=True, kw_only=True)
class VotingRules:
    """The rules of a ballot. The defaults hold where a charter says nothing about voting."""

    unit: str = VotingUnit.ORGANIZATIONS
    approval: str = Approval.MORE_THAN_HALF
    base: str = VoteBase.CAST
    silence_is_consent: bool = False  # who can vote and does not counts as for
    quorum: str = VotingQuorum.NONE
    attending_meetings: int | None = None  # with VotingQuorum.ATTENDING: the last N meetings
    attending_needed: int | None = None  # how many of them somebody has to have attended
    abstain_limit_percent: int | None = None  # of the votes returned; reaching it fails
    category_limit_percent: int | None = None  # of the roll, for one interest category
    cap_percent: int | None = None  # of the votes counted, for one organization or related group
    seats_per_employer: int | None = None  # persons only: so many votes of one employer count
    one_vote_per_related_group: bool = False  # organizations only
    notice_days: int = 0  # from the announcement to the opening
    open_days: int = 7  # the least time for voting
    extension_days: int | None = None  # once, when the quorum is missed
    discuss_days: int | None = None  # how long a wish to discuss blocks; None: until withdrawn
    discuss_overruled_by: str | None = None
    shows: str = VotesShown.WHO_VOTED
    lapsed_votes: str = LapsedVotes.COUNT
    reminder_days: tuple[int, ...] = (3, 1)  # before closing, to those who have not voted

    @property
    def share_needed(self) -> Fraction:
        return SHARES[self.approval]

    @property
    def needs_more_than_share(self) -> bool:
        """Return whether exactly the share is not enough."""
        return self.approval == Approval.MORE_THAN_HALF

    @property
    def seats_of_one(self) -> int | None:
        """Return how many votes count of one related group or employer; None is without limit."""
        return 1 if self.one_vote_per_related_group else self.seats_per_employer

    def quorum_needed(self, size: int) -> int:
        """Return how many votes make a quorum, of so many that can vote (or attended recently)."""
        match self.quorum:
            case VotingQuorum.THIRD:
                return -(-size // 3)
            case VotingQuorum.MAJORITY | VotingQuorum.ATTENDING:
                return size // 2 + 1
            case VotingQuorum.TWO_THIRDS:
                return -(-2 * size // 3)
            case VotingQuorum.THREE_QUARTERS:
                return -(-3 * size // 4)
        return 0

    def as_json(self) -> dict[str, object]:
        """Return every rule by its name, as JSON can hold it."""
        values = {
            name: str(value) if isinstance(value, str) else value  # of a choice, its value
            for name, value in asdict(self).items()
        }
        return {**values, "reminder_days": list(self.reminder_days)}

    @classmethod
    def from_json(cls, values: Mapping[str, object]) -> Self:
        """Return the rules of these values; those not named have their defaults.

        Raises ValueError for a name that is no rule and for a value of another type than the rule's.
        """
        if unknown := values.keys() - set(RULE_NAMES):
            raise ValueError(f"No rules of voting: {', '.join(sorted(unknown))}")
        known = {**VOTING_DEFAULT.as_json(), **values}
        return cls(
            unit=_one(known, "unit", str),
            approval=_one(known, "approval", str),
            base=_one(known, "base", str),
            silence_is_consent=_one(known, "silence_is_consent", bool),
            quorum=_one(known, "quorum", str),
            attending_meetings=_one_or_none(known, "attending_meetings", int),
            attending_needed=_one_or_none(known, "attending_needed", int),
            abstain_limit_percent=_one_or_none(known, "abstain_limit_percent", int),
            category_limit_percent=_one_or_none(known, "category_limit_percent", int),
            cap_percent=_one_or_none(known, "cap_percent", int),
            seats_per_employer=_one_or_none(known, "seats_per_employer", int),
            one_vote_per_related_group=_one(known, "one_vote_per_related_group", bool),
            notice_days=_one(known, "notice_days", int),
            open_days=_one(known, "open_days", int),
            extension_days=_one_or_none(known, "extension_days", int),
            discuss_days=_one_or_none(known, "discuss_days", int),
            discuss_overruled_by=_one_or_none(known, "discuss_overruled_by", str),
            shows=_one(known, "shows", str),
            lapsed_votes=_one(known, "lapsed_votes", str),
            reminder_days=_days(known, "reminder_days"),
        )


VOTING_DEFAULT = VotingRules()


def default_voting() -> dict[str, object]:
    """Return what a charter's column has by default. Migrations name this function."""
    return VOTING_DEFAULT.as_json()


RULE_NAMES = tuple(field.name for field in fields(VotingRules))


def _one(values: Mapping[str, object], name: str, kind: type[T]) -> T:
    value = values[name]
    if type(value) is not kind:  # a bool is an int, but not as a rule
        raise ValueError(f"{name} has to be of the type {kind.__name__}.")
    return value


def _one_or_none(values: Mapping[str, object], name: str, kind: type[T]) -> T | None:
    return None if values[name] is None else _one(values, name, kind)


def _days(values: Mapping[str, object], name: str) -> tuple[int, ...]:
    value = values[name]
    if not isinstance(value, list):
        raise ValueError(f"{name} has to be a list of numbers.")
    return tuple(_one({name: day}, name, int) for day in value)


def share_of(percent: int) -> Fraction:
    """Return the share that a whole number of percent means: 33 is a third, 67 two thirds."""
    return _THIRDS.get(percent, Fraction(percent, 100))


def check_voting_rules(rules: VotingRules) -> None:
    """Raise Invalid for rules by which no group can vote, at the rule that is wrong."""
    _check_choices(rules)
    _check_numbers(rules)
    _check_attendance(rules)
    if rules.unit != VotingUnit.PERSONS and rules.seats_per_employer is not None:
        raise Invalid(_("Leave this empty unless each person has a vote."), "seats_per_employer")
    if rules.unit != VotingUnit.ORGANIZATIONS and rules.one_vote_per_related_group:
        raise Invalid(
            _("Choose this only if each organization has a vote."), "one_vote_per_related_group"
        )
    if rules.silence_is_consent and rules.quorum != VotingQuorum.NONE:
        raise Invalid(
            _("Where silence counts as consent, there is no quorum. Choose no quorum."), "quorum"
        )


def _check_choices(rules: VotingRules) -> None:
    choices: dict[str, list[str | None]] = {
        "unit": [*VotingUnit.values],
        "approval": [*Approval.values],
        "base": [*VoteBase.values],
        "quorum": [*VotingQuorum.values],
        "discuss_overruled_by": [None, *Overruling.values],
        "shows": [*VotesShown.values],
        "lapsed_votes": [*LapsedVotes.values],
    }
    for name, listed in choices.items():
        if getattr(rules, name) not in listed:
            raise Invalid(_("Choose one of the listed values."), name)


def _check_numbers(rules: VotingRules) -> None:
    for name in ("abstain_limit_percent", "category_limit_percent", "cap_percent"):
        _check_range(getattr(rules, name), 1, 100, name)
    for name, (least, most) in _DAYS.items():
        _check_range(getattr(rules, name), least, most, name)
    _check_range(rules.discuss_days, 1, 90, "discuss_days")
    _check_range(rules.seats_per_employer, 1, SEATS_MAX, "seats_per_employer")
    if len(rules.reminder_days) > REMINDERS_MAX:
        raise Invalid(_("Enter at most %d days for reminders.") % REMINDERS_MAX, "reminder_days")
    for days in rules.reminder_days:
        _check_range(days, 1, 30, "reminder_days")
    if list(rules.reminder_days) != sorted(set(rules.reminder_days), reverse=True):
        raise Invalid(
            _("Enter each day for a reminder once, the earliest reminder first."), "reminder_days"
        )


def _check_attendance(rules: VotingRules) -> None:
    by_attendance = rules.quorum == VotingQuorum.ATTENDING
    for name in ("attending_meetings", "attending_needed"):
        value = getattr(rules, name)
        if by_attendance and value is None:
            raise Invalid(_("Enter a number of meetings."), name)
        if not by_attendance and value is not None:
            raise Invalid(
                _("Leave this empty unless the quorum depends on recent attendance."), name
            )
    _check_range(rules.attending_meetings, 1, MEETINGS_MAX, "attending_meetings")
    _check_range(
        rules.attending_needed, 1, rules.attending_meetings or MEETINGS_MAX, "attending_needed"
    )


def _check_range(value: int | None, least: int, most: int, name: str) -> None:
    if value is not None and not least <= value <= most:
        raise Invalid(
            _("Enter a number from %(least)d to %(most)d.") % {"least": least, "most": most}, name
        )
