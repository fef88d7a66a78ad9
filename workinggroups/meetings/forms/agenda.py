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
from common.web_addresses import WebAddressField
from members.people.choosing import PersonField
from members.people.models import Person
from workinggroups.groups.choices import OfficeKind
from workinggroups.meetings.choices import (
    AGENDA_PASTE_MAX_CHARACTERS,
    AGENDA_TEXT_MAX_CHARACTERS,
    AGENDA_TITLE_MAX_CHARACTERS,
    MEETING_MAX_MINUTES,
    PAPER_TITLE_MAX_CHARACTERS,
    Goal,
)
from workinggroups.meetings.models import AgendaItem, TemplateItem
from workinggroups.meetings.models.agenda import AgendaPoint
from workinggroups.meetings.pasted_agenda import PastedAgenda, Point, split_agenda


class PointForm(Form):
    """What an item says; subclasses add who presents it."""

    title = forms.CharField(label=_("Title"), max_length=AGENDA_TITLE_MAX_CHARACTERS)
    goal = forms.ChoiceField(label=_("Goal"), choices=Goal.choices, initial=Goal.DISCUSS)
    minutes = forms.IntegerField(
        label=_("Minutes"), min_value=1, max_value=MEETING_MAX_MINUTES, required=False
    )
    text = forms.CharField(
        label=_("Description"),
        max_length=AGENDA_TEXT_MAX_CHARACTERS,
        required=False,
        widget=MarkdownTextarea("post", attrs={"rows": 4}),
    )

    @staticmethod
    def values_of(item: AgendaPoint) -> dict[str, object]:
        return {
            "title": item.title,
            "goal": item.goal,
            "minutes": item.minutes,
            "text": item.source,
        }


class AgendaItemForm(PointForm):
    presenter = PersonField(label=_("Presenter"), required=False, empty_label=_("No presenter"))

    field_order = ("title", "goal", "minutes", "presenter", "text")

    def __init__(
        self, data: FormData = None, *, people: QuerySet[Person], **options: Unpack[FormOptions]
    ) -> None:
        super().__init__(data, **options)
        cast(PersonField, self.fields["presenter"]).queryset = people

    @classmethod
    def initial_of(cls, item: AgendaItem) -> dict[str, object]:
        return {
            **cls.values_of(item),
            "presenter": item.presenter.uuid if item.presenter else None,
        }


class TemplateItemForm(PointForm):
    office = forms.ChoiceField(
        label=_("Presenter"),
        choices=[("", _("No presenter")), *OfficeKind.choices],
        required=False,
        help_text=_("Whoever holds this office when the agenda is started becomes the presenter."),
    )

    field_order = ("title", "goal", "minutes", "office", "text")

    @classmethod
    def initial_of(cls, item: TemplateItem) -> dict[str, object]:
        return {**cls.values_of(item), "office": item.office}


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
        most: int,
        **options: Unpack[FormOptions],
    ) -> None:
        super().__init__(data, **options)
        self.people, self.most = people, most

    def clean_source(self) -> str:
        source: str = self.cleaned_data["source"]
        try:
            self.pasted = split_agenda(source, self.people, most=self.most)
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

    @property
    def places(self) -> int:
        """Return by how many places the item moves down."""
        return -1 if self.cleaned_data["direction"] == "up" else 1


class CarryOverForm(Form):
    """What is chosen are the offers of the page, by `Offer.key`; the form shows why it was refused."""


class WebPaperForm(Form):
    title = forms.CharField(label=_("Title"), max_length=PAPER_TITLE_MAX_CHARACTERS)
    url = WebAddressField(label=_("Web address"), max_length=500)
