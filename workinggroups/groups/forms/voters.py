"""The form to name who votes for an organization in a group."""

from typing import Unpack

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from common.http.form_handling import Form, FormData, FormOptions
from members.people.choosing import PeopleField, PersonField
from members.people.models import Person
from workinggroups.groups.forms.participation import offer_people


class VotersForm(Form):
    """One voter and any alternates, among the people who can be named."""

    voter = PersonField(
        label=_("Voter"),
        required=False,
        empty_label=_("Nobody named"),
    )
    alternates = PeopleField(
        label=_("Alternates"),
        required=False,
        help_text=_("They vote when the voter does not, in the order of this list."),
    )

    def __init__(
        self, data: FormData = None, *, people: QuerySet[Person], **options: Unpack[FormOptions]
    ) -> None:
        super().__init__(data, **options)
        offer_people(self, "voter", people)
        alternates = self.fields["alternates"]
        assert isinstance(alternates, PeopleField)
        alternates.offer(people)
