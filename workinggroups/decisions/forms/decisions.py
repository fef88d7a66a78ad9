"""What a chair or the secretary types to record a decision."""

from datetime import date
from typing import TypedDict, Unpack, cast

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from common import days
from common.errors import Invalid
from common.http.form_handling import Form, FormData, FormOptions
from common.ui.date_format import today_words
from common.ui.inputs import DayInput, MarkdownTextarea
from workinggroups.attachments.forms import FilesField
from workinggroups.decisions import tally
from workinggroups.decisions.choices import FIRST_YEAR, Method, Outcome, Unit
from workinggroups.decisions.tally import Tally
from workinggroups.groups.models import CharterVersion
from workinggroups.meetings.addresses import is_meeting_address
from workinggroups.meetings.models import Meeting
from workinggroups.meetings.models.meetings import MeetingQuerySet

COUNT_MAX = 100_000


class MeetingField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A meeting, named by its address: by number, or by day before it has one."""

    def label_from_instance(self, obj: Meeting) -> str:
        return obj.name_and_day

    def prepare_value(self, value: object) -> object:
        return value.address if isinstance(value, Meeting) else value

    def to_python(self, value: object) -> Meeting | None:
        if isinstance(value, Meeting):
            return value
        if value in self.empty_values:
            return None
        offered = cast(MeetingQuerySet, self.queryset)
        address = str(value)
        meeting: Meeting | None = None
        if is_meeting_address(address):
            meeting = offered.at_address(address).first()
        if meeting is None:
            raise forms.ValidationError(
                self.error_messages["invalid_choice"],
                code="invalid_choice",
                params={"value": value},
            )
        return meeting


class HowDecided(TypedDict):
    method: str
    counts: Tally
    dissent: str
    decided_on: date
    meeting: Meeting | None


class Result(HowDecided):
    outcome: str


class ResultForm(Form):
    """How a decision was taken: shared by every form that records one."""

    # Empty in forms that were open before there was a choice.
    outcome = forms.ChoiceField(
        label=_("Outcome"),
        choices=Outcome.choices,
        widget=forms.RadioSelect,
        initial=Outcome.ADOPTED,
        required=False,
    )
    method = forms.ChoiceField(
        label=_("Decided by"), choices=Method.choices, widget=forms.RadioSelect
    )
    votes_for = forms.IntegerField(label=_("For"), min_value=0, max_value=COUNT_MAX, required=False)
    votes_against = forms.IntegerField(
        label=_("Against"), min_value=0, max_value=COUNT_MAX, required=False
    )
    abstentions = forms.IntegerField(
        label=_("Abstained"), min_value=0, max_value=COUNT_MAX, required=False
    )
    unit = forms.ChoiceField(
        label=_("What do these numbers count?"),
        choices=Unit.choices,
        widget=forms.RadioSelect,
        required=False,
    )
    dissent = forms.CharField(
        label=_("Who disagreed, and why"),
        help_text=_("Shown with the result everywhere, including in public."),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=4000,
        required=False,
    )
    decided_on = forms.DateField(label=_("Decided on"), widget=DayInput())
    meeting = MeetingField(
        label=_("At the meeting"),
        queryset=Meeting.objects.none(),
        empty_label=_("Not at a meeting"),
        required=False,
    )

    def __init__(
        self,
        data: FormData = None,
        *,
        meetings: QuerySet[Meeting],
        zone: str,
        unit: str,
        **options: Unpack[FormOptions],
    ) -> None:
        """`zone` is the writer's: the form proposes and explains the day by its calendar. `unit` is
        what the group counts."""
        proposed = {"decided_on": days.today_in(zone), "unit": unit}
        options["initial"] = {**proposed, **(options.get("initial") or {})}
        super().__init__(data, **options)
        cast(MeetingField, self.fields["meeting"]).queryset = meetings
        self.fields["decided_on"].help_text = today_words(zone)
        self.fields["decided_on"].widget.attrs["max"] = days.latest_today().isoformat()

    def clean_decided_on(self) -> date:
        """Refuse days too long ago. The action refuses future ones, as a meeting may be ahead."""
        day: date = self.cleaned_data["decided_on"]
        if day.year < FIRST_YEAR:
            raise forms.ValidationError(
                gettext("Enter a day in %(year)d or later.") % {"year": FIRST_YEAR}
            )
        return day

    def clean_outcome(self) -> str:
        return self.cleaned_data["outcome"] or Outcome.ADOPTED.value

    def clean(self) -> dict[str, object]:
        """Check the counts as the action does, so that an error is shown beside its field."""
        cleaned = super().clean() or {}
        needed = {"method", "votes_for", "votes_against", "abstentions", "unit", "dissent"}
        if needed <= cleaned.keys():
            counts, dissent = self.counts(), cleaned["dissent"].strip()
            if counts.is_counted and not counts.unit:
                self.add_error("unit", gettext("Choose what the numbers count."))
            try:
                tally.check(cleaned["method"], counts, dissent, self.chosen_outcome())
            except Invalid as error:
                self.add_error(error.field, error.message)
        return cleaned

    def counts(self) -> Tally:
        data = self.cleaned_data
        return Tally(data["votes_for"], data["votes_against"], data["abstentions"], data["unit"])

    def chosen_outcome(self) -> str:
        """Return the outcome; a form that does not ask for it is about what was adopted."""
        return str(self.cleaned_data.get("outcome") or Outcome.ADOPTED)

    def result(self) -> Result:
        """Return the arguments of `record_decision` that say how the decision was taken."""
        return {"outcome": self.chosen_outcome(), **self.how_decided()}

    def how_decided(self) -> HowDecided:
        """Return the result without the outcome."""
        return {
            "method": self.cleaned_data["method"],
            "counts": self.counts(),
            "dissent": self.cleaned_data["dissent"],
            "decided_on": self.cleaned_data["decided_on"],
            "meeting": self.cleaned_data["meeting"],
        }


class DecisionForm(ResultForm):
    """A decision with its words, its files, its result and the charter it adopts, if any."""

    title = forms.CharField(
        label=_("The decision in one sentence"),
        help_text=_("For example: “Name who pays for a test, in every result record”."),
        max_length=200,
    )
    source = forms.CharField(
        label=_("Text and reasons"),
        help_text=_("What exactly was decided, and why. You can use Markdown."),
        widget=MarkdownTextarea("post", attrs={"rows": 8}),
        required=False,
        strip=False,
    )
    attachments = FilesField(
        label=_("Files"),
        help_text=_(
            "At most 25 MB in total. Like the decision, they can never be changed. To show a "
            "picture in the text, write ![What it shows](name.png)"
        ),
        required=False,
    )
    charter_version = forms.ModelChoiceField(
        label=_("Adopts the charter"),
        help_text=_("The charter comes into force when you record the decision."),
        queryset=CharterVersion.objects.none(),
        to_field_name="uuid",
        empty_label=_("No charter"),
        required=False,
    )
    source_line = forms.CharField(widget=forms.HiddenInput, max_length=32, required=False)
    field_order = ["title", "source", "attachments", "charter_version"]

    def clean(self) -> dict[str, object]:
        """Refuse a marker of the notes without its meeting."""
        cleaned = super().clean()
        if cleaned.get("source_line") and not cleaned.get("meeting"):
            self.add_error(
                "meeting", gettext("Choose the meeting whose notes contain this decision.")
            )
        return cleaned

    def __init__(
        self,
        data: FormData = None,
        *,
        charters: QuerySet[CharterVersion],
        meetings: QuerySet[Meeting],
        zone: str,
        unit: str,
        is_replacement: bool = False,
        **options: Unpack[FormOptions],
    ) -> None:
        """A decision that replaces another one was adopted, so its form does not ask."""
        super().__init__(data, meetings=meetings, zone=zone, unit=unit, **options)
        if is_replacement:
            self.fields["outcome"].widget = forms.HiddenInput()
        charter_version = self.fields["charter_version"]
        cast("forms.ModelChoiceField[CharterVersion]", charter_version).queryset = charters
        if not charters:
            del self.fields["charter_version"]
