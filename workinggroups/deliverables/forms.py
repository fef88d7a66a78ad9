"""What people type about a deliverable. Nothing is saved here."""

from datetime import timedelta
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from common import days
from common.http.form_handling import Form
from common.ui.date_format import day_words, moment_words
from common.ui.inputs import DayInput, MarkdownTextarea
from common.vocabulary.licences import LICENCE_CHOICES
from members.people.choosing import LISTED_MAX, PersonField
from members.people.models import Person
from workinggroups.deliverables.choices import (
    DISPOSITIONS,
    CommentState,
    DeliverableKind,
    Reviewers,
)

REVIEW_DAYS = 14


class DeliverableForm(Form):
    """What the work is, for whom, and under which licence it will be published."""

    title = forms.CharField(label=_("Title"), max_length=200)
    kind = forms.ChoiceField(
        label=_("What it is"), choices=DeliverableKind.choices, widget=forms.RadioSelect
    )
    summary = forms.CharField(
        label=_("Plain summary"),
        help_text=_("What it is, for whom, and what changes, in words everybody understands."),
        widget=forms.Textarea(attrs={"rows": 5}),
        max_length=1500,
    )
    licence = forms.ChoiceField(label=_("Licence"), choices=LICENCE_CHOICES)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=1)


class TextForm(Form):
    """The text of the open revision, and the version of it that the writer began from."""

    source = forms.CharField(
        label=_("Text"),
        help_text=_("Markdown. Each heading gets an address of its own. A review needs a text."),
        widget=MarkdownTextarea("document", attrs={"rows": 28, "class": "record"}),
        required=False,
        strip=False,
    )
    changes = forms.CharField(
        label=_("What changed"),
        help_text=_("In a line, for the list of revisions."),
        max_length=300,
        required=False,
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)

    # An empty text can be saved; a review cannot begin with one, so it is not called optional.
    source.is_needed_later = True  # type: ignore[attr-defined]


class FileForm(Form):
    file = forms.FileField(
        label=_("Add a file"),
        help_text=_(
            "At most 25 MB. Its checksum is shown with it. The text shows a picture by its name: "
            "![What it shows](name.png)"
        ),
    )


class ReviewForm(Form):
    """Until when, and who reads."""

    until = forms.DateField(
        label=_("Comments until"),
        widget=DayInput(),
    )
    reviewers = forms.ChoiceField(
        label=_("Who reviews"), choices=Reviewers.choices, widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, can_widen: bool, zone: str, **options: Any) -> None:
        """`zone` is the writer's: the proposed day is counted by its calendar."""
        day = days.today_in(zone) + timedelta(days=REVIEW_DAYS)
        options["initial"] = {"until": day, "reviewers": Reviewers.GROUP}
        super().__init__(*args, **options)
        words = gettext(
            "Comments end when the day has ended everywhere on Earth. For %(day)s that is "
            "%(moment)s in your time."
        )
        self.fields["until"].help_text = words % {
            "day": day_words(day),
            "moment": moment_words(days.end_of(day), zone),
        }
        if not can_widen:
            field = self.fields["reviewers"]
            field.choices = [(Reviewers.GROUP.value, Reviewers.GROUP.label)]  # type: ignore[attr-defined]


class CommentForm(Form):
    quote = forms.CharField(
        label=_("The words it is about"),
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=500,
        required=False,
    )
    source = forms.CharField(
        label=_("What should change, and to what"),
        widget=MarkdownTextarea("post", attrs={"rows": 4}),
        strip=False,
    )


class AnswerForm(Form):
    """What comes of a comment, and why."""

    disposition = forms.ChoiceField(
        label=_("What comes of it"),
        choices=[(state.value, CommentState(state).label) for state in DISPOSITIONS],
        widget=forms.RadioSelect,
    )
    answer = forms.CharField(
        label=_("Answer"), widget=forms.Textarea(attrs={"rows": 5}), max_length=4000
    )


class ReasonForm(Form):
    """A reason that stays on the record."""

    reason = forms.CharField(widget=forms.Textarea(attrs={"rows": 5}), max_length=2000)

    def __init__(self, *args: Any, label: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["reason"].label = label


class PublishForm(Form):
    number = forms.CharField(
        label=_("Version"),
        help_text=_("Such as 1.0. The next one always has a higher number."),
        max_length=20,
    )
    changes = forms.CharField(
        label=_("What changed since the last version"), max_length=300, required=False
    )


class EditorForm(Form):
    person = PersonField(label=_("Name an editor"))

    def __init__(self, *args: Any, people: "QuerySet[Person]", **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["person"].queryset = people  # type: ignore[attr-defined]


class AuthorsForm(Form):
    """One row a person: a place for an author, nothing for everybody else.

    In a group too large to be listed only the authors have rows, and another one is looked up.
    """

    def __init__(
        self,
        *args: Any,
        authors: "list[Person]",
        others: "QuerySet[Person]",
        places: dict[int, int],
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        listed = list(others[: LISTED_MAX + 1])
        is_long = len(listed) > LISTED_MAX
        people = [*authors, *([] if is_long else listed)]
        self.people = {f"place-{person.uuid}": person for person in people}
        for name, person in self.people.items():
            self.fields[name] = forms.IntegerField(
                label=person.name,
                min_value=1,
                max_value=999,
                required=False,
                initial=places.get(person.pk),
                widget=forms.NumberInput(attrs={"class": "author-position"}),
            )
        if is_long:
            self.fields["another"] = PersonField(
                others, label=_("Name another author"), required=False
            )

    def rows(self) -> list[forms.BoundField]:
        return [self[name] for name in self.people]

    def in_order(self) -> list[Person]:
        """The chosen people by place, one looked up last; two with the same place by name."""
        chosen = [
            (place, person.sort_name, person)
            for name, person in self.people.items()
            if (place := self.cleaned_data.get(name))
        ]
        ordered = [person for *_order, person in sorted(chosen, key=lambda item: item[:2])]
        another = self.cleaned_data.get("another")
        return [*ordered, another] if another else ordered
