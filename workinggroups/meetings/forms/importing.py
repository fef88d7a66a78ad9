"""The form that imports series from a calendar file."""

from typing import Unpack, cast

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from common.errors import Invalid
from common.http.form_handling import Form, FormData, FormOptions
from members.people.choosing import ZoneSelect
from members.people.zones import zone_choices
from workinggroups.meetings.calendar_files import decoded, kept_lines
from workinggroups.meetings.choices import CALENDAR_FILE_MAX_BYTES, IMPORT_MAX_SERIES


class ImportSeriesForm(Form):
    """A calendar file; or, after the dry run, what was read of it and the series that were chosen."""

    file = forms.FileField(
        label=_("Calendar file"),
        error_messages={"required": _("Choose a calendar file.")},
        widget=forms.ClearableFileInput(attrs={"accept": ".ics,.ical,text/calendar"}),
        help_text=_("A file whose name ends in .ics, as calendar programs export it."),
    )
    zone = forms.ChoiceField(
        label=_("Time zone"),
        widget=ZoneSelect,
        help_text=_("Only for times in the file that name no time zone, or one we do not know."),
    )
    with_past = forms.BooleanField(
        label=_("Also add its past meetings, up to 100 of each series, as added afterwards"),
        required=False,
    )
    source = forms.CharField(
        required=False, strip=False, max_length=CALENDAR_FILE_MAX_BYTES, widget=forms.HiddenInput
    )

    def __init__(self, data: FormData = None, **options: Unpack[FormOptions]) -> None:
        super().__init__(data, **options)
        cast(forms.ChoiceField, self.fields["zone"]).choices = zone_choices()
        self.fields["file"].required = not (data and data.get("source"))

    def clean(self) -> dict[str, object]:
        """Read the file, or what the dry run read of it, as lines of a calendar."""
        cleaned = super().clean() or {}
        file = cleaned.get("file")
        source = cleaned.get("source") or ""
        if not file and not source:
            return cleaned
        try:
            text = decoded(file.read(CALENDAR_FILE_MAX_BYTES + 1)) if file else source
            cleaned["lines"] = kept_lines(text)
        except Invalid as error:
            self.add_error("file", error.message)
        return cleaned

    def chosen(self, keys: list[str]) -> list[str]:
        """Return the keys of the chosen series. Raises Invalid for none, or for too many."""
        if not keys:
            raise Invalid(gettext("Choose at least one series."))
        if len(keys) > IMPORT_MAX_SERIES:
            raise Invalid(gettext("Choose at most %(most)d series.") % {"most": IMPORT_MAX_SERIES})
        return keys
