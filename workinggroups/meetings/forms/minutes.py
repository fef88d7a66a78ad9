"""Forms that lead from notes to approved minutes, and of corrections."""

from typing import Unpack, cast

from django import forms
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from common.http.form_handling import Form, FormData, FormOptions
from common.ui import date_format
from workinggroups.groups.choices import CORRECTION_MAX_DAYS
from workinggroups.meetings.choices import (
    CORRECTION_DAYS,
    CORRECTION_MAX_CHARACTERS,
    CorrectionAnswer,
)
from workinggroups.meetings.models import Meeting


class SeenForm(Form):
    """The number of the revision that the reader sees."""

    seen = forms.IntegerField(min_value=0, max_value=2**31 - 1, widget=forms.HiddenInput)


class ApproveAtForm(SeenForm):
    """The meeting at which the group approved the minutes, by its address."""

    at = forms.ChoiceField(label=_("Approved at"))

    def __init__(
        self, data: FormData = None, *, meetings: list[Meeting], **options: Unpack[FormOptions]
    ) -> None:
        super().__init__(data, **options)
        self._meetings = {meeting.address: meeting for meeting in meetings}
        field = cast(forms.ChoiceField, self.fields["at"])
        field.choices = [(meeting.address, _name_of(meeting)) for meeting in meetings]

    def clean_at(self) -> Meeting:
        return self._meetings[self.cleaned_data["at"]]


def _name_of(meeting: Meeting) -> str:
    day = date_format.day_words(meeting.local_date)
    if meeting.number is None:
        return f"{meeting.title}, {day}"
    facts = {"number": meeting.number, "title": meeting.title, "day": day}
    return gettext("Meeting %(number)d: %(title)s, %(day)s") % facts


class OfferForm(Form):
    correction_days = forms.IntegerField(
        label=_("Days for corrections"),
        min_value=0,
        max_value=CORRECTION_MAX_DAYS,
        initial=CORRECTION_DAYS,
        help_text=_("Enter 0 if the minutes can be approved at once."),
    )

    def __init__(
        self, data: FormData = None, *, least: int | None = None, **options: Unpack[FormOptions]
    ) -> None:
        super().__init__(data, **options)
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
        label=_("Correction"),
        max_length=CORRECTION_MAX_CHARACTERS,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class CorrectionAnswerForm(Form):
    answer = forms.ChoiceField(
        label=_("Answer"),
        choices=[
            (CorrectionAnswer.TAKEN_UP.value, CorrectionAnswer.TAKEN_UP.label),
            (CorrectionAnswer.DECLINED.value, CorrectionAnswer.DECLINED.label),
        ],
        widget=forms.RadioSelect,
    )
    note = forms.CharField(
        label=_("Note"),
        required=False,
        max_length=CORRECTION_MAX_CHARACTERS,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("What you changed, or why not. Declining needs a reason."),
    )
