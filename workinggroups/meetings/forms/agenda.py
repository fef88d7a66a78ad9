"""Forms of the agenda."""

from collections.abc import Iterable
from hashlib import sha256
from typing import Unpack, cast

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from common.errors import Invalid
from common.http.form_handling import Form, FormData, FormOptions
from common.ui.inputs import MarkdownTextarea
from members.people.choosing import PersonField
from members.people.models import Person
from workinggroups.meetings.choices import (
    AGENDA_PASTE_MAX_CHARACTERS,
    AGENDA_TEXT_MAX_CHARACTERS,
    AGENDA_TITLE_MAX_CHARACTERS,
    MEETING_MAX_MINUTES,
    Goal,
)
from workinggroups.meetings.models import AgendaItem
from workinggroups.meetings.pasted_agenda import PastedAgenda, Point, split_agenda


class AgendaItemForm(Form):
    title = forms.CharField(label=_("Title"), max_length=AGENDA_TITLE_MAX_CHARACTERS)
    goal = forms.ChoiceField(label=_("Goal"), choices=Goal.choices, initial=Goal.DISCUSS)
    minutes = forms.IntegerField(
        label=_("Minutes"), min_value=1, max_value=MEETING_MAX_MINUTES, required=False
    )
    presenter = PersonField(label=_("Presenter"), required=False, empty_label=_("No presenter"))
    text = forms.CharField(
        label=_("Description"),
        max_length=AGENDA_TEXT_MAX_CHARACTERS,
        required=False,
        widget=MarkdownTextarea("post", attrs={"rows": 4}),
    )

    def __init__(
        self, data: FormData = None, *, people: QuerySet[Person], **options: Unpack[FormOptions]
    ) -> None:
        super().__init__(data, **options)
        cast(PersonField, self.fields["presenter"]).queryset = people

    @staticmethod
    def initial_of(item: AgendaItem) -> dict[str, object]:
        return {
            "title": item.title,
            "goal": item.goal,
            "minutes": item.minutes,
            "presenter": item.presenter.uuid if item.presenter else None,
            "text": item.source,
        }


class PasteForm(Form):
    """An agenda as one text. What is added are the points chosen in the preview of the same text."""

    source = forms.CharField(
        label=_("Agenda"),
        max_length=AGENDA_PASTE_MAX_CHARACTERS,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 16}),
    )
    # Of which text the person has seen the preview.
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    pasted: PastedAgenda | None = None

    def __init__(
        self,
        data: FormData = None,
        *,
        people: Iterable[Person],
        room: int,
        **options: Unpack[FormOptions],
    ) -> None:
        super().__init__(data, **options)
        self.people, self.room = people, room

    def clean_source(self) -> str:
        source: str = self.cleaned_data["source"]
        try:
            self.pasted = split_agenda(source, self.people, room=self.room)
        except Invalid as error:
            raise forms.ValidationError(error.message) from error
        return source

    @property
    def digest(self) -> str:
        """Return what names the text whose preview is shown."""
        return sha256(self.cleaned_data["source"].encode()).hexdigest()

    @property
    def is_seen(self) -> bool:
        """Tell whether the person has seen the preview of this text, which is valid."""
        return bool(self.cleaned_data["seen"] == self.digest)

    def chosen(self, places: Iterable[str]) -> list[Point]:
        """Return the points at these places, in the order of the text."""
        points = self.pasted.points if self.pasted else ()
        return [point for place, point in enumerate(points) if str(place) in set(places)]


class MoveItemForm(Form):
    direction = forms.ChoiceField(choices=(("up", "up"), ("down", "down")))
