"""Say the rules of voting in words, for the page of a charter and for what changed between two."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from workinggroups.groups.choices import (
    Approval,
    LapsedVotes,
    Overruling,
    VoteBase,
    VotesShown,
    VotingQuorum,
    VotingUnit,
)
from workinggroups.groups.voting_rules import VotingRules


def voting_in_words(rules: VotingRules) -> list[tuple[str, str]]:
    """Return each rule by its name and in words, in the active language; always as many."""
    return [
        (_("Who votes"), _who_votes(rules)),
        (_("Approval"), _approval(rules)),
        (_("Quorum of a ballot"), _quorum(rules)),
        (_("Abstentions"), _abstentions(rules)),
        (_("Interest categories"), _categories(rules)),
        (_("Largest share"), _cap(rules)),
        (_("Time to vote"), _time(rules)),
        (_("Wish to discuss first"), _discuss(rules)),
        (_("Shown while a ballot is open"), str(VotesShown(rules.shows).label)),
        (_("If a membership ends"), str(LapsedVotes(rules.lapsed_votes).label)),
        (_("Reminders"), _reminders(rules)),
    ]


def percent_words(percent: int) -> str:
    """Return a percentage as people say it; 33 and 67 are counted as thirds."""
    return {33: _("one third"), 67: _("two thirds")}.get(percent, _("%d %%") % percent)


def _who_votes(rules: VotingRules) -> str:
    unit = str(VotingUnit(rules.unit).label)
    if rules.one_vote_per_related_group:
        return _("%s; related organizations have one together") % unit
    if rules.seats_per_employer is not None:
        limit = ngettext(
            "at most %d vote of people with the same employer counts",
            "at most %d votes of people with the same employer count",
            rules.seats_per_employer,
        )
        return f"{unit}; {limit % rules.seats_per_employer}"
    return unit


def _approval(rules: VotingRules) -> str:
    eligible = rules.base == VoteBase.ELIGIBLE
    words = {
        Approval.MORE_THAN_HALF: _("More than half of everyone who can vote")
        if eligible
        else _("More than half of the votes for and against"),
        Approval.TWO_THIRDS: _("At least two thirds of everyone who can vote")
        if eligible
        else _("At least two thirds of the votes for and against"),
        Approval.THREE_QUARTERS: _("At least three quarters of everyone who can vote")
        if eligible
        else _("At least three quarters of the votes for and against"),
        Approval.UNANIMITY: _("Everyone who can vote")
        if eligible
        else _("All of the votes for and against"),
    }[Approval(rules.approval)]
    return _("%s; silence counts as for") % words if rules.silence_is_consent else words


def _quorum(rules: VotingRules) -> str:
    if rules.quorum != VotingQuorum.ATTENDING:
        return str(VotingQuorum(rules.quorum).label)
    needed, meetings = rules.attending_needed or 0, rules.attending_meetings or 0
    return ngettext(
        "More than half of those who attended %(needed)d of the last %(meetings)d meetings",
        "More than half of those who attended at least %(needed)d of the last %(meetings)d meetings",
        needed,
    ) % {"needed": needed, "meetings": meetings}


def _abstentions(rules: VotingRules) -> str:
    if rules.abstain_limit_percent is None:
        return _("Count for the quorum, not for the result")
    return _(
        "Count for the quorum, not for the result; a ballot fails if they reach %s of its votes"
    ) % percent_words(rules.abstain_limit_percent)


def _categories(rules: VotingRules) -> str:
    if rules.category_limit_percent is None:
        return _("No limit")
    return _("None can be more than %s of those who can vote") % percent_words(
        rules.category_limit_percent
    )


def _cap(rules: VotingRules) -> str:
    if rules.cap_percent is None:
        return _("No limit")
    return _(
        "The votes of one organization, or of related ones, count for at most %s"
    ) % percent_words(rules.cap_percent)


def _time(rules: VotingRules) -> str:
    words = [
        ngettext("At least %d day", "At least %d days", rules.open_days) % rules.open_days,
    ]
    if rules.notice_days:
        words.append(
            ngettext(
                "announced at least %d day before",
                "announced at least %d days before",
                rules.notice_days,
            )
            % rules.notice_days
        )
    if rules.extension_days is not None:
        words.append(
            ngettext(
                "extended once by %d day if the quorum is missed",
                "extended once by %d days if the quorum is missed",
                rules.extension_days,
            )
            % rules.extension_days
        )
    return "; ".join(words)


def _discuss(rules: VotingRules) -> str:
    words = (
        _("Holds the proposal up until it is withdrawn")
        if rules.discuss_days is None
        else ngettext(
            "Holds the proposal up for %d day",
            "Holds the proposal up for %d days",
            rules.discuss_days,
        )
        % rules.discuss_days
    )
    if rules.discuss_overruled_by is None:
        return words
    return {
        Overruling.TWO_THIRDS: _("%s, unless two thirds are for"),
        Overruling.THREE_QUARTERS: _("%s, unless three quarters are for"),
    }[Overruling(rules.discuss_overruled_by)] % words


def _reminders(rules: VotingRules) -> str:
    if not rules.reminder_days:
        return _("None")
    *first, last = map(str, rules.reminder_days)
    days = (
        _("%(first)s and %(last)s") % {"first": ", ".join(first), "last": last} if first else last
    )
    return ngettext(
        "%s day before closing, to those who have not voted",
        "%s days before closing, to those who have not voted",
        2 if first else rules.reminder_days[0],
    ) % (days)
