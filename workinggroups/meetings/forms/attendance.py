"""Forms for answering an invitation, and for recording attendance."""

from typing import Unpack, cast

from django import forms

from common.http.form_handling import Form, FormData, FormOptions


class AnswerForm(Form):
    answer = forms.ChoiceField(choices=(("coming", "coming"), ("regrets", "regrets")))
    following = forms.BooleanField(required=False)


class SeriesAnswerForm(AnswerForm):
    """An answer by the link of a series; `meeting` is the one that the page showed."""

    meeting = forms.UUIDField(required=False)


class RosterForm(Form):
    """Who of one page of the list attended; people are named by public id."""

    present = forms.MultipleChoiceField(required=False)
    # When the list was shown. Who checked in after that stays present.
    seen_at = forms.DateTimeField(required=False, widget=forms.HiddenInput)

    def __init__(
        self, data: FormData = None, *, roster: dict[str, int], **options: Unpack[FormOptions]
    ) -> None:
        super().__init__(data, **options)
        self.roster = roster
        present = cast(forms.MultipleChoiceField, self.fields["present"])
        present.choices = [(uuid, uuid) for uuid in roster]

    def present_ids(self) -> set[int]:
        return {self.roster[uuid] for uuid in self.cleaned_data["present"]}
