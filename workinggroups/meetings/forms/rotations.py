"""The form that schedules a rotation, or a series at the most even time."""

from datetime import date, datetime, time
from typing import Unpack

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from common.http.form_handling import Form, FormData, FormOptions, ParsedTextField
from common.ui.inputs import DayInput
from common.web_addresses import WebAddressField
from workinggroups.meetings.choices import (
    MEETING_MAX_MINUTES,
    ROTATION_MAX_TIMES,
    SERIES_MAX_INTERVAL,
)
from workinggroups.meetings.forms.planning import Details, SkippedDaysField
from workinggroups.meetings.forms.polls import VALUE_FORMAT
from workinggroups.meetings.models import MeetingSeries


class TurnsField(ParsedTextField):
    """The first meeting at each time, such as "2027-01-12T15:00 2027-01-19T07:00"."""

    widget = forms.HiddenInput

    def parse(self, text: str) -> list[tuple[date, time]]:
        try:
            moments = [datetime.strptime(word, VALUE_FORMAT) for word in text.split()]
        except ValueError:
            moments = []
        if not 1 <= len(moments) <= ROTATION_MAX_TIMES:
            raise forms.ValidationError(gettext("Choose the times on the page of fair times."))
        return [(moment.date(), moment.time()) for moment in moments]

    def prepare_value(self, value: object) -> object:
        if isinstance(value, list | tuple):
            return " ".join(f"{datetime.combine(day, at):{VALUE_FORMAT}}" for day, at in value)
        return value


class RotationForm(Form):
    """What the meetings have in common; their times come from the page of fair times."""

    times = TurnsField(label=_("Times"), max_length=400)
    zone = forms.CharField(max_length=64, widget=forms.HiddenInput)
    weeks = forms.IntegerField(min_value=1, max_value=SERIES_MAX_INTERVAL, widget=forms.HiddenInput)
    title = forms.CharField(label=_("Title"), max_length=160)
    duration_minutes = forms.IntegerField(
        label=_("Length in minutes"), min_value=1, max_value=MEETING_MAX_MINUTES
    )
    until = forms.DateField(
        label=_("Last date"),
        required=False,
        widget=DayInput(),
        help_text=_("Leave it empty if the series goes on."),
    )
    skipped = SkippedDaysField(
        label=_("Days to skip"),
        required=False,
        max_length=12_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("One date on each line, such as “2026-12-24 Christmas Eve”."),
    )
    place = forms.CharField(label=_("Place"), max_length=200, required=False)
    join_url = WebAddressField(
        label=_("Link to join"),
        max_length=500,
        required=False,
        help_text=_("Only people who can see the meeting can see the link."),
    )
    replace = forms.BooleanField(required=False)
    sequence = forms.IntegerField(
        required=False, min_value=0, max_value=2**31 - 1, widget=forms.HiddenInput
    )

    def __init__(
        self,
        data: FormData = None,
        *,
        replaced: MeetingSeries | None,
        **options: Unpack[FormOptions],
    ) -> None:
        super().__init__(data, **options)
        self._replaced = replaced
        if replaced is None:
            del self.fields["replace"]
            return
        self.fields["replace"].label = gettext("In place of %(title)s (%(rule)s)") % {
            "title": replaced.title,
            "rule": replaced.words,
        }
        self.fields["replace"].help_text = gettext(
            "Its meetings from the first date on take these times. Their answers, agendas and files stay."
        )

    def details(self) -> Details:
        """Return what was entered, for the action that checks it."""
        names = (
            "times", "zone", "weeks", "title", "duration_minutes", "until", "skipped", "place",
            "join_url",
        )  # fmt: skip
        entered = {name: self.cleaned_data[name] for name in names}
        if self._replaced is not None and self.cleaned_data["replace"]:
            entered |= {
                "replaces": self._replaced,
                "sequence": self.cleaned_data["sequence"] or 0,
            }
        return entered
