from typing import Self

from django import forms
from django.utils.translation import gettext_lazy as _

from common.http.form_handling import Form
from common.ui.inputs import MarkdownTextarea


class AppearanceForm(Form):
    """Which of the two themes; nothing means what the reader's system says."""

    theme = forms.ChoiceField(
        label=_("How pages look"),
        choices=[
            ("", _("As my system is set")),
            ("light", _("Light")),
            ("dark", _("Dark")),
        ],
        widget=forms.RadioSelect,
        required=False,
    )


class SiteTextForm(Form):
    """The words of one page, and the version they were written against."""

    title = forms.CharField(label=_("Title"), max_length=120)
    source = forms.CharField(
        label=_("Text, in Markdown"),
        widget=MarkdownTextarea("document", attrs={"rows": 24}),
        strip=False,
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**31 - 1)

    def against(self, version: int) -> Self:
        """The same words, now to be saved over this version."""
        data = dict(self.data.items())
        data["version"] = str(version)
        return type(self)(data)


class ReleaseMailForm(Form):
    """From which day on mail that was held is still sent; empty for all of it."""

    drop_before = forms.DateField(
        label=_("Drop mail from before this day"),
        help_text=_("Leave it empty to send everything that waits."),
        widget=forms.DateInput(attrs={"type": "date"}),
        required=False,
    )
