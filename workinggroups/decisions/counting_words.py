"""Say in words how a ballot was counted."""

from collections.abc import Callable, Mapping
from fractions import Fraction

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from workinggroups.decisions.choices import BallotResult, Position
from workinggroups.decisions.counting import Outcome, Step, StepCode
from workinggroups.groups.choices import (
    Approval,
    Overruling,
    VoteBase,
    VotingQuorum,
    VotingUnit,
)
from workinggroups.groups.voting_rules import SHARES

Names = Mapping[str, str]


def in_words(outcome: Outcome, names: Names | None = None) -> list[str]:
    """Return a sentence for each line of the arithmetic, in its order, in the active language.

    `names` gives the names of entries and related groups by their keys; a key without one is shown
    as it is.
    """
    return [step_in_words(step, names or {}) for step in outcome.steps]


def step_in_words(step: Step, names: Names) -> str:
    return _SENTENCES[step.code](step, names)


def number_words(number: int | Fraction) -> str:
    """Return a number exactly: 5, or 5 1/3."""
    whole, rest = divmod(Fraction(number), 1)
    if not rest:
        return number_format(whole)
    return f"{number_format(whole)} {rest}" if whole else str(rest)


def share_words(share: Fraction) -> str:
    """Return a share as whole percent, or as the third that it is."""
    if share == Fraction(1, 3):
        return _("one third")
    if share == Fraction(2, 3):
        return _("two thirds")
    return _("%s %%") % number_words(share * 100)


def _whole(step: Step, name: str) -> int:
    return int(step.numbers[name])


def _list(step: Step, names: Names) -> str:
    return ", ".join(names.get(key, key) for key in step.keys)


def _roll(step: Step, names: Names) -> str:
    entries = _whole(step, "entries")
    if step.value == VotingUnit.PERSONS:
        return (
            ngettext("%d person is on the roll.", "%d people are on the roll.", entries) % entries
        )
    return (
        ngettext("%d organization is on the roll.", "%d organizations are on the roll.", entries)
        % entries
    )


def _recused(step: Step, names: Names) -> str:
    entries = _whole(step, "entries")
    return ngettext(
        "%(number)d stepped out because of a conflict of interest and is not counted: %(names)s.",
        "%(number)d stepped out because of a conflict of interest and are not counted: %(names)s.",
        entries,
    ) % {"number": entries, "names": _list(step, names)}


def _lapsed(step: Step, names: Names) -> str:
    entries = _whole(step, "entries")
    return ngettext(
        "The membership of %(number)d ended, so it is not counted: %(names)s.",
        "The memberships of %(number)d ended, so they are not counted: %(names)s.",
        entries,
    ) % {"number": entries, "names": _list(step, names)}


def _set_aside(step: Step, names: Names) -> str:
    seats, limit = _whole(step, "seats"), _whole(step, "limit")
    if step.value == VotingUnit.PERSONS:
        words = ngettext(
            "At most %(limit)d vote of each employer counts, which makes %(seats)d.",
            "At most %(limit)d votes of each employer count, which makes %(seats)d.",
            limit,
        ) % {"limit": limit, "seats": seats}
    else:
        words = ngettext(
            "Related organizations have one vote together, which makes %d vote.",
            "Related organizations have one vote together, which makes %d votes.",
            seats,
        ) % (seats)
    if not step.keys:
        return words
    aside = _("The first votes counted, and these were set aside: %s.") % _list(step, names)
    return f"{words} {aside}"


def _votes(step: Step, names: Names) -> str:
    words = [
        _("%d for") % _whole(step, Position.FOR),
        _("%d against") % _whole(step, Position.AGAINST),
        ngettext("%d abstention", "%d abstentions", _whole(step, Position.ABSTAIN))
        % _whole(step, Position.ABSTAIN),
    ]
    if wishes := _whole(step, Position.DISCUSS):
        words.append(_("%d to discuss first") % wishes)
    silent = _whole(step, "silent")
    last = _("%d silent, which counts as for") if step.value else _("%d did not vote")
    words.append(last % silent)
    return _("Votes: %s.") % ", ".join(words)


def _quorum(step: Step, names: Names) -> str:
    of, needed, present = (_whole(step, name) for name in ("of", "needed", "present"))
    words = ngettext(
        "Quorum: %(rule)s. That is %(needed)d of %(of)d; %(present)d voted.",
        "Quorum: %(rule)s. That is %(needed)d of %(of)d; %(present)d voted.",
        present,
    )
    rule = str(VotingQuorum(step.value).label)
    rule = rule[:1].lower() + rule[1:]
    return words % {"rule": rule, "needed": needed, "of": of, "present": present}


def _discuss(step: Step, names: Names) -> str:
    if step.keys:
        return _("Still to be discussed, as these asked: %s.") % _list(step, names)
    if step.value:
        share, needed = step.numbers["share"], Overruling(step.value).label
        if Fraction(share) >= SHARES[step.value]:
            return _(
                "The wish to discuss is overruled: %(share)s of these votes are for (needed: %(rule)s)."
            ) % {"share": number_words(share), "rule": str(needed).lower()}
    return _("The time for the discussion that was asked for has ended.")


def _abstentions(step: Step, names: Names) -> str:
    abstentions, returned = _whole(step, "abstentions"), _whole(step, "returned")
    limit = Fraction(step.numbers["limit"])
    facts = {"number": abstentions, "of": returned, "limit": share_words(limit)}
    if returned and abstentions >= limit * returned:
        words = ngettext(
            "%(number)d of %(of)d votes is an abstention: %(limit)s or more, so the ballot fails.",
            "%(number)d of %(of)d votes are abstentions: %(limit)s or more, so the ballot fails.",
            abstentions,
        )
    else:
        words = ngettext(
            "%(number)d of %(of)d votes is an abstention, which is less than %(limit)s.",
            "%(number)d of %(of)d votes are abstentions, which is less than %(limit)s.",
            abstentions,
        )
    return words % facts


def _cap(step: Step, names: Names) -> str:
    votes = _whole(step, "votes")
    words = ngettext(
        "The %(votes)d vote of %(name)s counts as %(weight)s (limit: %(limit)s of the votes).",
        "The %(votes)d votes of %(name)s count as %(weight)s (limit: %(limit)s of the votes).",
        votes,
    )
    return words % {
        "votes": votes,
        "name": _list(step, names),
        "weight": number_words(step.numbers["weight"]),
        "limit": share_words(Fraction(step.numbers["limit"])),
    }


def _base(step: Step, names: Names) -> str:
    base = number_words(step.numbers["base"])
    if step.value == VoteBase.ELIGIBLE:
        return _("The share is taken of everyone who can vote: %s.") % base
    return _("The share is taken of the votes for and against: %s.") % base


def _threshold(step: Step, names: Names) -> str:
    words = {
        Approval.MORE_THAN_HALF: _(
            "More than half of %(base)s is more than %(needed)s; %(got)s for."
        ),
        Approval.TWO_THIRDS: _("Two thirds of %(base)s is %(needed)s; %(got)s for."),
        Approval.THREE_QUARTERS: _("Three quarters of %(base)s is %(needed)s; %(got)s for."),
        Approval.UNANIMITY: _("All of %(base)s are needed; %(got)s for."),
    }[Approval(step.value)]
    return words % {name: number_words(number) for name, number in step.numbers.items()}


def _result(step: Step, names: Names) -> str:
    return {
        BallotResult.PASSED: _("The proposal passed."),
        BallotResult.FAILED: _("The proposal failed."),
        BallotResult.NO_QUORUM: _("Too few voted, so nothing is decided."),
        BallotResult.BLOCKED: _("The proposal has to be discussed first, so nothing is decided."),
    }[BallotResult(step.value)]


_SENTENCES: dict[StepCode, Callable[[Step, Names], str]] = {
    StepCode.ROLL: _roll,
    StepCode.RECUSED: _recused,
    StepCode.LAPSED: _lapsed,
    StepCode.SET_ASIDE: _set_aside,
    StepCode.VOTES: _votes,
    StepCode.QUORUM: _quorum,
    StepCode.DISCUSS: _discuss,
    StepCode.ABSTENTIONS: _abstentions,
    StepCode.CAP: _cap,
    StepCode.BASE: _base,
    StepCode.THRESHOLD: _threshold,
    StepCode.RESULT: _result,
}
