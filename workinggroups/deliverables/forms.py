"""What people type about a deliverable. The forms save nothing."""

from datetime import date, timedelta
from typing import Unpack

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from common import days
from common.http.form_handling import Form, FormData, FormOptions
from common.ui.date_format import day_words, moment_words
from common.ui.inputs import DayInput, MarkdownTextarea, NeededLaterField
from common.vocabulary.licences import LICENCE_CHOICES
from members.people.choosing import LISTED_MAX, PersonField
from members.people.models import Person
from workinggroups.decisions.choices import REASON_MAX_CHARACTERS, Outcome
from workinggroups.decisions.forms.decisions import ResultForm
from workinggroups.decisions.subjects import EarlyApproval
from workinggroups.deliverables.choices import DISPOSITIONS, DeliverableKind, Reviewers
from workinggroups.groups.forms import PersonForm

REVIEW_DAYS = 14


class DeliverableForm(Form):
    """What the deliverable is, for whom, and under which licence it will be published."""

    title = forms.CharField(label=_("Title"), max_length=200)
    kind = forms.ChoiceField(
        label=_("Type"), choices=DeliverableKind.choices, widget=forms.RadioSelect
    )
    summary = forms.CharField(
        label=_("Plain summary"),
        help_text=_("What it is, who it is for and what it changes, in plain words."),
        widget=forms.Textarea(attrs={"rows": 5}),
        max_length=1500,
    )
    licence = forms.ChoiceField(label=_("Licence"), choices=LICENCE_CHOICES)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=1)


class TextForm(Form):
    """The text of the open revision, and the version of the revision that the editor opened."""

    source = NeededLaterField(
        label=_("Text"),
        help_text=_("Markdown. Each heading gets its own link. A review needs a text or a file."),
        widget=MarkdownTextarea("document", attrs={"rows": 28, "class": "record"}),
        required=False,
        strip=False,
    )
    changes = forms.CharField(
        label=_("What changed"),
        help_text=_("One line, for the list of revisions."),
        max_length=300,
        required=False,
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)


class FileForm(Form):
    file = forms.FileField(
        label=_("Add a file"),
        help_text=_(
            "At most 25 MB. We show its checksum next to it. To show a picture in the text, write "
            "![What it shows](name.png)"
        ),
    )


class ReviewForm(Form):
    """The last day for comments, and who reviews."""

    until = forms.DateField(label=_("Comments until"), widget=DayInput())
    reviewers = forms.ChoiceField(
        label=_("Who reviews"), choices=Reviewers.choices, widget=forms.RadioSelect
    )

    def __init__(
        self, data: FormData = None, *, can_widen: bool, zone: str, **options: Unpack[FormOptions]
    ) -> None:
        """`zone` is the writer's: the proposed day counts from today there."""
        day = days.today_in(zone) + timedelta(days=REVIEW_DAYS)
        options["initial"] = {"until": day, "reviewers": Reviewers.GROUP}
        super().__init__(data, **options)
        words = gettext(
            "Comments close when this day has ended everywhere on Earth. For %(day)s, that is "
            "%(moment)s your time."
        )
        self.fields["until"].help_text = words % {
            "day": day_words(day),
            "moment": moment_words(days.end_of(day), zone),
        }
        reviewers = self.fields["reviewers"]
        if not can_widen and isinstance(reviewers, forms.ChoiceField):
            reviewers.choices = [(Reviewers.GROUP.value, Reviewers.GROUP.label)]


class CommentForm(Form):
    quote = forms.CharField(
        label=_("The passage it is about"),
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=500,
        required=False,
    )
    source = forms.CharField(
        label=_("What should change, and how"),
        widget=MarkdownTextarea("post", attrs={"rows": 4}),
        strip=False,
    )


class AnswerForm(Form):
    """The outcome of a comment, and the reason."""

    disposition = forms.ChoiceField(
        label=_("Outcome"),
        choices=[(state.value, state.label) for state in DISPOSITIONS],
        widget=forms.RadioSelect,
    )
    answer = forms.CharField(
        label=_("Answer"), widget=forms.Textarea(attrs={"rows": 5}), max_length=4000
    )


class ReasonForm(Form):
    """The reason for an act."""

    reason = forms.CharField(widget=forms.Textarea(attrs={"rows": 5}), max_length=2000)

    def __init__(
        self, data: FormData = None, *, label: str, **options: Unpack[FormOptions]
    ) -> None:
        super().__init__(data, **options)
        self.fields["reason"].label = label


class ApprovalForm(ResultForm):
    """What the group decided about the revision in review, and why it did not wait for the last day."""

    early_reason = forms.CharField(
        label=_("Why the group approves early"),
        help_text=_(
            "Needed for an approval before the review is over. The reason stays on the page of the "
            "decision and becomes public with the publication."
        ),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=REASON_MAX_CHARACTERS,
        required=False,
    )
    early_until = forms.DateField(widget=forms.HiddenInput, required=False)
    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=1, required=False)

    @property
    def is_rejected(self) -> bool:
        return self.chosen_outcome() == Outcome.REJECTED

    def early(self) -> EarlyApproval | None:
        """Return the last day that was shown, and the reason; None if no day was shown."""
        until: date | None = self.cleaned_data["early_until"]
        return EarlyApproval(until, self.cleaned_data["early_reason"]) if until else None


class PublishForm(Form):
    number = forms.CharField(
        label=_("Version"),
        help_text=_("For example 1.0. Each new version needs a higher number."),
        max_length=20,
    )
    changes = forms.CharField(
        label=_("What changed since the last version"), max_length=300, required=False
    )


class EditorForm(PersonForm):
    person = PersonField(label=_("Add an editor"))


class AuthorsForm(Form):
    """The position of each author, empty for people who are not one.

    In a group too large to list, only the authors have a field, and others are looked up.
    """

    def __init__(
        self,
        data: FormData = None,
        *,
        authors: list[Person],
        others: QuerySet[Person],
        positions: dict[int, int],
        **options: Unpack[FormOptions],
    ) -> None:
        super().__init__(data, **options)
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
                initial=positions.get(person.pk),
                widget=forms.NumberInput(attrs={"class": "author-position"}),
            )
        if is_long:
            self.fields["another"] = PersonField(
                others, label=_("Add another author"), required=False
            )

    def rows(self) -> list[forms.BoundField]:
        return [self[name] for name in self.people]

    def in_order(self) -> list[Person]:
        """Return the authors by position, then by name, and last the one who was looked up."""
        positions = {
            person: position
            for name, person in self.people.items()
            if (position := self.cleaned_data.get(name))
        }
        ordered = sorted(positions, key=lambda person: (positions[person], person.sort_name))
        another = self.cleaned_data.get("another")
        return [*ordered, another] if another else ordered
