"""The form of a charter's draft."""

from dataclasses import asdict, fields

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _

from common.ui.inputs import DayInput, MarkdownTextarea
from workinggroups.groups.choices import (
    CORRECTION_MAX_DAYS,
    NOTICE_MAX_DAYS,
    QUORUM_MAX,
    MinutesRule,
    Quorum,
)
from workinggroups.groups.forms.voting import VotingFields, voting_initial
from workinggroups.groups.rules import Rules

ABOVE_VOTING = (
    "source",
    "quorum",
    "quorum_number",
    "notice_days",
    "correction_days",
    "minutes_rule",
)


class CharterForm(VotingFields):
    """The text of a charter and its rules, those of meetings here and those of voting below."""

    source = forms.CharField(
        label=_("Text of the charter"),
        widget=MarkdownTextarea("document", attrs={"rows": 24}),
        help_text=_("Use Markdown for headings, lists, tables and links."),
    )
    quorum = forms.ChoiceField(
        label=_("Quorum"),
        choices=Quorum.choices,
        initial=Quorum.NONE,
        help_text=_(
            "How many of the organizations that take part have to be present. Observers do not "
            "count; a person without an organization counts as one."
        ),
    )
    quorum_number = forms.IntegerField(
        label=_("Organizations for a quorum"),
        required=False,
        min_value=1,
        max_value=QUORUM_MAX,
        help_text=_("Only if the quorum is a fixed number of organizations."),
    )
    notice_days = forms.IntegerField(
        label=_("Notice period in days"),
        required=False,
        min_value=1,
        max_value=NOTICE_MAX_DAYS,
        help_text=_(
            "How long before a meeting its agenda has to be posted. Leave it empty for no notice "
            "period."
        ),
    )
    correction_days = forms.IntegerField(
        label=_("Days for corrections to draft minutes"),
        required=False,
        min_value=0,
        max_value=CORRECTION_MAX_DAYS,
        help_text=_("At least so many days. Leave it empty if the chairs choose for each meeting."),
    )
    minutes_rule = forms.ChoiceField(
        label=_("How minutes become final"),
        choices=MinutesRule.choices,
        initial=MinutesRule.NONE,
        help_text=_(
            "Minutes never become final by themselves while a correction that was asked for in time "
            "has no answer. This applies to meetings that begin after the charter is adopted."
        ),
    )
    expires_on = forms.DateField(
        label=_("In force until"),
        required=False,
        widget=DayInput(),
        help_text=_("Optional. Staff are reminded 90 days before this date."),
    )
    read_at = forms.CharField(widget=forms.HiddenInput, required=False, max_length=40)

    def rules(self) -> Rules:
        """Return the rules that were entered."""
        names = [field.name for field in fields(Rules) if field.name != "voting"]
        values = {name: self.cleaned_data[name] for name in names}
        return Rules(**values, voting=self.voting_rules())

    def of_the_text(self) -> list[BoundField]:
        """Return the fields above those of voting."""
        return [self[name] for name in ABOVE_VOTING]


def charter_initial(rules: Rules) -> dict[str, object]:
    """Return the values of the fields for these rules."""
    values = asdict(rules)
    del values["voting"]
    return {**values, **voting_initial(rules.voting)}
