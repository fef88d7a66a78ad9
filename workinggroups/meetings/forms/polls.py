"""Forms of polls for a time: proposing times in a table of days and hours, answering, choosing."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Unpack, cast
from uuid import UUID

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from common.days import today_in
from common.http.form_handling import Form, FormData, FormOptions
from common.ui.inputs import DayInput
from common.web_addresses import WebAddressField
from members.people.choosing import ZoneSelect
from members.people.zones import is_zone, zone_choices
from workinggroups.meetings.choices import (
    MEETING_MAX_MINUTES,
    POLL_NOTE_MAX_CHARACTERS,
    REPEATING,
    SERIES_MAX_INTERVAL,
    Availability,
)
from workinggroups.meetings.forms.planning import Details
from workinggroups.meetings.models import TimeOption

GRID_DAYS = 7
# More values than any table of days and hours has are refused unread.
TIMES_MAX = 400
VALUE_FORMAT = "%Y-%m-%dT%H:%M"
# First and last hour of the table.
HOURS = {"day": (8, 18), "waking": (7, 22), "all": (0, 24)}


class TimesField(forms.Field):
    """Local times, each sent as "2026-12-01T15:00"."""

    widget: type[forms.Widget] | forms.Widget = forms.CheckboxSelectMultiple

    def to_python(self, value: object) -> list[tuple[date, time]]:
        values = value if isinstance(value, list | tuple) else []
        if len(values) > TIMES_MAX:
            raise forms.ValidationError(gettext("These are too many times."))
        starts = [_start(str(each)) for each in values]
        if None in starts:
            raise forms.ValidationError(gettext("Choose the times in the table."))
        return sorted({start for start in starts if start})

    def validate(self, value: object) -> None:
        """The action says how many times a poll has."""


def _start(value: str) -> tuple[date, time] | None:
    try:
        moment = datetime.strptime(value, VALUE_FORMAT)
    except ValueError:
        return None
    return moment.date(), moment.time()


@dataclass(frozen=True, slots=True)
class GridCell:
    """A time that can be proposed."""

    value: str
    day: date
    at: time
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class TimeGrid:
    """Seven days by the hours shown, and the chosen times that are not among them."""

    days: list[date]
    rows: list[tuple[time, list[GridCell]]]
    others: list[GridCell]


class TimesForm(Form):
    """Times to propose, chosen in a table of a week, and what the table shows."""

    times = TimesField(label=_("Proposed times"), required=False)
    from_day = forms.DateField(label=_("Days from"), required=False, widget=DayInput())
    hours = forms.ChoiceField(
        label=_("Hours"),
        choices=[
            ("day", _("08:00 to 18:00")),
            ("waking", _("07:00 to 22:00")),
            ("all", _("The whole day")),
        ],
        required=False,
    )
    step = forms.ChoiceField(
        label=_("Times"),
        choices=[("60", _("Every hour")), ("30", _("Every half hour"))],
        required=False,
    )

    def __init__(self, data: FormData = None, **options: Unpack[FormOptions]) -> None:
        super().__init__(data, **options)
        if not self.is_bound and not self.initial.get("from_day"):
            self.initial["from_day"] = _next_monday(self.table_zone())

    def table_zone(self) -> str:
        """Return the zone in which the table shows days and hours."""
        raise NotImplementedError

    @property
    def table_controls(self) -> list[forms.BoundField]:
        """Return the fields that say what the table shows."""
        return [self[name] for name in ("from_day", "hours", "step")]

    @property
    def grid(self) -> TimeGrid:
        """Return the table with what is chosen now, also in a form that is shown again."""
        chosen = {str(value) for value in self["times"].value() or [] if _start(str(value))}
        first = _day(self["from_day"].value()) or _next_monday(self.table_zone())
        begin, end = HOURS.get(str(self["hours"].value()), HOURS["day"])
        step = 30 if str(self["step"].value()) == "30" else 60
        days = [first + timedelta(days=number) for number in range(GRID_DAYS)]
        hours = [time(minute // 60, minute % 60) for minute in range(begin * 60, end * 60, step)]
        rows = [(at, [_cell(day, at, chosen) for day in days]) for at in hours]
        shown = {cell.value for _at, cells in rows for cell in cells}
        starts = sorted(start for value in chosen - shown if (start := _start(value)))
        return TimeGrid(days, rows, [_cell(day, at, chosen) for day, at in starts])


def _cell(day: date, at: time, chosen: set[str]) -> GridCell:
    value = datetime.combine(day, at).strftime(VALUE_FORMAT)
    return GridCell(value, day, at, value in chosen)


def _day(value: object) -> date | None:
    """Return the first day of the table; None for one that no table begins with."""
    try:
        day = value if isinstance(value, date) else date.fromisoformat(str(value))
    except ValueError:
        return None
    return day if 2000 <= day.year <= 2100 else None


def _next_monday(zone: str) -> date:
    today = today_in(zone)
    return today + timedelta(days=7 - today.weekday())


class PollForm(TimesForm):
    """A poll for one meeting, or for a series if it repeats."""

    title = forms.CharField(label=_("Title"), max_length=160)
    duration_minutes = forms.IntegerField(
        label=_("Length in minutes"), min_value=1, max_value=MEETING_MAX_MINUTES, initial=60
    )
    zone = forms.ChoiceField(
        label=_("Time zone"),
        widget=ZoneSelect,
        help_text=_("Of the table below. Everybody sees the times in their own time zone."),
    )
    frequency = forms.ChoiceField(
        label=_("Repeats"),
        choices=[("", _("Does not repeat")), *REPEATING],
        required=False,
        help_text=_("Of a series, propose the times of the first meeting."),
    )
    interval = forms.IntegerField(
        label=_("Every … weeks or months"),
        min_value=1,
        max_value=SERIES_MAX_INTERVAL,
        initial=1,
        required=False,
        help_text=_("2 with “Weekly” is every second week."),
    )
    until = forms.DateField(
        label=_("Last date"),
        required=False,
        widget=DayInput(),
        help_text=_("Leave it empty if the series goes on."),
    )
    answers_due_on = forms.DateField(
        label=_("Answer by"),
        widget=DayInput(),
        help_text=_("We remind those who have not answered the day before."),
    )
    note = forms.CharField(
        label=_("Note"),
        required=False,
        max_length=POLL_NOTE_MAX_CHARACTERS,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("What the meeting is about. Plain text."),
    )

    def __init__(self, data: FormData = None, **options: Unpack[FormOptions]) -> None:
        super().__init__(data, **options)
        cast(forms.ChoiceField, self.fields["zone"]).choices = zone_choices()

    def table_zone(self) -> str:
        zone = str(self["zone"].value() or "")
        return zone if is_zone(zone) else "UTC"

    def details(self) -> Details:
        """Return what was entered, for the action that checks it."""
        names = ("title", "duration_minutes", "zone", "answers_due_on", "note")
        entered = {name: self.cleaned_data[name] for name in names}
        entered["options"] = self.cleaned_data["times"]
        if self.cleaned_data["frequency"]:
            entered |= {
                "frequency": self.cleaned_data["frequency"],
                "interval": self.cleaned_data["interval"] or 1,
                "until": self.cleaned_data["until"],
            }
        return entered


class PollChangeForm(TimesForm):
    """Title, note and last day of an open poll, and more times to propose."""

    title = forms.CharField(label=_("Title"), max_length=160)
    answers_due_on = forms.DateField(label=_("Answer by"), widget=DayInput())
    note = forms.CharField(
        label=_("Note"),
        required=False,
        max_length=POLL_NOTE_MAX_CHARACTERS,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    version = forms.IntegerField(min_value=1, max_value=2**31 - 1, widget=forms.HiddenInput)

    def __init__(self, data: FormData = None, *, zone: str, **options: Unpack[FormOptions]) -> None:
        self._zone = zone
        super().__init__(data, **options)
        self.fields["times"].label = _("More times")

    def table_zone(self) -> str:
        return self._zone

    def details(self) -> Details:
        """Return what was entered, for the action that checks it."""
        names = ("title", "answers_due_on", "note", "version")
        entered = {name: self.cleaned_data[name] for name in names}
        return {**entered, "options": self.cleaned_data["times"]}


class PollAnswersForm(Form):
    """One answer to each proposed time; those left open change nothing.

    The button `rest` says no to all that are still open.
    """

    rest = forms.BooleanField(required=False)

    def __init__(
        self,
        data: FormData = None,
        *,
        options: Iterable[TimeOption],
        answered: Sequence[int],
        **more: Unpack[FormOptions],
    ) -> None:
        super().__init__(data, **more)
        self._options = list(options)
        self._answered = set(answered)
        for option in self._options:
            self.fields[field_of(option)] = forms.ChoiceField(
                choices=Availability.choices, required=False
            )

    def clean(self) -> dict[str, object]:
        cleaned = super().clean() or {}
        if not self.errors and not self.answers():
            raise forms.ValidationError(gettext("Answer at least one of the times."))
        return cleaned

    def answers(self) -> dict[UUID, str]:
        """Return the answers by option uuid."""
        given = {
            option.uuid: self.cleaned_data.get(field_of(option)) or "" for option in self._options
        }
        if self.cleaned_data.get("rest"):
            for option in self._options:
                if not given[option.uuid] and option.pk not in self._answered:
                    given[option.uuid] = Availability.NO.value
        return {uuid: answer for uuid, answer in given.items() if answer}


def field_of(option: TimeOption) -> str:
    """Return the name of the form field for the answer to a proposed time."""
    return f"time-{option.uuid}"


class DecideForm(Form):
    """The time that is chosen, and what the meeting or series needs besides."""

    option = forms.ChoiceField(label=_("Time"), widget=forms.RadioSelect)
    title = forms.CharField(label=_("Title"), max_length=160)
    place = forms.CharField(label=_("Place"), max_length=200, required=False)
    join_url = WebAddressField(
        label=_("Link to join"),
        max_length=500,
        required=False,
        help_text=_("Only people who can see the meeting can see the link."),
    )

    def __init__(
        self,
        data: FormData = None,
        *,
        options: Iterable[tuple[str, str]],
        **more: Unpack[FormOptions],
    ) -> None:
        super().__init__(data, **more)
        cast(forms.ChoiceField, self.fields["option"]).choices = list(options)
