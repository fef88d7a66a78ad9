"""Whether the counts carry a decision by its method, and what they say in words."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from common.errors import Invalid
from workinggroups.decisions.choices import COUNTED_SHARE, Method, Outcome, Unit


@dataclass(frozen=True, slots=True)
class Tally:
    """Votes as counted. Abstentions do not change the share.

    `unit` says what was counted; it is empty where nobody said.
    """

    votes_for: int | None = None
    votes_against: int | None = None
    abstentions: int | None = None
    unit: str = ""

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

    @property
    def words_cast(self) -> str:
        """Return "12 organizations for, 3 against"; empty if nothing was counted."""
        if not self.is_counted:
            return ""
        against = _("%(count)d against") % {"count": self.votes_against or 0}
        return f"{self._words_for()}, {against}"

    @property
    def words_abstained(self) -> str:
        """Return "2 abstained"; empty if nobody did."""
        return _("%(count)d abstained") % {"count": self.abstentions} if self.abstentions else ""

    @property
    def words(self) -> str:
        """Return "12 organizations for, 3 against, 2 abstained"; empty if nothing was counted."""
        return ", ".join(filter(None, [self.words_cast, self.words_abstained]))

    @property
    def words_against(self) -> str:
        """Return "3 organizations voted against"; empty if nobody did."""
        count = self.votes_against or 0
        if not count:
            return ""
        if self.unit == Unit.ORGANIZATIONS:
            words = ngettext(
                "%(count)d organization voted against",
                "%(count)d organizations voted against",
                count,
            )
        elif self.unit == Unit.PEOPLE:
            words = ngettext(
                "%(count)d person voted against", "%(count)d people voted against", count
            )
        else:
            words = ngettext("%(count)d voted against", "%(count)d voted against", count)
        return words % {"count": count}

    def _words_for(self) -> str:
        count = self.votes_for or 0
        if self.unit == Unit.ORGANIZATIONS:
            words = ngettext("%(count)d organization for", "%(count)d organizations for", count)
        elif self.unit == Unit.PEOPLE:
            words = ngettext("%(count)d person for", "%(count)d people for", count)
        else:
            words = _("%(count)d for")
        return words % {"count": count}


def check(method: str, tally: Tally, dissent: str = "", outcome: str = Outcome.ADOPTED) -> None:
    """Raise Invalid for the field that shows that the result does not fit method and outcome.

    A majority needs more votes for than against, two thirds need 2/3 of the votes cast or more.
    Consensus means that nobody upholds an objection, so a vote against makes it rough consensus,
    which needs to say who disagreed. A rejected proposal is one that did not carry.
    """
    if outcome not in Outcome.values:
        raise Invalid(_("Choose whether the proposal was adopted or rejected."), "outcome")
    _check_counts(Method(method), tally)
    if outcome == Outcome.REJECTED:
        _check_rejected(Method(method), tally, dissent)
    else:
        _check_adopted(Method(method), tally, dissent)


def _check_adopted(method: Method, tally: Tally, dissent: str) -> None:
    votes_for, votes_against = tally.votes_for or 0, tally.votes_against or 0
    match method:
        case Method.MAJORITY | Method.ROUGH_CONSENSUS if (
            tally.is_counted and votes_for <= votes_against
        ):
            message = _("%(for)d for and %(against)d against is not a majority.")
            raise Invalid(message % {"for": votes_for, "against": votes_against}, "votes_for")
        case Method.TWO_THIRDS if not _is_two_thirds(tally):
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


def _check_rejected(method: Method, tally: Tally, dissent: str) -> None:
    """Refuse counts that carry the proposal, and a failed consensus to which nobody objected.

    Whether there is rough consensus is no matter of counts, so more votes for than against can be too
    few for it.
    """
    facts = {"for": tally.votes_for, "against": tally.votes_against, "cast": tally.cast}
    match method:
        case Method.MAJORITY if (tally.votes_for or 0) > (tally.votes_against or 0):
            message = _(
                "%(for)d for and %(against)d against is a majority. Record it as adopted, or correct "
                "the counts."
            )
            raise Invalid(message % facts, "votes_for")
        case Method.TWO_THIRDS if _is_two_thirds(tally):
            message = _(
                "%(for)d of %(cast)d votes cast are two thirds or more. Record it as adopted, or "
                "correct the counts."
            )
            raise Invalid(message % facts, "votes_for")
        case Method.MAJORITY | Method.TWO_THIRDS:
            pass
        case _other if not (tally.votes_against or dissent):
            raise Invalid(
                _("Without an objection, nothing stood in the way. Enter who disagreed, and why."),
                "dissent",
            )


def _is_two_thirds(tally: Tally) -> bool:
    votes_for = tally.votes_for or 0
    return bool(votes_for) and 3 * votes_for >= 2 * tally.cast


def _check_counts(method: Method, tally: Tally) -> None:
    """Refuse one count without the other, and a vote without counts."""
    if tally.votes_for is None and (tally.votes_against is not None or tally.abstentions):
        raise Invalid(_("Enter how many were for."), "votes_for")
    if tally.votes_for is not None and tally.votes_against is None:
        raise Invalid(_("Enter how many were against, or 0."), "votes_against")
    if method in COUNTED_SHARE and tally.votes_for is None:
        raise Invalid(_("A vote needs counts. Enter how many were for."), "votes_for")
    if tally.unit and tally.unit not in Unit.values:
        raise Invalid(_("Choose what the numbers count."), "unit")
