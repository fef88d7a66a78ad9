"""What people type about groups. Forms say what fits; actions decide what happens."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from common.http.form_handling import Form, ModelForm
from common.ui.inputs import DayInput, MarkdownTextarea
from members.organizations.models import Organization
from members.people.choosing import PersonField
from members.people.models import Person
from workinggroups.groups.choices import (
    BREAK_GLASS_MAX_MINUTES,
    OfficeKind,
    ParticipationLevel,
)
from workinggroups.groups.models import ActionItem, Group, Milestone

FOR_ONESELF = "-"
OWN_LEVELS = [
    (level.value, level.label)
    for level in (ParticipationLevel.PARTICIPANT, ParticipationLevel.OBSERVER)
]


class AsksWay(forms.BaseForm):
    """Asks in the field `way_field` on whose behalf, where there is a choice. Actions check it."""

    way_field = "organization"
    no_organization: str | Promise = _("No organization")

    def __init__(self, *args: Any, ways: Iterable[Organization | None] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.ways = {way.slug if way else FOR_ONESELF: way for way in ways}
        if len(self.ways) < 2:
            del self.fields[self.way_field]
            return
        field = self.fields[self.way_field]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [
            (key, way.name if way else self.no_organization) for key, way in self.ways.items()
        ]

    @property
    def way(self) -> Organization | None:
        """The only way, the chosen one, or None where there is none (or the person itself)."""
        if len(self.ways) < 2:
            return next(iter(self.ways.values()), None)
        return self.ways[self.cleaned_data[self.way_field]]


class JoinForm(AsksWay, Form):
    no_organization = _("Myself, for no organization")

    organization = forms.ChoiceField(label=_("On behalf of"), widget=forms.RadioSelect)
    level = forms.ChoiceField(
        label=_("How you take part"),
        choices=OWN_LEVELS,
        initial=ParticipationLevel.PARTICIPANT,
        widget=forms.RadioSelect,
        help_text=_("Participants write and are asked; observers read along."),
    )


class AskToJoinForm(JoinForm):
    note = forms.CharField(
        label=_("A word to the chairs"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("What you bring and why you ask. Only the chairs read it."),
    )


class DeclineForm(Form):
    reason = forms.CharField(
        label=_("Reason"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The person reads it."),
    )


class InviteForm(Form):
    """An address to invite: what is answered says nothing of whose it is."""

    address = forms.EmailField(label=_("E-mail address"))
    level = forms.ChoiceField(
        label=_("Level"),
        choices=ParticipationLevel.choices,
        initial=ParticipationLevel.PARTICIPANT,
        help_text=_("An invited expert can take part without belonging to a member organization."),
    )


class AcceptInvitationForm(AsksWay, Form):
    no_organization = _("Myself, for no organization")

    organization = forms.ChoiceField(label=_("On behalf of"), widget=forms.RadioSelect)


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

    def __init__(self, *args: Any, people: QuerySet[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["person"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = people.order_by("sort_name", "pk")


class ChairForm(Form):
    """The next chair by address, since staff does not see who is in a closed group."""

    address = forms.EmailField(
        label=_("E-mail address"),
        help_text=_("A confirmed address of somebody who takes part in the group."),
    )


class GroupForm(ModelForm):
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1)

    class Meta:
        model = Group
        fields = ["name", "kind", "purpose", "focus_area", "listing", "admission", "content"]
        widgets = {
            "purpose": forms.Textarea(attrs={"rows": 3}),
            "listing": forms.RadioSelect,
            "admission": forms.RadioSelect,
            "content": forms.RadioSelect,
        }
        help_texts = {
            "purpose": _("In one or two sentences, for everybody."),
            "content": _(
                "Narrowing it closes what the alliance could read so far. "
                "Widening it concerns only what is written from then on."
            ),
        }

    def clean_name(self) -> str:
        return str(self.cleaned_data["name"]).strip()


class NewGroupForm(AsksWay, GroupForm):
    way_field = "chair_organization"
    version = None  # type: ignore[assignment]
    chair_address = forms.EmailField(
        label=_("E-mail address of the first chair"),
        help_text=_("Somebody of the alliance. They hand the chair over themselves later."),
    )
    chair_organization = forms.ChoiceField(label=_("The chair acts on behalf of"))
    charter = forms.CharField(
        label=_("First charter"),
        widget=MarkdownTextarea("document", attrs={"rows": 14}),
        help_text=_("Scope, what is not in it, deliverables, how the group decides. Markdown."),
    )


class CharterForm(Form):
    source = forms.CharField(
        label=_("Text of the charter"),
        widget=MarkdownTextarea("document", attrs={"rows": 24}),
        help_text=_("Markdown. Headings, lists, tables and links are kept."),
    )
    expires_on = forms.DateField(
        label=_("In force until"),
        required=False,
        widget=DayInput(),
        help_text=_("The group is reminded before."),
    )
    read_at = forms.CharField(widget=forms.HiddenInput, required=False, max_length=40)


LATE_HELP = _("It is late once this day has ended everywhere on Earth.")


class MilestoneForm(ModelForm):
    class Meta:
        model = Milestone
        fields = ["title", "due_on"]
        help_texts = {"due_on": LATE_HELP}
        widgets = {"due_on": DayInput()}


class ActionItemForm(ModelForm):
    owner = PersonField(label=_("Who"), required=False, empty_label=_("Nobody yet"))

    class Meta:
        model = ActionItem
        fields = ["text", "owner", "due_on"]
        help_texts = {"due_on": LATE_HELP}
        widgets = {"due_on": DayInput()}

    def __init__(self, *args: Any, people: QuerySet[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["owner"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = people.order_by("sort_name", "pk")
        if self.instance.owner_id:
            self.initial["owner"] = self.instance.owner.uuid


class ChangeActionItemForm(ActionItemForm):
    """The same for an item that stands, with the version that its editor has seen."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**31 - 1)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["version"] = self.instance.version


class BreakGlassForm(Form):
    reason = forms.CharField(
        label=_("Reason"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("The chairs of the group read it at once, with your name."),
    )
    minutes = forms.IntegerField(
        label=_("For how many minutes"),
        min_value=1,
        max_value=BREAK_GLASS_MAX_MINUTES,
        initial=30,
    )
