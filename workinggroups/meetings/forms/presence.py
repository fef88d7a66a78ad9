"""Forms of check-in, of "I was there", and of guests."""

from django import forms
from django.utils.translation import gettext_lazy as _

from common.http.form_handling import Form
from common.ui.inputs import NeededLaterField
from workinggroups.meetings.choices import (
    AFFILIATION_MAX_CHARACTERS,
    CLAIM_NOTE_MAX_CHARACTERS,
    GUEST_NAME_MAX_CHARACTERS,
)


class CheckInForm(Form):
    presence = forms.ChoiceField(choices=(("here", "here"), ("not_here", "not_here")))


class GuestForm(Form):
    name = forms.CharField(label=_("Name"), max_length=GUEST_NAME_MAX_CHARACTERS)
    affiliation = forms.CharField(
        label=_("Affiliation"),
        max_length=AFFILIATION_MAX_CHARACTERS,
        help_text=_("The organization, or “individual”."),
    )


class ClaimAnswerForm(Form):
    answer = forms.ChoiceField(choices=(("confirm", "confirm"), ("decline", "decline")))
    note = NeededLaterField(
        label=_("Why you decline"),
        required=False,
        max_length=CLAIM_NOTE_MAX_CHARACTERS,
        help_text=_("The person who said that they were there reads it."),
    )
