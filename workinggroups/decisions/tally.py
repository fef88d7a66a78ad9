"""Whether the counts carry a decision by its method."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from common.errors import Invalid
from workinggroups.decisions.choices import COUNTED_SHARE, Method


@dataclass(frozen=True, slots=True)
class Tally:
    """Votes as counted. Abstentions do not change the share."""

    votes_for: int | None = None
    votes_against: int | None = None
    abstentions: int | None = None

    @property
    def is_counted(self) -> bool:
        return self.votes_for is not None and self.votes_against is not None

    @property
    def cast(self) -> int:
        """Return the votes cast: for and against."""
        return (self.votes_for or 0) + (self.votes_against or 0)

    @property
    def share_for(self) -> float:
        """Return the share of votes cast that were for, from 0 to 1."""
        return (self.votes_for or 0) / self.cast if self.cast else 0.0


def check(method: str, tally: Tally, dissent: str = "") -> None:
    """Raise Invalid for the field that shows that the result does not fit the method.

    A majority needs more votes for than against, two thirds need 2/3 of the votes cast or more.
    Consensus means that nobody upholds an objection, so a vote against makes it rough consensus,
    which needs to say who disagreed.
    """
    _check_counts(Method(method), tally)
    votes_for, votes_against = tally.votes_for or 0, tally.votes_against or 0
    match Method(method):
        case Method.MAJORITY | Method.ROUGH_CONSENSUS if (
            tally.is_counted and votes_for <= votes_against
        ):
            message = _("%(for)d for and %(against)d against is not a majority.")
            raise Invalid(message % {"for": votes_for, "against": votes_against}, "votes_for")
        case Method.TWO_THIRDS if not votes_for or 3 * votes_for < 2 * tally.cast:
            facts = {"cast": tally.cast, "needed": -(-2 * tally.cast // 3), "for": votes_for}
            message = _(
                "Two thirds of %(cast)d votes cast are %(needed)d, but only %(for)d were for."
            )
            raise Invalid(message % facts, "votes_for")
        case Method.UNANIMITY if votes_against or dissent:
            raise Invalid(
                _("There was disagreement, so it was not unanimous. Choose another method."),
                "votes_against" if votes_against else "dissent",
            )
        case Method.CONSENSUS | Method.LAZY_CONSENSUS if votes_against:
            raise Invalid(
                _(
                    "With votes against, this is rough consensus. Choose that, or correct the count."
                ),
                "votes_against",
            )
        case Method.ROUGH_CONSENSUS if not dissent:
            raise Invalid(
                _("Rough consensus means that someone objected. Enter who disagreed, and why."),
                "dissent",
            )


def _check_counts(method: Method, tally: Tally) -> None:
    """Refuse one count without the other, and a vote without counts."""
    if tally.votes_for is None and (tally.votes_against is not None or tally.abstentions):
        raise Invalid(_("Enter how many were for."), "votes_for")
    if tally.votes_for is not None and tally.votes_against is None:
        raise Invalid(_("Enter how many were against, or 0."), "votes_against")
    if method in COUNTED_SHARE and tally.votes_for is None:
        raise Invalid(_("A vote needs counts. Enter how many were for."), "votes_for")
