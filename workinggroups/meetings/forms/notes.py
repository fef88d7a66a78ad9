"""Forms for the notes and for action items from them."""

from typing import Unpack, cast

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from common.errors import Invalid
from common.http.form_handling import Form, FormData, FormOptions
from common.ui.inputs import DayInput, MarkdownTextarea
from members.people.choosing import PersonField
from members.people.models import Person
from workinggroups.meetings.markdown_files import FILE_MAX_BYTES, decoded


class NotesForm(Form):
    """The whole text, and the number of the revision it was begun from."""

    source = forms.CharField(
        label=_("Notes"),
        required=False,
        strip=False,
        widget=MarkdownTextarea("notes", attrs={"rows": 24, "spellcheck": "true"}),
    )
    base = forms.IntegerField(min_value=0, max_value=2**31 - 1, widget=forms.HiddenInput)


class ImportForm(Form):
    """A Markdown file, or its text, and the revision that the page showed."""

    file = forms.FileField(
        label=_("Markdown file"),
        required=False,
        widget=forms.ClearableFileInput(attrs={"accept": ".md,.markdown,.txt,text/markdown"}),
        help_text=_("A file downloaded from here knows on which revision it is based."),
    )
    source = forms.CharField(
        label=_("Or paste the text"),
        required=False,
        strip=False,
        widget=MarkdownTextarea("notes", attrs={"rows": 12}),
    )
    base = forms.IntegerField(min_value=0, max_value=2**31 - 1, widget=forms.HiddenInput)

    def text(self) -> str:
        """Return what was sent: the file, else the pasted text. Raises Invalid for neither or both."""
        file, pasted = self.cleaned_data["file"], self.cleaned_data["source"]
        if bool(file) == bool(pasted.strip()):
            raise Invalid(gettext("Choose a file or paste a text, not both."), "file")
        return decoded(file.read(FILE_MAX_BYTES + 1)) if file else pasted


class SettleForm(Form):
    choice = forms.ChoiceField(
        choices=[(name, name) for name in ("both", "theirs", "mine", "edited")]
    )
    seen = forms.IntegerField(min_value=0, max_value=2**31 - 1, widget=forms.HiddenInput)
    source = forms.CharField(
        label=_("Combined text"),
        required=False,
        strip=False,
        widget=MarkdownTextarea("notes", attrs={"rows": 16}),
    )


class ActionForm(Form):
    """Who does what by when."""

    text = forms.CharField(label=_("What needs to be done"), max_length=300)
    owner = PersonField(label=_("Assigned to"), required=False, empty_label=_("Unassigned"))
    due_on = forms.DateField(
        label=_("Due"),
        required=False,
        help_text=_("It counts as late once this day has ended everywhere on Earth."),
        widget=DayInput(),
    )

    def __init__(
        self, data: FormData = None, *, people: QuerySet[Person], **options: Unpack[FormOptions]
    ) -> None:
        super().__init__(data, **options)
        cast(PersonField, self.fields["owner"]).queryset = people


class AssignForm(ActionForm):
    """Owner and due date of a marker in the notes; `text` and `number` name the marker."""

    text = forms.CharField(widget=forms.HiddenInput, max_length=100_000)
    number = forms.IntegerField(min_value=1, max_value=2**31 - 1, widget=forms.HiddenInput)
