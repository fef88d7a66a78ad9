"""Forms about groups. They check the input; actions decide what happens."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import TypedDict, Unpack

from django import forms
from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from common.http.form_handling import (
    Form,
    FormData,
    FormOptions,
    ModelForm,
    OneLineInputs,
)
from common.ui.inputs import DayInput, MarkdownTextarea
from members.organizations.models import Organization
from members.people.choosing import PeopleField, PersonField
from members.people.models import Person
from workinggroups.groups.choices import (
    BREAK_GLASS_MAX_MINUTES,
    OfficeKind,
    ParticipationLevel,
)
from workinggroups.groups.models import ActionItem, Group, Milestone
from workinggroups.groups.open_work import OpenWork

NO_ORGANIZATION = "-"
OWN_LEVELS = [
    (level.value, level.label)
    for level in (ParticipationLevel.PARTICIPANT, ParticipationLevel.OBSERVER)
]


class AffiliationChoice(OneLineInputs):
    """Asks on whose behalf in the field `affiliation_field`, if there is a choice."""

    affiliation_field = "organization"
    no_organization: str | Promise = _("No organization")

    def __init__(
        self,
        data: FormData = None,
        *,
        affiliations: Iterable[Organization | None] = (),
        **options: Unpack[FormOptions],
    ) -> None:
        super().__init__(data, **options)
        self.affiliations = {
            organization.slug if organization else NO_ORGANIZATION: organization
            for organization in affiliations
        }
        if len(self.affiliations) < 2:
            del self.fields[self.affiliation_field]
            return
        field = self.fields[self.affiliation_field]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [
            (key, organization.name if organization else self.no_organization)
            for key, organization in self.affiliations.items()
        ]

    @property
    def affiliation(self) -> Organization | None:
        """The chosen organization, or the only one; None for an individual, and without any."""
        if len(self.affiliations) < 2:
            return next(iter(self.affiliations.values()), None)
        return self.affiliations[self.cleaned_data[self.affiliation_field]]


def offer_people(form: forms.BaseForm, name: str, people: QuerySet[Person]) -> None:
    """Let the field `name` choose among these people."""
    field = form.fields[name]
    assert isinstance(field, forms.ModelChoiceField)
    field.queryset = people.order_by("sort_name", "pk")


class AcceptInvitationForm(AffiliationChoice, Form):
    no_organization = _("Myself, as an individual")

    organization = forms.ChoiceField(label=_("On behalf of"), widget=forms.RadioSelect)


class JoinForm(AcceptInvitationForm):
    level = forms.ChoiceField(
        label=_("How you take part"),
        choices=OWN_LEVELS,
        initial=ParticipationLevel.PARTICIPANT,
        widget=forms.RadioSelect,
        help_text=_("Participants can write; observers can only read."),
    )


class AskToJoinForm(JoinForm):
    note = forms.CharField(
        label=_("Message to the chairs"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("What you would contribute, and why you want to join. The chairs read it."),
    )


class DeclineForm(Form):
    reason = forms.CharField(
        label=_("Reason"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("We send it to the person."),
    )


class InviteForm(Form):
    """An address to invite. The answer does not show whether the address has an account."""

    address = forms.EmailField(label=_("E-mail address"))
    level = forms.ChoiceField(
        label=_("Level"),
        choices=ParticipationLevel.choices,
        initial=ParticipationLevel.PARTICIPANT,
        help_text=_("An invited expert can take part without belonging to a member organization."),
    )


class LevelForm(Form):
    level = forms.ChoiceField(label=_("Level"), choices=OWN_LEVELS)


class OfficeForm(Form):
    office = forms.ChoiceField(
        label=_("Office"),
        choices=[
            (office.value, office.label) for office in (OfficeKind.CO_CHAIR, OfficeKind.SECRETARY)
        ],
    )


class PersonForm(Form):
    """One of the people who take part."""

    person = PersonField(label=_("Person"))

    def __init__(
        self, data: FormData = None, *, people: QuerySet[Person], **options: Unpack[FormOptions]
    ) -> None:
        super().__init__(data, **options)
        offer_people(self, "person", people)


class ChairForm(Form):
    """The next chair by address, since staff do not see who is in a closed group."""

    address = forms.EmailField(
        label=_("E-mail address"),
        help_text=_("A confirmed address of a person in the group."),
    )


class GroupForm(ModelForm):
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1)

    class Meta:
        model = Group
        fields = ["name", "kind", "purpose", "focus_area", "listing", "admission", "content"]
        labels = {
            "listing": _("Visible to"),
            "admission": _("How to join"),
            "content": _("Readable by"),
        }
        widgets = {
            "purpose": forms.Textarea(attrs={"rows": 3}),
            "listing": forms.RadioSelect,
            "admission": forms.RadioSelect,
            "content": forms.RadioSelect,
        }
        help_texts = {
            "purpose": _("One or two sentences that anyone can understand."),
            "content": _(
                "Restricting it also hides earlier work; opening it applies to new work only."
            ),
        }


class NewGroupForm(AffiliationChoice, GroupForm):
    affiliation_field = "chair_organization"
    version = None  # type: ignore[assignment]
    chair_address = forms.EmailField(
        label=_("E-mail address of the first chair"),
        help_text=_("A person in the alliance. They can hand the chair over later."),
    )
    chair_organization = forms.ChoiceField(label=_("The chair acts on behalf of"))
    charter = forms.CharField(
        label=_("First charter"),
        widget=MarkdownTextarea("document", attrs={"rows": 14}),
        help_text=_(
            "Scope, what is out of scope, deliverables, and how the group decides. Use Markdown."
        ),
    )


LATE_HELP = _("It counts as late once this day has ended everywhere on Earth.")


class MilestoneForm(ModelForm):
    class Meta:
        model = Milestone
        fields = ["title", "due_on"]
        help_texts = {"due_on": LATE_HELP}
        widgets = {"due_on": DayInput()}


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


class ConcludeForm(Form):
    """Why a group concludes, and what becomes of each kind of open work that leaves a choice."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=300,
        help_text=_("Shown on the group's pages and in the e-mail to its people."),
    )

    def __init__(self, data: FormData = None, *, work: Sequence[OpenWork]) -> None:
        super().__init__(data)
        self.work: Sequence[OpenWork] = ()
        self.ask_again(work)

    def ask_again(self, work: Sequence[OpenWork]) -> None:
        """Ask about this open work. What was opened since the page was read is still to be chosen."""
        self.work = work
        for each in work:
            if each.kind.choices and each.kind.name not in self.fields:
                options = [(choice.value, choice.label) for choice in each.kind.choices]
                self.fields[each.kind.name] = forms.ChoiceField(
                    label=_("What becomes of them"),
                    choices=options,
                    widget=forms.RadioSelect,
                    initial=options[0][0],
                    error_messages={"required": _("Choose what becomes of these.")},
                )

    def choices(self) -> dict[str, str]:
        """Return what was chosen, by the name of the kind."""
        return {name: value for name, value in self.cleaned_data.items() if name != "reason"}

    def rows(self) -> list[tuple[OpenWork, forms.BoundField | None]]:
        """Return each kind of open work with its field; None where there is nothing to choose."""
        return [(each, self[each.kind.name] if each.kind.choices else None) for each in self.work]


class BreakGlassForm(Form):
    reason = forms.CharField(
        label=_("Reason"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("We send it to the group's chairs at once, with your name."),
    )
    minutes = forms.IntegerField(
        label=_("How long, in minutes"),
        min_value=1,
        max_value=BREAK_GLASS_MAX_MINUTES,
        initial=30,
    )
