"""Forms for planning, moving and cancelling meetings and series."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import Any, TypeAlias, Unpack, cast
from zoneinfo import ZoneInfo

from django import forms
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from common.errors import Invalid
from common.http.form_handling import Form, FormData, FormOptions, ParsedTextField
from common.ui.inputs import DayInput, MarkdownTextarea
from common.web_addresses import WebAddressField
from members.people.choosing import ZoneSelect
from members.people.zones import zone_choices
from workinggroups.meetings import local_time
from workinggroups.meetings.choices import (
    DATES_CHECKED,
    MEETING_MAX_MINUTES,
    REPEATING,
    SERIES_MAX_INTERVAL,
    SEVERAL_DAYS_MAX,
    SKIPPED_REASON_MAX_CHARACTERS,
    Frequency,
)
from workinggroups.meetings.models import Meeting
from workinggroups.meetings.queries.busy import Span
from workinggroups.meetings.recurrence import Recurrence, moment_of

# What a form has read, for the action that checks it.
Details: TypeAlias = dict[str, Any]


# The fields that say when.
TIME_FIELDS = (
    "local_date", "local_time", "fold", "zone", "duration_minutes", "days", "frequency", "interval",
    "until", "skipped",
)  # fmt: skip
FOLDS = ((0, _("The first")), (1, _("The second, an hour later")))


class MeetingForm(Form):
    """Title, time and place. The hour must exist once, in the zone that is named beside it."""

    title = forms.CharField(label=_("Title"), max_length=160)
    local_date = forms.DateField(label=_("Date"), widget=DayInput())
    local_time = forms.TimeField(
        label=_("Start"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    fold = forms.TypedChoiceField(
        label=_("Which hour do you mean?"),
        choices=FOLDS,
        coerce=int,
        empty_value=None,
        required=False,
        widget=forms.RadioSelect,
    )
    zone = forms.ChoiceField(
        label=_("Time zone"),
        widget=ZoneSelect,
        help_text=_(
            "The meeting keeps this local time when clocks change. Everybody sees it in their own "
            "time zone."
        ),
    )
    duration_minutes = forms.IntegerField(
        label=_("Length in minutes"), min_value=1, max_value=MEETING_MAX_MINUTES, initial=60
    )
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
        meeting: Meeting | None = None,
        **options: Unpack[FormOptions],
    ) -> None:
        super().__init__(data, **options)
        self.meeting = meeting
        areas = zone_choices()
        known = {name for _area, zones in areas for name, _place in zones}
        former = [(meeting.zone, meeting.zone)] if meeting and meeting.zone not in known else []
        cast(forms.ChoiceField, self.fields["zone"]).choices = [*former, *areas]
        self.needs_fold = bool(meeting and meeting.fold)

    def clean_local_date(self) -> date:
        day: date = self.cleaned_data["local_date"]
        try:
            local_time.check_year(day)
        except Invalid as error:
            raise forms.ValidationError(error.message) from None
        return day

    def clean(self) -> dict[str, object]:
        cleaned = super().clean() or {}
        if self.errors:
            return cleaned
        try:
            starts_at = local_time.instant(
                cleaned["local_date"],
                cleaned["local_time"],
                local_time.zone_of_record(cleaned["zone"]),
                fold=cleaned["fold"],
            )
        except Invalid as error:
            self.needs_fold = self.needs_fold or error.field == "fold"
            self.add_error(error.field, error.message)
            return cleaned
        self._check_start(starts_at, cleaned["zone"])
        return cleaned

    def starts_at(self) -> datetime | None:
        """Return the start as proposed or sent; None while the form is incomplete."""
        values = self.cleaned_data if self.is_bound else self.initial
        day, hour, zone = (values.get(name) for name in ("local_date", "local_time", "zone"))
        if not (isinstance(day, date) and isinstance(hour, time) and zone):
            return None
        moments = local_time.instants(day, hour, ZoneInfo(zone))
        return moments[0] if moments else None

    def spans(self) -> list[Span]:
        """Return the time of the meeting as proposed or sent; nothing while it is incomplete."""
        starts_at, length = self.starts_at(), self._length()
        return [Span(starts_at, starts_at + length)] if starts_at and length else []

    def _length(self) -> timedelta | None:
        values = self.cleaned_data if self.is_bound else self.initial
        minutes = values.get("duration_minutes")
        return timedelta(minutes=minutes) if isinstance(minutes, int) else None

    def time_errors(self) -> list[str]:
        """Return what is wrong with the time, in sentences."""
        return [str(error) for name in TIME_FIELDS for error in self.errors.get(name, [])]

    def without_missing(self) -> None:
        """Say nothing of fields that are still empty: the form is checked and not yet sent."""
        for name in list(self.errors):
            if name in self.fields and not self.data.get(name):
                del self.errors[name]

    def _check_start(self, starts_at: datetime, zone: str) -> None:
        """Refuse a start in the past, nearly always a slip of the year, unless it is unchanged."""
        is_unchanged = self.meeting is not None and self.meeting.starts_at == starts_at
        if starts_at < timezone.now() and not is_unchanged:
            there = timezone.now().astimezone(ZoneInfo(zone))
            self.add_error(
                "local_date",
                gettext("This is in the past. In %(zone)s it is now %(now)s.")
                % {"zone": zone, "now": f"{there:%Y-%m-%d, %H:%M}"},
            )


class SkippedDaysField(ParsedTextField):
    """Dates, one on each line, with the reason behind: "2026-12-24 Christmas Eve"."""

    widget = forms.Textarea

    def prepare_value(self, value: object) -> object:
        if isinstance(value, list | tuple):
            return "\n".join(f"{day.isoformat()} {reason}".strip() for day, reason in value)
        return value

    def parse(self, text: str) -> list[tuple[date, str]]:
        days = []
        for line in text.splitlines():
            word, _space, reason = line.strip().partition(" ")
            if not word:
                continue
            try:
                day = date.fromisoformat(word)
            except ValueError:
                raise forms.ValidationError(
                    gettext("“%(line)s” does not begin with a date such as 2026-12-24.")
                    % {"line": line.strip()[:40]}
                ) from None
            days.append((day, reason.strip()[:SKIPPED_REASON_MAX_CHARACTERS]))
        return days


class RepeatingForm(MeetingForm):
    """A meeting that may repeat. Of one that does, the hours of other dates ask nobody."""

    days = forms.IntegerField(
        label=_("Number of days"),
        min_value=1,
        max_value=SEVERAL_DAYS_MAX,
        initial=1,
        required=False,
        help_text=_("Each day has its own agenda, attendance and notes."),
    )
    frequency = forms.ChoiceField(
        label=_("Repeats"),
        choices=[("", _("Does not repeat")), *REPEATING],
        required=False,
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
    skipped = SkippedDaysField(
        label=_("Days to skip"),
        required=False,
        max_length=12_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("One date on each line, such as “2026-12-24 Christmas Eve”."),
    )

    def clean(self) -> dict[str, object]:
        cleaned = self.cleaned_data
        if not self.repeats:
            return super().clean()
        if self.errors:
            return cleaned
        if cleaned.get("frequency") and (cleaned.get("days") or 1) > 1:
            self.add_error(
                "days",
                gettext(
                    "A meeting of several days cannot repeat. Enter 1 day, or choose “Does not repeat”."
                ),
            )
            return cleaned
        zone = ZoneInfo(cleaned["zone"])
        starts_at = moment_of(cleaned["local_date"], cleaned["local_time"], zone)
        self._check_start(starts_at, cleaned["zone"])
        return cleaned

    def spans(self) -> list[Span]:
        """Return the times of the first dates of a series as proposed or sent, or of one meeting."""
        values = self.cleaned_data if self.is_bound else self.initial
        single = super().spans()
        rule = self.rule_in(values) if single else None
        if rule is None:
            return single
        ((starts_at, ends_at),) = single
        at, zone = values["local_time"], ZoneInfo(values["zone"])
        skipped = dict(rule.pop("skipped"))
        recurrence = Recurrence(first=values["local_date"], **rule)
        days = (day for day in recurrence.dates() if day not in skipped)
        starts = [moment_of(day, at, zone) for day in islice(days, DATES_CHECKED)]
        return [Span(start, start + (ends_at - starts_at)) for start in starts]

    @property
    def repeats(self) -> bool:
        """Tell whether the valid form is of a series or of a meeting of several days."""
        values = self.cleaned_data
        return bool(values.get("frequency")) or (values.get("days") or 1) > 1

    def rule_in(self, values: Mapping[str, Any]) -> Details | None:
        """Return how a meeting with these values repeats; None for one that does not."""
        days = values.get("days") or 1
        if days > 1:
            return _daily(values["local_date"], days)
        if not values.get("frequency"):
            return None
        return {
            "frequency": values["frequency"],
            "interval": values.get("interval") or 1,
            "until": values.get("until"),
            "skipped": values.get("skipped") or [],
        }

    def meeting_details(self) -> Details:
        """Return what was entered of one meeting."""
        return {name: self.cleaned_data[name] for name in MeetingForm.base_fields}

    def series_details(self) -> Details:
        """Return what was entered of a series, with the days to skip."""
        names = ("title", "local_time", "zone", "duration_minutes", "place", "join_url")
        typed = {name: self.cleaned_data[name] for name in names}
        rule = self.rule_in(self.cleaned_data) or {}
        return {**typed, **rule, "first_on": self.cleaned_data["local_date"]}


def _daily(first: date, days: int) -> Details:
    """Return the rule of a meeting of so many days."""
    last = first + timedelta(days=days - 1)
    return {"frequency": Frequency.DAILY, "interval": 1, "until": last, "skipped": []}


class SeriesForm(RepeatingForm):
    """A meeting of a series and all that follow, with the sequence that its editor has seen.

    Of a meeting of several days, a day and the number of days from it on.
    """

    sequence = forms.IntegerField(min_value=0, max_value=2**31 - 1, widget=forms.HiddenInput)

    def __init__(
        self, data: FormData = None, *, meeting: Meeting, **options: Unpack[FormOptions]
    ) -> None:
        super().__init__(data, meeting=meeting, **options)
        self.is_of_days = meeting.series is not None and meeting.series.is_several_days
        if self.is_of_days:
            for name in ("frequency", "interval", "until", "skipped"):
                del self.fields[name]
            self.fields["days"].required = True
            return
        del self.fields["days"]
        frequency = cast(forms.ChoiceField, self.fields["frequency"])
        frequency.choices, frequency.required = REPEATING, True

    @property
    def repeats(self) -> bool:
        return True

    def rule_in(self, values: Mapping[str, Any]) -> Details | None:
        if self.is_of_days:
            return _daily(values["local_date"], values.get("days") or 1)
        return super().rule_in(values)


class ExtraMeetingForm(MeetingForm):
    """One more meeting of a series."""


class PastMeetingForm(MeetingForm):
    """A meeting that has already taken place."""

    notes = forms.CharField(
        label=_("Notes"),
        required=False,
        strip=False,
        widget=MarkdownTextarea("notes", attrs={"rows": 14, "spellcheck": "true"}),
        help_text=_(
            "As they were written. You can use Markdown. Lines marked as action stay text: no "
            "action items are created."
        ),
    )

    def __init__(self, data: FormData = None, **options: Unpack[FormOptions]) -> None:
        super().__init__(data, **options)
        del self.fields["join_url"]

    def _check_start(self, starts_at: datetime, zone: str) -> None:
        """The action refuses a meeting that is not over, at the same field."""


class MoveForm(MeetingForm):
    """The same for a scheduled meeting, with the sequence that its editor has seen."""

    sequence = forms.IntegerField(min_value=0, max_value=2**31 - 1, widget=forms.HiddenInput)


class CancelForm(Form):
    reason = forms.CharField(
        label=_("Reason"),
        max_length=300,
        help_text=_("Shown on the page and in the e-mail to the group."),
    )


class EndSeriesForm(CancelForm):
    """Of a series that takes turns with others, whether they end too."""

    together = forms.BooleanField(
        label=_("End the series that take turns with it, too"), required=False, initial=True
    )

    def __init__(
        self, data: FormData = None, *, takes_turns: bool, **options: Unpack[FormOptions]
    ) -> None:
        super().__init__(data, **options)
        if not takes_turns:
            del self.fields["together"]

    @property
    def is_for_all(self) -> bool:
        return bool(self.cleaned_data.get("together"))
