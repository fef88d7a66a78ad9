"""Forms that lead from notes to approved minutes, and of corrections."""

from typing import Unpack

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from common.http.form_handling import Form, FormData, FormOptions
from workinggroups.groups.choices import CORRECTION_MAX_DAYS
from workinggroups.groups.rules import DEFAULT, Rules
from workinggroups.meetings.choices import (
    CORRECTION_DAYS,
)


class SeenForm(Form):
    """The number of the revision that the reader sees."""

    seen = forms.IntegerField(min_value=0, max_value=2**31 - 1, widget=forms.HiddenInput)


class OfferForm(Form):
    correction_days = forms.IntegerField(
        label=_("Days for corrections"),
        min_value=0,
        max_value=CORRECTION_MAX_DAYS,
        initial=CORRECTION_DAYS,
        help_text=_("Enter 0 if the minutes can be approved at once."),
    )

    def __init__(
        self, data: FormData = None, *, rules: Rules = DEFAULT, **options: Unpack[FormOptions]
    ) -> None:
        super().__init__(data, **options)
        least = rules.correction_days
        if least is not None:
            words = ngettext(
                "The charter asks for at least %d day.",
                "The charter asks for at least %d days.",
                least,
            )
            self.fields["correction_days"].initial = least
            self.fields["correction_days"].help_text = words % least


class UnlockForm(Form):
    reason = forms.CharField(
        label=_("Reason"),
        max_length=2000,
        help_text=_("Shown with today's date below the minutes."),
    )


class CorrectionForm(Form):
    text = forms.CharField(
        label=_("Correction"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4})
    )
