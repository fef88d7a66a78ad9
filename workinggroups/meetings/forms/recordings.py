"""Forms for the recording of a meeting and its transcript."""

from datetime import timedelta
from typing import Unpack

from django import forms
from django.utils.translation import gettext_lazy as _

from common.days import today_in
from common.http.form_handling import Form, FormData, FormOptions
from common.ui.inputs import DayInput
from common.web_addresses import WebAddressField
from workinggroups.meetings.choices import CONSENT_MAX_CHARACTERS, RECORDING_DAYS


class ConsentForm(Form):
    consent = forms.CharField(
        label=_("How those recorded agreed"),
        max_length=CONSENT_MAX_CHARACTERS,
        help_text=_("Such as: the chair asked at the beginning, and nobody objected."),
    )
    delete_on = forms.DateField(
        label=_("Keep until"),
        widget=DayInput(),
        help_text=_("Link and transcript are deleted once this day is over everywhere on Earth."),
    )

    def __init__(self, data: FormData = None, *, zone: str, **options: Unpack[FormOptions]) -> None:
        super().__init__(data, **options)
        self.fields["delete_on"].initial = today_in(zone) + timedelta(days=RECORDING_DAYS)


class RecordingForm(Form):
    url = WebAddressField(
        label=_("Link to the recording"),
        max_length=500,
        help_text=_("We keep the link. The recording stays where it is."),
    )


class TranscriptForm(Form):
    file = forms.FileField(
        label=_("Transcript"),
        widget=forms.ClearableFileInput(attrs={"accept": ".vtt,text/vtt"}),
        help_text=_("A WebVTT file (.vtt), as Zoom, Teams and Meet offer it."),
    )
