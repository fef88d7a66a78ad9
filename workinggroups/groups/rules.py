"""The rules by which a group works: a typed part of each charter version, beside its text.

The record keeps the checksum of an adopted charter. It covers the text alone for form 1, which all
charters have that were adopted before there were rules, text and the first rules for form 2, the rule
for minutes as well for form 3, and how the group votes as well for form 4. A rule that a later form adds
is no part of an older form, so old checksums stay valid.
"""

import hashlib
import json
from dataclasses import asdict, dataclass
from math import ceil

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from common.errors import Invalid
from workinggroups.groups.choices import (
    CORRECTION_MAX_DAYS,
    FORM_TEXT,
    FORM_TEXT_AND_RULES,
    FORM_WITH_MINUTES_RULE,
    NOTICE_MAX_DAYS,
    QUORUM_MAX,
    MinutesRule,
    Quorum,
)
from workinggroups.groups.voting_rules import VOTING_DEFAULT, VotingRules, check_voting_rules
from workinggroups.groups.voting_words import voting_in_words

_RULES_OF_FORM_2 = ("quorum", "quorum_number", "notice_days", "correction_days")
_RULES_OF_FORM_3 = (*_RULES_OF_FORM_2, "minutes_rule")


@dataclass(frozen=True, kw_only=True)
class Rules:
    """What a charter says of meetings and of voting.

    By default it says nothing of meetings, so that the chairs decide each time.
    """

    quorum: str = Quorum.NONE
    quorum_number: int | None = None  # organizations; for Quorum.NUMBER only
    notice_days: int | None = None  # days from posting an agenda to its meeting
    correction_days: int | None = None  # days in which draft minutes can be corrected
    minutes_rule: str = MinutesRule.NONE
    voting: VotingRules = VOTING_DEFAULT

    def organizations_needed(self, organizations: int) -> int:
        """Return how many of so many organizations have to be present for a quorum."""
        match self.quorum:
            case Quorum.THIRD:
                return ceil(organizations / 3)
            case Quorum.MAJORITY:
                return organizations // 2 + 1
            case Quorum.TWO_THIRDS:
                return ceil(organizations * 2 / 3)
            case Quorum.NUMBER:
                return self.quorum_number or 0
        return 0

    @property
    def has_quorum(self) -> bool:
        return self.quorum != Quorum.NONE

    def as_columns(self) -> dict[str, object]:
        """Return the values of the columns of a charter version."""
        return {**asdict(self), "voting": self.voting.as_json()}

    def in_words(self) -> list[tuple[str, str]]:
        """Return each rule by its name and in words, in the active language."""
        return [*self.meetings_in_words(), *self.voting_in_words()]

    def voting_in_words(self) -> list[tuple[str, str]]:
        return voting_in_words(self.voting)

    def meetings_in_words(self) -> list[tuple[str, str]]:
        return [
            (_("Quorum"), self._quorum_words()),
            (
                _("Notice period"),
                _("None")
                if self.notice_days is None
                else ngettext(
                    "The agenda is posted at least %d day before the meeting",
                    "The agenda is posted at least %d days before the meeting",
                    self.notice_days,
                )
                % self.notice_days,
            ),
            (
                _("Corrections to draft minutes"),
                _("For as long as the chairs say")
                if self.correction_days is None
                else ngettext("For at least %d day", "For at least %d days", self.correction_days)
                % self.correction_days,
            ),
            (_("Approval of minutes"), str(MinutesRule(self.minutes_rule).label)),
        ]

    def _quorum_words(self) -> str:
        if self.quorum == Quorum.NUMBER:
            number = self.quorum_number or 0
            words = ngettext("%d organization", "%d organizations", number)
            return words % number
        return str(Quorum(self.quorum).label)


DEFAULT = Rules()


def check_rules(rules: Rules) -> None:
    """Raise Invalid for rules that no group can have, at the field that is wrong."""
    if rules.quorum not in Quorum.values:
        raise Invalid(_("Choose one of the listed kinds of quorum."), "quorum")
    if (rules.quorum == Quorum.NUMBER) != (rules.quorum_number is not None):
        raise Invalid(
            _("Enter how many organizations are needed.")
            if rules.quorum_number is None
            else _("Leave this empty unless the quorum is a fixed number of organizations."),
            "quorum_number",
        )
    _check_range(rules.quorum_number, 1, QUORUM_MAX, "quorum_number")
    _check_range(rules.notice_days, 1, NOTICE_MAX_DAYS, "notice_days")
    _check_range(rules.correction_days, 0, CORRECTION_MAX_DAYS, "correction_days")
    if rules.minutes_rule not in MinutesRule.values:
        raise Invalid(_("Choose one of the listed ways to approve minutes."), "minutes_rule")
    if rules.minutes_rule == MinutesRule.BY_RULE and not rules.correction_days:
        raise Invalid(
            _(
                "Enter at least 1 day: minutes become final by themselves only after a time in which "
                "they can be corrected."
            ),
            "correction_days",
        )
    try:
        check_voting_rules(rules.voting)
    except Invalid as error:
        raise Invalid(error.message, f"voting_{error.field}") from error


def _check_range(value: int | None, least: int, most: int, field: str) -> None:
    if value is not None and not least <= value <= most:
        raise Invalid(
            _("Enter a number from %(least)d to %(most)d.") % {"least": least, "most": most}, field
        )


def charter_checksum(source: str, rules: Rules, form: int) -> str:
    """Return the SHA-256, in hexadecimal digits, of a charter in this form.

    Form 1 is the text as UTF-8. Forms 2 to 4 are JSON of `form`, `rules` and `source` as UTF-8, with
    sorted keys, without spaces and without escapes beyond those that JSON needs.
    """
    if form == FORM_TEXT:
        return hashlib.sha256(source.encode()).hexdigest()
    content = {"form": form, "rules": rules_of_form(rules, form), "source": source}
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def rules_of_form(rules: Rules, form: int) -> dict[str, object]:
    """Return the rules that a checksum of this form covers, by name."""
    values = rules.as_columns()
    if form == FORM_TEXT:
        return {}
    if form == FORM_TEXT_AND_RULES:
        return {name: values[name] for name in _RULES_OF_FORM_2}
    if form == FORM_WITH_MINUTES_RULE:
        return {name: values[name] for name in _RULES_OF_FORM_3}
    return values


def changed_rules(before: Rules, after: Rules) -> list[tuple[str, str, str]]:
    """Return the rules that differ: name, words before, words after."""
    return [
        (name, old, new)
        for (name, old), (_name, new) in zip(before.in_words(), after.in_words(), strict=True)
        if old != new
    ]
