"""Forms of the agenda."""

from typing import Unpack, cast

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from common.http.form_handling import Form, FormData, FormOptions
from members.people.choosing import PersonField
from members.people.models import Person
from workinggroups.meetings.choices import (
    MEETING_MAX_MINUTES,
    Goal,
)
from workinggroups.meetings.models import AgendaItem


class AgendaItemForm(Form):
    title = forms.CharField(label=_("Title"), max_length=160)
    goal = forms.ChoiceField(label=_("Goal"), choices=Goal.choices, initial=Goal.DISCUSS)
    minutes = forms.IntegerField(
        label=_("Minutes"), min_value=1, max_value=MEETING_MAX_MINUTES, required=False
    )
    presenter = PersonField(label=_("Presenter"), required=False, empty_label=_("No presenter"))
    text = forms.CharField(
        label=_("Description"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
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
            "text": item.text,
        }


class MoveItemForm(Form):
    direction = forms.ChoiceField(choices=(("up", "up"), ("down", "down")))
