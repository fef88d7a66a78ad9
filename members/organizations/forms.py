"""Clean what people type about organizations. Forms save nothing."""

from collections.abc import Sequence
from typing import Unpack

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.errors import Invalid
from common.files import tables
from common.http.form_handling import Form, FormData, FormOptions, ModelForm
from common.names import same_name
from common.vocabulary.countries import country_choices
from common.web_addresses import WebAddressField
from members.organizations.choices import (
    IMPORT_ROWS_MAX,
    PROFILE_FIELDS,
    Kind,
    MembershipStatus,
    Relation,
    RepresentativeRole,
)
from members.organizations.models import Organization
from members.people.choosing import PersonField
from members.people.models import Person

# The most bytes of text in an import file.
FILE_MAX_BYTES = 1_000_000
# How many organizations with the words in their name are compared with the whole name.
ALIKE_MAX = 200


def lines_of(text: str) -> list[str]:
    """Return the lines that are not empty, with single spaces."""
    return [" ".join(line.split()) for line in text.splitlines() if line.strip()]


class MemberListForm(Form):
    """The filters of the member list; anything else in the address is ignored."""

    q = forms.CharField(required=False, max_length=120)
    country = forms.CharField(required=False, max_length=2)
    kind = forms.CharField(required=False, max_length=20)
    view = forms.ChoiceField(required=False, choices=[("", ""), ("table", "")])


class ProfileForm(ModelForm):
    other_names = forms.CharField(
        label=gettext_lazy("Other names"),
        help_text=gettext_lazy(
            "Former names, short forms and names in other languages, one per line."
        ),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    website = WebAddressField(label=gettext_lazy("Website"), required=False, max_length=200)
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**31 - 1)

    class Meta:
        model = Organization
        fields = PROFILE_FIELDS
        widgets = {"summary": forms.Textarea(attrs={"rows": 5})}
        help_texts = {
            "name": gettext_lazy("The name people use. Search also finds the former one."),
            "legal_name": gettext_lazy("As written on a contract. Staff confirm a new one."),
            "sector": gettext_lazy("For example: semiconductors, public health."),
            "summary": gettext_lazy("A few sentences for your public page."),
        }

    def __init__(
        self, data: FormData = None, *, instance: Organization, asked_legal_name: str = ""
    ) -> None:
        """`asked_legal_name` is the one that waits for staff; saving the form again keeps it."""
        names = "\n".join(other.name for other in instance.other_names.all())
        initial: dict[str, object] = {"other_names": names, "version": instance.version}
        if asked_legal_name:
            initial["legal_name"] = asked_legal_name
        super().__init__(data, instance=instance, initial=initial)
        self.fields["country"] = forms.ChoiceField(
            label=_("Country (registered office)"), choices=country_choices(), required=False
        )

    def _post_clean(self) -> None:
        """Leave the instance as it is: the action changes it."""


class LegalNameForm(Form):
    """Staff confirm or decline a new legal name; `asked` is the uuid of the request they read."""

    asked = forms.UUIDField(widget=forms.HiddenInput)
    answer = forms.ChoiceField(
        label=gettext_lazy("Answer"),
        widget=forms.RadioSelect,
        choices=[
            ("confirm", gettext_lazy("Confirm the new name")),
            ("decline", gettext_lazy("Keep the current name")),
        ],
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason for keeping it"),
        help_text=gettext_lazy("The representatives will read it."),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class DomainsForm(Form):
    domains = forms.CharField(
        label=gettext_lazy("E-mail domains"),
        help_text=gettext_lazy("One per line, such as example.org. Subdomains are included."),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def clean_domains(self) -> list[str]:
        return lines_of(self.cleaned_data["domains"])


class StatusForm(Form):
    """The next status of a membership, among those that its current one allows."""

    status = forms.ChoiceField(label=gettext_lazy("New status"), widget=forms.RadioSelect)
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        help_text=gettext_lazy("The organization will read it."),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(
        self, data: FormData = None, *, possible: Sequence[str], **options: Unpack[FormOptions]
    ) -> None:
        super().__init__(data, **options)
        status = self.fields["status"]
        assert isinstance(status, forms.ChoiceField)
        status.choices = [(value, MembershipStatus(value).label) for value in possible]

    def clean(self) -> dict[str, object]:
        values = super().clean() or {}
        bad = {MembershipStatus.GRACE, MembershipStatus.SUSPENDED, MembershipStatus.ENDED}
        if values.get("status") in bad and not values.get("reason", "").strip():
            message = _("Give a reason, so that the organization knows what to do.")
            self.add_error("reason", message)
        return values


class AppointForm(Form):
    """Which of the organization's people becomes its representative or alternate."""

    person = PersonField(label=gettext_lazy("Person"), empty_label=None)
    role = forms.ChoiceField(label=gettext_lazy("Role"))

    def __init__(
        self,
        data: FormData = None,
        *,
        people: QuerySet[Person],
        roles: list[str],
        **options: Unpack[FormOptions],
    ) -> None:
        super().__init__(data, **options)
        self.has_people = people.exists()
        person, role = self.fields["person"], self.fields["role"]
        assert isinstance(person, PersonField)
        assert isinstance(role, forms.ChoiceField)
        person.queryset = people
        role.choices = [(value, RepresentativeRole(value).label) for value in roles]


class RelationForm(Form):
    """A relation to another organization, which is found by its name or address."""

    relation = forms.ChoiceField(label=gettext_lazy("Relation"), choices=Relation.choices)
    other = forms.CharField(
        label=gettext_lazy("Organization"),
        help_text=gettext_lazy("Its name, or the last part of its page's address."),
        max_length=120,
    )

    def clean_other(self) -> Organization:
        words = self.cleaned_data["other"].strip()
        alike = Organization.objects.called(words)[:ALIKE_MAX]
        matches = [organization for organization in alike if same_name(organization.name, words)]
        matches = matches or list(Organization.objects.at_address(words.casefold())[:1])
        if len(matches) != 1:
            raise ValidationError(
                _("We cannot tell which organization this is. Copy the name from its page.")
            )
        return matches[0]


class ImportForm(Form):
    """A table for the trial run: an uploaded file, or lines pasted from a spreadsheet."""

    file = forms.FileField(
        label=gettext_lazy("CSV or XLSX file"),
        help_text=gettext_lazy("With a heading line. At most 1 MB."),
        required=False,
        allow_empty_file=True,
    )
    text = forms.CharField(
        label=gettext_lazy("Or paste the lines"),
        required=False,
        strip=False,
        max_length=FILE_MAX_BYTES,
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    # The encoding of the file was guessed, so the page asks to check its letters.
    is_guess = False

    def clean_file(self) -> str:
        upload = self.cleaned_data["file"]
        if upload is None:
            return ""
        if upload.size > FILE_MAX_BYTES:
            raise ValidationError(_("This file is larger than 1 MB. Split it into several files."))
        content = upload.read()
        try:
            if tables.is_workbook(content):
                # The heading, and one line more than allowed, which the trial run reports.
                return tables.text_of_workbook(content, rows_max=IMPORT_ROWS_MAX + 2)
            decoded = tables.decoded(content)
        except Invalid as error:
            raise ValidationError(error.message) from None
        self.is_guess = decoded.is_guess
        return decoded.text

    def clean(self) -> dict[str, object]:
        values = super().clean() or {}
        if not self.errors and not (values.get("file") or values.get("text", "").strip()):
            self.add_error("file", _("Choose a file that is not empty, or paste its lines."))
        return values

    def csv(self) -> str:
        return str(self.cleaned_data["file"] or self.cleaned_data["text"])


class ImportTextForm(Form):
    """The text of the trial run, sent again to import it."""

    text = forms.CharField(widget=forms.HiddenInput, strip=False, max_length=FILE_MAX_BYTES)


class ImportLinesForm(ImportTextForm):
    """The pasted lines, to be corrected and tried again."""

    text = forms.CharField(
        label=gettext_lazy("Your lines"),
        strip=False,
        max_length=FILE_MAX_BYTES,
        widget=forms.Textarea(attrs={"rows": 12}),
    )


class OrganizationsForm(Form):
    """The filters of the staff's list of organizations."""

    q = forms.CharField(label=gettext_lazy("Find an organization"), required=False, max_length=120)
    status = forms.ChoiceField(
        label=gettext_lazy("Membership"),
        required=False,
        choices=[("", gettext_lazy("Any status")), *MembershipStatus.choices],
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("Kind"),
        required=False,
        choices=[("", gettext_lazy("Any kind")), *Kind.choices],
    )
