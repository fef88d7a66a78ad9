"""The form of fair times: which meetings to compare ways for."""

import re
from datetime import time
from typing import Unpack, cast

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from common.http.form_handling import Form, FormData, FormOptions, ParsedTextField
from common.ui.inputs import DayInput
from members.people.choosing import ZoneSelect
from members.people.zones import zone_choices
from workinggroups.meetings.choices import (
    COMPARED_MAX_TIMES,
    MEETING_MAX_MINUTES,
)
from workinggroups.meetings.local_time import FIRST_YEAR, LAST_YEAR
from workinggroups.meetings.rotation import EVERY_HOUR


class HoursField(ParsedTextField):
    """Times of the day, such as "07:00, 15:00, 22:30"."""

    def parse(self, text: str) -> list[time]:
        words = [word for word in re.split(r"[\s,;]+", text) if word]
        hours = sorted({_hour(word) for word in words})
        if len(hours) > COMPARED_MAX_TIMES:
            raise forms.ValidationError(
                gettext("Enter at most %(most)d times.") % {"most": COMPARED_MAX_TIMES}
            )
        return hours

    def prepare_value(self, value: object) -> object:
        if isinstance(value, list | tuple):
            return ", ".join(f"{hour:%H:%M}" for hour in value)
        return value


def _hour(word: str) -> time:
    parts = re.fullmatch(r"(\d{1,2})(?::(\d{2}))?", word, re.ASCII)
    try:
        if parts:
            return time(int(parts[1]), int(parts[2] or 0))
    except ValueError:
        pass
    raise forms.ValidationError(
        gettext("“%(word)s” is no time of the day, such as 15:00.") % {"word": word[:20]}
    )


class FairTimesForm(Form):
    """When, how often and how long the group meets, and the times that can be chosen."""

    first_on = forms.DateField(label=_("First date"), widget=DayInput())
    weeks = forms.TypedChoiceField(
        label=_("Meets"),
        coerce=int,
        choices=[
            (1, _("Every week")),
            (2, _("Every second week")),
            (3, _("Every third week")),
            (4, _("Every fourth week")),
        ],
    )
    duration_minutes = forms.IntegerField(
        label=_("Length in minutes"), min_value=1, max_value=MEETING_MAX_MINUTES
    )
    zone = forms.ChoiceField(label=_("Time zone"), widget=ZoneSelect)
    hours = HoursField(
        label=_("Times to choose from"),
        required=False,
        max_length=400,
        widget=forms.TextInput(attrs={"placeholder": "07:00, 15:00, 22:00"}),
        help_text=_("Leave it empty for every full hour of the day."),
    )

    def __init__(
        self, data: FormData = None, *, former_zone: str = "", **options: Unpack[FormOptions]
    ) -> None:
        super().__init__(data, **options)
        areas = zone_choices()
        known = {name for _area, zones in areas for name, _place in zones}
        former = [(former_zone, former_zone)] if former_zone and former_zone not in known else []
        cast(forms.ChoiceField, self.fields["zone"]).choices = [*former, *areas]

    def clean_first_on(self) -> object:
        day = self.cleaned_data["first_on"]
        # Two years of room for the meetings after it.
        if not FIRST_YEAR <= day.year <= LAST_YEAR - 2:
            message = gettext("Enter a year from %(first)d to %(last)d.")
            raise forms.ValidationError(message % {"first": FIRST_YEAR, "last": LAST_YEAR - 2})
        return day

    def candidate_hours(self) -> list[time]:
        """Return the times to choose from, every full hour if none were entered."""
        return self.cleaned_data["hours"] or EVERY_HOUR
