"""Forms to import the attendance from the list of a video call."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from django import forms
from django.core.exceptions import ValidationError
from django.forms import BoundField
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from common.errors import Invalid
from common.http.form_handling import Form, FormData
from common.unseen import fault_of
from workinggroups.meetings.attendance_lists import Participant, read_file, read_text, written
from workinggroups.meetings.choices import (
    AFFILIATION_MAX_CHARACTERS,
    ATTENDANCE_FILE_MAX_BYTES,
    GUEST_NAME_MAX_CHARACTERS,
    ListedAs,
)
from workinggroups.meetings.participant_names import split_name
from workinggroups.meetings.queries.attendance_import import Attendees, Proposal

# Name and affiliation of a guest, with " (" and ")".
WHO_MAX_CHARACTERS = GUEST_NAME_MAX_CHARACTERS + AFFILIATION_MAX_CHARACTERS + 3
# With more people than this, their names are typed without a list of them.
OFFERED_MAX = 500

# Names with affiliations.
Guests: TypeAlias = list[tuple[str, str]]


class AttendanceFileForm(Form):
    """The file that a video call offers; cleaned, its participants."""

    file = forms.FileField(
        label=_("List of attendance"),
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.tsv,.txt,.xlsx,text/csv"}),
        help_text=_("A CSV or XLSX file from Zoom, Teams or Meet."),
        allow_empty_file=True,
    )

    def clean_file(self) -> list[Participant]:
        upload = self.cleaned_data["file"]
        try:
            return read_file(upload.read(ATTENDANCE_FILE_MAX_BYTES + 1))
        except Invalid as error:
            raise ValidationError(error.message) from None


class SentListForm(Form):
    """The participants whose preview the page showed, sent again; cleaned, they are participants."""

    participants = forms.CharField(
        widget=forms.HiddenInput, strip=False, max_length=ATTENDANCE_FILE_MAX_BYTES
    )

    def clean_participants(self) -> list[Participant]:
        try:
            return read_text(self.cleaned_data["participants"], is_merged=True)
        except Invalid as error:
            raise ValidationError(error.message) from None


@dataclass(frozen=True)
class Line:
    """A line of the preview: a participant, what is proposed, and the two fields to change it."""

    proposal: Proposal
    listed_as: BoundField
    who: BoundField


class AttendanceListForm(Form):
    """As what each participant is recorded: a person of the group, a guest, or not at all."""

    participants = forms.CharField(widget=forms.HiddenInput, strip=False)

    def __init__(
        self, data: FormData = None, *, proposals: Sequence[Proposal], attendees: Attendees
    ) -> None:
        participants = [each.participant for each in proposals]
        initial: dict[str, object] = {"participants": written(participants)}
        for place, each in enumerate(proposals):
            initial |= {f"as-{place}": each.listed_as, f"who-{place}": each.who}
        super().__init__(data, initial=initial)
        self.proposals, self.attendees = proposals, attendees
        self.present: set[int] = set()
        self.guests: Guests = []
        offered = {"list": "attendees"} if self.offers_names else {}
        for place, each in enumerate(proposals):
            name = each.participant.shown_name or each.participant.address
            self.fields[f"as-{place}"] = forms.ChoiceField(
                label=gettext("%(name)s, recorded as") % {"name": name},
                choices=ListedAs.choices,
            )
            self.fields[f"who-{place}"] = forms.CharField(
                label=name,
                required=False,
                max_length=WHO_MAX_CHARACTERS,
                widget=forms.TextInput(attrs={"autocomplete": "off", **offered}),
            )

    @property
    def offers_names(self) -> bool:
        return 0 < len(self.attendees.people) <= OFFERED_MAX

    def lines(self) -> Iterator[Line]:
        for place, each in enumerate(self.proposals):
            yield Line(each, self[f"as-{place}"], self[f"who-{place}"])

    def clean(self) -> dict[str, object]:
        """Find out whom each line means: `present` are ids of people, `guests` names and affiliations."""
        values = super().clean() or {}
        for place in range(len(self.proposals)):
            who = " ".join((values.get(f"who-{place}") or "").split())
            try:
                match values.get(f"as-{place}"):
                    case ListedAs.PERSON:
                        self.present.add(self._person(who))
                    case ListedAs.GUEST:
                        self.guests.append(self._guest(who))
            except ValidationError as error:
                if f"who-{place}" not in self.errors:
                    self.add_error(f"who-{place}", error)
        if not (self.errors or self.present or self.guests):
            self.add_error(None, gettext("Choose at least one person or guest."))
        return values

    def _person(self, who: str) -> int:
        people = self.attendees.called(who)
        if len(people) == 1:
            return people[0].pk
        if not who:
            raise ValidationError(gettext("Enter the name of someone in the group."))
        message = _("Nobody in the group is called “%(who)s”. Record them as a guest instead.")
        if people:
            message = _("Several people in the group match “%(who)s”. Type the whole name.")
        raise ValidationError(message, params={"who": who})

    def _guest(self, who: str) -> tuple[str, str]:
        guest = split_name(who)
        if not guest.name:
            raise ValidationError(gettext("Enter the name of the guest."))
        if fault := fault_of(guest.name) or fault_of(guest.affiliation):
            raise ValidationError(fault)
        return guest.name, guest.affiliation
