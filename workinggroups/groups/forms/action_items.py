"""Forms of action items and of the comments on them."""

from datetime import date
from typing import TypedDict, Unpack

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from common.http.form_handling import Form, FormData, FormOptions
from common.ui.inputs import DayInput, MarkdownTextarea
from members.people.choosing import PeopleField, PersonField
from members.people.models import Person
from workinggroups.groups.forms.groups import LATE_HELP
from workinggroups.groups.forms.participation import offer_people
from workinggroups.groups.models import ActionItem


class OwnersForm(Form):
    """Who does an action item: one person who leads, and others together with them."""

    owner = PersonField(label=_("Assigned to"), required=False, empty_label=_("Unassigned"))
    others = PeopleField(
        label=_("Together with"),
        required=False,
        help_text=_("Everyone who is assigned gets the reminders and can mark the item as done."),
    )

    def __init__(
        self, data: FormData = None, *, people: QuerySet[Person], **options: Unpack[FormOptions]
    ) -> None:
        super().__init__(data, **options)
        offer_people(self, "owner", people)
        others = self.fields["others"]
        assert isinstance(others, PeopleField)
        others.offer(people.order_by("sort_name", "pk"))

    def owners(self) -> list[Person]:
        """Return the owners in order, each once, the one who leads first."""
        owner = self.cleaned_data["owner"]
        people = [*([owner] if owner else []), *self.cleaned_data.get("others", [])]
        return list({person.pk: person for person in people}.values())


class LeaveForm(Form):
    """Who takes over the action items of a person who leaves the group."""

    items_to = PersonField(
        label=_("Hand them over to"),
        required=False,
        empty_label=_("Nobody yet"),
        help_text=_("If you choose nobody, the chairs see that their owner has left."),
    )

    def __init__(
        self, data: FormData = None, *, people: QuerySet[Person], **options: Unpack[FormOptions]
    ) -> None:
        super().__init__(data, **options)
        offer_people(self, "items_to", people)


class Assigned(TypedDict):
    """What an action item says, as the actions take it."""

    text: str
    owners: list[Person]
    due_on: date | None


class ActionItemForm(OwnersForm):
    """Who does what by when."""

    text = forms.CharField(label=_("What needs to be done"), max_length=300)
    due_on = forms.DateField(label=_("Due"), required=False, help_text=LATE_HELP, widget=DayInput())
    field_order = ["text", "owner", "others", "due_on"]

    def assigned(self) -> Assigned:
        return {
            "text": self.cleaned_data["text"],
            "owners": self.owners(),
            "due_on": self.cleaned_data["due_on"],
        }


class ChangeActionItemForm(ActionItemForm):
    """The fields of an existing item, with the version that the editor has read."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**31 - 1)

    @staticmethod
    def values_of(item: ActionItem) -> dict[str, object]:
        """Return what the form shows of the item, for `initial`."""
        uuids = [owner.uuid for owner in item.owners]
        return {
            "text": item.text,
            "owner": uuids[0] if uuids else None,
            "others": uuids[1:],
            "due_on": item.due_on,
            "version": item.version,
        }


class CommentForm(Form):
    source = forms.CharField(
        label=_("Your comment"),
        help_text=_("You can use Markdown: **bold**, lists, links, tables."),
        strip=False,
        widget=MarkdownTextarea("post", attrs={"rows": 4}),
    )


class EditCommentForm(CommentForm):
    """A comment that its author edits, with the version that they have read."""

    version = forms.IntegerField(min_value=1, max_value=2**31 - 1, widget=forms.HiddenInput)


class HideCommentForm(Form):
    reason = forms.CharField(
        label=_("Reason"),
        max_length=300,
        help_text=_("One sentence. It is shown in place of the comment."),
    )
