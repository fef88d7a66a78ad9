"""Forms about the people of a group: joining, inviting, levels and offices."""

from collections.abc import Iterable
from typing import Unpack

from django import forms
from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from common.http.form_handling import Form, FormData, FormOptions, OneLineInputs
from members.organizations.models import Organization
from members.people.choosing import PersonField
from members.people.models import Person
from workinggroups.groups.choices import OfficeKind, ParticipationLevel

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
