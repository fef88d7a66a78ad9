"""What staff type about a work published elsewhere, and why a publication is withdrawn."""

from typing import Unpack

from django import forms
from django.utils.translation import gettext_lazy as _

from catalogue.models import ExternalWork
from common.days import today_in
from common.http.form_handling import Form, FormData, FormOptions
from common.ui.date_format import today_words
from common.vocabulary.licences import LICENCE_CHOICES
from common.vocabulary.models import FocusArea
from common.web_addresses import WebAddressField
from workinggroups.deliverables.choices import DeliverableKind


class ExternalWorkForm(Form):
    title = forms.CharField(label=_("Title"), max_length=200)
    url = WebAddressField(label=_("Web address"), max_length=500)
    publisher = forms.CharField(label=_("Published by"), max_length=160)
    published_on = forms.DateField(
        label=_("Published on"), widget=forms.DateInput(attrs={"type": "date"})
    )
    kind = forms.ChoiceField(label=_("Type"), choices=DeliverableKind.choices)
    focus_area = forms.ModelChoiceField(
        label=_("Focus area"),
        queryset=FocusArea.objects.all(),
        to_field_name="slug",
        empty_label=None,
    )
    licence = forms.ChoiceField(
        label=_("Licence"), choices=[("", _("Not stated")), *LICENCE_CHOICES], required=False
    )
    summary = forms.CharField(
        label=_("Plain summary"),
        help_text=_("What it is and who it is for, in plain words."),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=1500,
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=1)

    def __init__(self, data: FormData = None, *, zone: str, **options: Unpack[FormOptions]) -> None:
        """`zone` is the writer's: today is the day there."""
        super().__init__(data, **options)
        field = self.fields["published_on"]
        field.help_text = today_words(zone)
        field.widget.attrs["max"] = today_in(zone).isoformat()

    @staticmethod
    def initial_of(entry: ExternalWork) -> dict[str, object]:
        names = ("title", "url", "publisher", "published_on", "kind", "licence", "summary")
        return {
            **{name: getattr(entry, name) for name in names},
            "focus_area": entry.focus_area.slug,
            "version": entry.version,
        }


class WithdrawForm(Form):
    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("Say why, and what to use instead. It stays on the public page permanently."),
        widget=forms.Textarea(attrs={"rows": 5}),
        max_length=2000,
    )
