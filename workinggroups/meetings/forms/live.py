"""Forms of the page "In the meeting"."""

from typing import Unpack, cast

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from common.http.form_handling import Form, FormData, FormOptions
from members.people.choosing import PersonField
from members.people.models import Person


class HandForm(Form):
    hand = forms.ChoiceField(choices=(("raise", "raise"), ("lower", "lower")))


class NextSpeakerForm(Form):
    """Whose turn the officer saw, and whom to call instead of the first in order."""

    after = forms.UUIDField(required=False)
    chosen = forms.UUIDField(required=False)


class SpeakerForm(Form):
    """Someone who is present."""

    person = PersonField(label=_("Who wants to speak"))

    def __init__(
        self, data: FormData = None, *, people: QuerySet[Person], **options: Unpack[FormOptions]
    ) -> None:
        super().__init__(data, **options)
        cast(PersonField, self.fields["person"]).queryset = people


class PresentForm(Form):
    """Someone with a seat who is not recorded as present."""

    attendee = PersonField(label=_("Who is here"))

    def __init__(
        self, data: FormData = None, *, people: QuerySet[Person], **options: Unpack[FormOptions]
    ) -> None:
        super().__init__(data, **options)
        cast(PersonField, self.fields["attendee"]).queryset = people
