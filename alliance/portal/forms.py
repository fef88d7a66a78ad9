from typing import Self

from django import forms
from django.utils.translation import gettext_lazy as _

from common.http.form_handling import Form
from common.ui.inputs import MarkdownTextarea


class AppearanceForm(Form):
    """The theme; empty means the one that the reader's system is set to."""

    theme = forms.ChoiceField(
        label=_("How pages look"),
        choices=[
            ("", _("Same as my system")),
            ("light", _("Light")),
            ("dark", _("Dark")),
        ],
        widget=forms.RadioSelect,
        required=False,
    )


class SiteTextForm(Form):
    """The title and text of one page, and the version that they were edited from."""

    title = forms.CharField(label=_("Title"), max_length=120)
    source = forms.CharField(
        label=_("Text, in Markdown"),
        widget=MarkdownTextarea("document", attrs={"rows": 24}),
        strip=False,
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**31 - 1)

    def against(self, version: int) -> Self:
        """Return the form with the same text, to be saved over this version."""
        data = dict(self.data.items())
        data["version"] = str(version)
        return type(self)(data)


class ReleaseMailForm(Form):
    """The day from which held mail is still sent; empty for all of it."""

    drop_before = forms.DateField(
        label=_("Drop mail from before this day"),
        help_text=_("Leave empty to send all held mail."),
        widget=forms.DateInput(attrs={"type": "date"}),
        required=False,
    )
