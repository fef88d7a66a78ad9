"""Shape and clean input; nothing is saved here."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.errors import Invalid
from common.http.form_handling import Form
from common.ui.inputs import DayInput, MarkdownTextarea
from members.people.choosing import PersonField, ZoneSelect
from members.people.models import Person
from members.people.zones import zone_choices
from workinggroups.meetings import local_time
from workinggroups.meetings.choices import (
    CORRECTION_DAYS,
    CORRECTION_MAX_DAYS,
    MEETING_MAX_MINUTES,
    Goal,
)
from workinggroups.meetings.models import AgendaItem, Meeting

WHICH_HOUR = ((0, gettext_lazy("The first")), (1, gettext_lazy("The second, an hour later")))


class MeetingForm(Form):
    """Title, time and place. The hour must exist once, in the zone that is named beside it."""

    title = forms.CharField(label=gettext_lazy("Title"), max_length=160)
    local_date = forms.DateField(
        label=gettext_lazy("Date"),
        widget=DayInput(),
    )
    local_time = forms.TimeField(
        label=gettext_lazy("Start"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    fold = forms.TypedChoiceField(
        label=gettext_lazy("Which of the two hours"),
        choices=WHICH_HOUR,
        coerce=int,
        empty_value=None,
        required=False,
        widget=forms.RadioSelect,
    )
    zone = forms.ChoiceField(
        label=gettext_lazy("Time zone"),
        widget=ZoneSelect,
        help_text=gettext_lazy(
            "The meeting stays at this hour of the zone when clocks change. Each reader sees it "
            "in their own time."
        ),
    )
    duration_minutes = forms.IntegerField(
        label=gettext_lazy("Length in minutes"),
        min_value=1,
        max_value=MEETING_MAX_MINUTES,
        initial=60,
    )
    place = forms.CharField(label=gettext_lazy("Place"), max_length=200, required=False)
    join_url = forms.URLField(
        label=gettext_lazy("Address to join"),
        max_length=500,
        required=False,
        assume_scheme="https",
        help_text=gettext_lazy("Shown only to those who may read the meeting."),
    )

    def __init__(self, *args: Any, meeting: Meeting | None = None, **options: Any) -> None:
        super().__init__(*args, **options)
        self.meeting = meeting
        zone_field = self.fields["zone"]
        assert isinstance(zone_field, forms.ChoiceField)
        choices: list[Any] = list(zone_choices())
        if meeting is not None and meeting.zone not in {
            name for _area, of in choices for name, _p in of
        }:
            choices.insert(0, (meeting.zone, meeting.zone))
        zone_field.choices = choices
        self.needs_fold = bool(meeting and meeting.fold)

    def clean(self) -> dict[str, Any]:
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
        self._check_when(starts_at, cleaned)
        return cleaned

    def moment(self) -> datetime | None:
        """The start that the form says, be it proposed or sent; None while it says none."""
        said = self.cleaned_data if self.is_bound else self.initial
        if not all(said.get(name) for name in ("local_date", "local_time", "zone")):
            return None
        zone = ZoneInfo(said["zone"])
        found = local_time.instants(said["local_date"], said["local_time"], zone)
        return found[0] if found else None

    def _check_when(self, starts_at: datetime, cleaned: dict[str, Any]) -> None:
        """A date in the past is nearly always a slip of the year; one that stands may stay."""
        stands = self.meeting is not None and self.meeting.starts_at == starts_at
        if starts_at < timezone.now() and not stands:
            there = timezone.now().astimezone(ZoneInfo(cleaned["zone"]))
            self.add_error(
                "local_date",
                _("This is in the past: in %(zone)s it is %(now)s now.")
                % {"zone": cleaned["zone"], "now": f"{there:%Y-%m-%d, %H:%M}"},
            )


class PastMeetingForm(MeetingForm):
    """A meeting that took place before anybody wrote it down here."""

    notes = forms.CharField(
        label=gettext_lazy("Notes"),
        required=False,
        strip=False,
        widget=MarkdownTextarea("notes", attrs={"rows": 14, "spellcheck": "true"}),
        help_text=gettext_lazy(
            "As they were written, in Markdown. Lines marked as action stay text and become "
            "nobody's action item."
        ),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        del self.fields["join_url"]

    def _check_when(self, starts_at: datetime, cleaned: dict[str, Any]) -> None:
        """Whether it is over is the action's question, which answers at the same field."""


class MoveForm(MeetingForm):
    """The same for a meeting that stands, with the sequence that its editor has seen."""

    sequence = forms.IntegerField(min_value=0, max_value=2**31 - 1, widget=forms.HiddenInput)


class CancelForm(Form):
    reason = forms.CharField(
        label=gettext_lazy("Why"),
        max_length=300,
        help_text=gettext_lazy("One sentence. It stands on the page and in the mail to the group."),
    )


class AgendaItemForm(Form):
    title = forms.CharField(label=gettext_lazy("Title"), max_length=160)
    goal = forms.ChoiceField(label=gettext_lazy("Goal"), choices=Goal.choices, initial=Goal.DISCUSS)
    minutes = forms.IntegerField(
        label=gettext_lazy("Minutes"), min_value=1, max_value=MEETING_MAX_MINUTES, required=False
    )
    presenter = PersonField(
        label=gettext_lazy("Who presents"), required=False, empty_label=gettext_lazy("Nobody named")
    )
    text = forms.CharField(
        label=gettext_lazy("What it is about"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, people: QuerySet[Person], **options: Any) -> None:
        super().__init__(*args, **options)
        presenter = self.fields["presenter"]
        assert isinstance(presenter, PersonField)
        presenter.queryset = people

    @staticmethod
    def initial_of(item: AgendaItem) -> dict[str, Any]:
        return {
            "title": item.title,
            "goal": item.goal,
            "minutes": item.minutes,
            "presenter": item.presenter.uuid if item.presenter else None,
            "text": item.text,
        }


class MoveItemForm(Form):
    direction = forms.ChoiceField(choices=(("up", "up"), ("down", "down")))


class AnswerForm(Form):
    answer = forms.ChoiceField(choices=(("coming", "coming"), ("regrets", "regrets")))


class RosterForm(Form):
    """Who of one page of the roll was there; people are named by public id."""

    present = forms.MultipleChoiceField(required=False)

    def __init__(self, *args: Any, roster: dict[str, int], **options: Any) -> None:
        super().__init__(*args, **options)
        self.roster = roster
        field = self.fields["present"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [(uuid, uuid) for uuid in roster]

    def present_ids(self) -> set[int]:
        return {self.roster[uuid] for uuid in self.cleaned_data["present"]}


class NotesForm(Form):
    """The whole text, and the number of the revision it was begun from."""

    source = forms.CharField(
        label=gettext_lazy("Notes"),
        required=False,
        strip=False,
        widget=MarkdownTextarea("notes", attrs={"rows": 24, "spellcheck": "true"}),
    )
    base = forms.IntegerField(min_value=0, max_value=2**31 - 1, widget=forms.HiddenInput)


class SettleForm(Form):
    choice = forms.ChoiceField(
        choices=[(name, name) for name in ("both", "theirs", "mine", "edited")]
    )
    seen = forms.IntegerField(min_value=0, max_value=2**31 - 1, widget=forms.HiddenInput)
    source = forms.CharField(
        label=gettext_lazy("One text from both"),
        required=False,
        strip=False,
        widget=MarkdownTextarea("notes", attrs={"rows": 16}),
    )


class SeenForm(Form):
    """The number of the revision that its reader has before them."""

    seen = forms.IntegerField(min_value=0, max_value=2**31 - 1, widget=forms.HiddenInput)


class ActionForm(Form):
    """What somebody is to do by when."""

    text = forms.CharField(label=gettext_lazy("What is to be done"), max_length=300)
    owner = PersonField(
        label=gettext_lazy("Who"), required=False, empty_label=gettext_lazy("Nobody yet")
    )
    due_on = forms.DateField(
        label=gettext_lazy("By"),
        required=False,
        help_text=gettext_lazy("It is late once this day has ended everywhere on Earth."),
        widget=DayInput(),
    )

    def __init__(self, *args: Any, people: QuerySet[Person], **options: Any) -> None:
        super().__init__(*args, **options)
        owner = self.fields["owner"]
        assert isinstance(owner, PersonField)
        owner.queryset = people


class AssignForm(ActionForm):
    """Who is meant by a line of the notes. `line` is the line as it stands there."""

    text = forms.CharField(widget=forms.HiddenInput, max_length=100_000)
    number = forms.IntegerField(min_value=1, max_value=2**31 - 1, widget=forms.HiddenInput)


class OfferForm(Form):
    correction_days = forms.IntegerField(
        label=gettext_lazy("Days for corrections"),
        min_value=0,
        max_value=CORRECTION_MAX_DAYS,
        initial=CORRECTION_DAYS,
        help_text=gettext_lazy("0 if the minutes may be approved at once."),
    )


class UnlockForm(Form):
    reason = forms.CharField(
        label=gettext_lazy("Why"),
        max_length=2000,
        help_text=gettext_lazy("It stands below the minutes with its date."),
    )


class CorrectionForm(Form):
    text = forms.CharField(
        label=gettext_lazy("What is to be corrected"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
