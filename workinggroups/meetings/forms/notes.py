"""Forms for the notes and for action items from them."""

from typing import cast

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from common.errors import Invalid
from common.http.form_handling import Form
from common.ui.inputs import MarkdownTextarea, NeededLaterField
from members.people.choosing import PeopleField
from members.people.models import Person
from workinggroups.groups.forms import ActionItemForm
from workinggroups.meetings.markdown_files import FILE_MAX_BYTES, decoded


class NotesForm(Form):
    """The whole text, and the number of the revision it was begun from."""

    source = NeededLaterField(
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
    source = NeededLaterField(
        label=_("Or paste the text"),
        required=False,
        strip=False,
        widget=MarkdownTextarea("notes", attrs={"rows": 12}),
    )
    base = forms.IntegerField(min_value=0, max_value=2**31 - 1, widget=forms.HiddenInput)

    def text(self) -> str:
        """Return what was sent: the file, else the pasted text. Raises Invalid for neither or both."""
        file, pasted = self.cleaned_data["file"], self.cleaned_data["source"]
        if not file and not pasted.strip():
            raise Invalid(gettext("Choose a file, or paste the text."), "file")
        if file and pasted.strip():
            raise Invalid(gettext("Choose a file or paste a text, not both."), "file")
        return decoded(file.read(FILE_MAX_BYTES + 1)) if file else pasted


class SettleForm(Form):
    choice = forms.ChoiceField(
        choices=[(name, name) for name in ("both", "theirs", "mine", "edited")]
    )
    seen = forms.IntegerField(min_value=0, max_value=2**31 - 1, widget=forms.HiddenInput)
    source = NeededLaterField(
        label=_("Combined text"),
        required=False,
        strip=False,
        widget=MarkdownTextarea("notes", attrs={"rows": 16}),
    )


class ActionForm(ActionItemForm):
    """Who does what by when."""


class AssignForm(ActionItemForm):
    """Owners and due date of a marker in the notes; `text` and `number` name the marker."""

    text = forms.CharField(widget=forms.HiddenInput, max_length=100_000)
    number = forms.IntegerField(min_value=1, max_value=2**31 - 1, widget=forms.HiddenInput)

    def offer_others(self, named: QuerySet[Person]) -> None:
        """Offer as further owners only the people whom the marker names, if it names several.

        A page can have fifty of these forms; the page of the action item offers everybody.
        """
        if len(named) < 2:
            del self.fields["others"]
        else:
            cast(PeopleField, self.fields["others"]).offer(named)
