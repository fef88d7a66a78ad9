"""The part of the charter form that says how the group votes. Names of fields: `voting_` and the rule."""

from collections.abc import Mapping
from typing import Unpack

from django import forms
from django.core.exceptions import ValidationError
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _

from common.errors import Invalid
from common.http.form_handling import Form, FormData, FormOptions, ParsedTextField, add_refusal
from workinggroups.groups.choices import (
    Approval,
    LapsedVotes,
    Overruling,
    VoteBase,
    VotesShown,
    VotingQuorum,
    VotingUnit,
)
from workinggroups.groups.voting_presets import PRESETS, VotingPreset
from workinggroups.groups.voting_rules import (
    RULE_NAMES,
    VOTING_DEFAULT,
    VotingRules,
    check_voting_rules,
)

PREFIX = "voting_"


class DaysField(ParsedTextField):
    """Numbers of days separated by commas, such as 7, 3, 1."""

    widget = forms.TextInput

    def to_python(self, value: object) -> object:
        return value if isinstance(value, tuple) else super().to_python(value)

    def parse(self, text: str) -> tuple[int, ...]:
        try:
            return tuple(int(part) for part in text.replace(",", " ").split())
        except ValueError:
            raise ValidationError(_("Enter numbers of days, separated by commas.")) from None

    def prepare_value(self, value: object) -> object:
        return ", ".join(map(str, value)) if isinstance(value, tuple | list) else value


class VotingFields(Form):
    """The fields of each rule.

    A form that was posted without any of them, as from a page that was open during an upgrade, keeps the
    rules that it began with.
    """

    voting_unit = forms.ChoiceField(label=_("Who votes"), choices=VotingUnit.choices)
    voting_approval = forms.ChoiceField(
        label=_("Votes needed"),
        choices=Approval.choices,
        help_text=_("A tie is never enough."),
    )
    voting_base = forms.ChoiceField(
        label=_("Counted as a share"),
        choices=VoteBase.choices,
        help_text=_("Those who stepped out because of a conflict of interest are not counted."),
    )
    voting_quorum = forms.ChoiceField(
        label=_("Quorum of a ballot"),
        choices=VotingQuorum.choices,
        help_text=_("Abstentions and wishes to discuss count for it."),
    )
    voting_attending_meetings = forms.IntegerField(
        label=_("Recent meetings"),
        required=False,
        min_value=1,
        max_value=20,
        help_text=_("Only if the quorum depends on attendance: how many meetings back."),
    )
    voting_attending_needed = forms.IntegerField(
        label=_("Of these, attended at least"),
        required=False,
        min_value=1,
        max_value=20,
        help_text=_("Only if the quorum depends on attendance."),
    )
    voting_silence_is_consent = forms.BooleanField(
        label=_("Silence counts as a vote for"), required=False
    )
    voting_one_vote_per_related_group = forms.BooleanField(
        label=_("Related organizations have one vote together"),
        required=False,
        help_text=_("Only where organizations vote. The vote that was cast first counts."),
    )
    voting_seats_per_employer = forms.IntegerField(
        label=_("Votes of one employer"),
        required=False,
        min_value=1,
        max_value=100,
        help_text=_("Only where persons vote: at most so many count, those cast first."),
    )
    voting_cap_percent = forms.IntegerField(
        label=_("Largest share of one organization, in percent"),
        required=False,
        min_value=1,
        max_value=100,
        help_text=_("With related ones. More votes count for less. 33 is one third."),
    )
    voting_abstain_limit_percent = forms.IntegerField(
        label=_("Abstentions at which a ballot fails, in percent"),
        required=False,
        min_value=1,
        max_value=100,
        help_text=_("Of the votes that came in."),
    )
    voting_category_limit_percent = forms.IntegerField(
        label=_("Largest interest category, in percent"),
        required=False,
        min_value=1,
        max_value=100,
        help_text=_("Of those who can vote. Above it a ballot cannot open. 33 is one third."),
    )
    voting_notice_days = forms.IntegerField(
        label=_("Days from the announcement to the opening"),
        required=False,
        min_value=0,
        max_value=60,
        help_text=_("0 or empty for none."),
    )
    voting_open_days = forms.IntegerField(
        label=_("Least number of days to vote"), min_value=1, max_value=90
    )
    voting_extension_days = forms.IntegerField(
        label=_("Days of extension"),
        required=False,
        min_value=1,
        max_value=30,
        help_text=_("Once, if the quorum is missed. Leave it empty for no extension."),
    )
    voting_reminder_days = DaysField(
        label=_("Reminders, in days before closing"),
        required=False,
        max_length=40,
        help_text=_("Separated by commas, such as 7, 3, 1. For those who have not voted."),
    )
    voting_discuss_days = forms.IntegerField(
        label=_("Days for which a wish to discuss holds a proposal up"),
        required=False,
        min_value=1,
        max_value=90,
        help_text=_("Leave it empty if it does until it is withdrawn."),
    )
    voting_discuss_overruled_by = forms.ChoiceField(
        label=_("Share for that overrules a wish to discuss"),
        choices=[("", _("None")), *Overruling.choices],
        required=False,
        help_text=_("Of the votes for, against and to discuss."),
    )
    voting_shows = forms.ChoiceField(
        label=_("Shown while a ballot is open"), choices=VotesShown.choices
    )
    voting_lapsed_votes = forms.ChoiceField(
        label=_("If a membership ends before closing"), choices=LapsedVotes.choices
    )
    presets = PRESETS

    def __init__(self, data: FormData = None, **options: Unpack[FormOptions]) -> None:
        super().__init__(data, **options)
        self.initial = {**voting_initial(VOTING_DEFAULT), **self.initial}
        if data is not None and not any(name.startswith(PREFIX) for name in data):
            for name in RULE_NAMES:
                self.fields[f"{PREFIX}{name}"].disabled = True

    def clean(self) -> dict[str, object]:
        if not self.errors:
            try:
                check_voting_rules(self.voting_rules())
            except Invalid as error:
                add_refusal(self, Invalid(error.message, f"{PREFIX}{error.field}"))
        return self.cleaned_data

    def voting_rules(self) -> VotingRules:
        """Return the rules that were entered."""
        values = {name: self.cleaned_data[f"{PREFIX}{name}"] for name in RULE_NAMES}
        values["notice_days"] = values["notice_days"] or 0
        values["discuss_overruled_by"] = values["discuss_overruled_by"] or None
        return VotingRules(**values)

    def voting_sections(self) -> list[tuple[str, list[BoundField]]]:
        """Return the fields by subject."""
        return [
            (str(label), [self[f"{PREFIX}{name}"] for name in names]) for label, names in SECTIONS
        ]


SECTIONS = (
    (
        _("What passes a proposal"),
        (
            "unit",
            "approval",
            "base",
            "quorum",
            "attending_meetings",
            "attending_needed",
            "silence_is_consent",
        ),
    ),
    (
        _("Limits"),
        (
            "one_vote_per_related_group",
            "seats_per_employer",
            "cap_percent",
            "abstain_limit_percent",
            "category_limit_percent",
        ),
    ),
    (_("Time"), ("notice_days", "open_days", "extension_days", "reminder_days")),
    (
        _("Discussion, visibility and changes"),
        ("discuss_days", "discuss_overruled_by", "shows", "lapsed_votes"),
    ),
)


def voting_initial(rules: VotingRules) -> dict[str, object]:
    """Return the values of the fields for these rules."""
    values = {name: getattr(rules, name) for name in RULE_NAMES}
    return {f"{PREFIX}{name}": value for name, value in values.items()}


def filled_with(typed: Mapping[str, object], preset: VotingPreset) -> dict[str, object]:
    """Return what was typed in a form, with the rules of the preset in place of those typed."""
    return {**typed, **voting_initial(preset.rules)}
