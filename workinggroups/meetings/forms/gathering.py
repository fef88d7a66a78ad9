"""The form of a series into which meetings are gathered."""

from typing import Unpack, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from common.http.form_handling import FormData, FormOptions
from workinggroups.meetings.choices import REPEATING
from workinggroups.meetings.forms.planning import Details, RepeatingForm


class GatherForm(RepeatingForm):
    """What the series has in common, and its rule; it can begin in the past, as its meetings did."""

    def __init__(self, data: FormData = None, **options: Unpack[FormOptions]) -> None:
        super().__init__(data, **options)
        del self.fields["days"], self.fields["fold"]
        self.fields["local_date"].label = _("First date")
        self.fields["until"].help_text = _(
            "Leave it empty if the series goes on: then new meetings are scheduled after the last one."
        )
        self.fields["skipped"].help_text = _(
            "On these dates there is no meeting. To schedule new ones, remove the lines."
        )
        frequency = cast(forms.ChoiceField, self.fields["frequency"])
        frequency.choices, frequency.required = REPEATING, True

    @property
    def repeats(self) -> bool:
        return True

    def series_details(self) -> Details:
        """Return what was entered, or is proposed, of the series, with the days to skip."""
        values = self.cleaned_data if self.is_bound else self.initial
        names = ("title", "local_time", "zone", "duration_minutes", "place", "join_url")
        rule = self.rule_in(values) or {}
        return {**{name: values[name] for name in names}, **rule, "first_on": values["local_date"]}

    def _check_start(self, *_when: object) -> None:
        """Take a start in the past."""
