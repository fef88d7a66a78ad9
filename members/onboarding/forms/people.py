"""Forms to start an application, to accept agreements and invitations, and to invite."""

from collections.abc import Sequence
from typing import Unpack
from uuid import UUID

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.http.form_handling import Form, FormData, FormOptions
from members.onboarding.choices import InvitationRole
from members.onboarding.models import AgreementVersion
from members.people.choosing import ZoneSelect
from members.people.forms import NameField
from members.people.models import Person
from members.people.zones import zone_choices


class StartForm(Form):
    name = NameField(label=gettext_lazy("Your name"))
    email = forms.EmailField(
        label=gettext_lazy("Your work e-mail"),
        help_text=gettext_lazy("We send it a code, so that you can come back to your answers."),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )


class TextsForm(Form):
    """A checkbox for each text, all required."""

    def __init__(
        self,
        data: FormData = None,
        *,
        versions: Sequence[AgreementVersion],
        **options: Unpack[FormOptions],
    ) -> None:
        super().__init__(data, **options)
        self.versions = list(versions)
        for version in self.versions:
            self.fields[f"accept_{version.uuid}"] = forms.BooleanField(
                label=self.label_of(version),
                error_messages={
                    "required": _("Accept “%(title)s” to continue.") % {"title": version.title}
                },
            )

    def label_of(self, version: AgreementVersion) -> str:
        return _("I have read and accept: %(text)s") % {"text": version}

    def accepted(self) -> list[UUID]:
        return [version.uuid for version in self.versions]

    @property
    def boxes(self) -> list[tuple[AgreementVersion, forms.BoundField]]:
        return [(version, self[f"accept_{version.uuid}"]) for version in self.versions]


class SignForm(TextsForm):
    """A signature for an organization."""

    title = forms.CharField(
        label=gettext_lazy("Your position"),
        help_text=gettext_lazy("For example, dean or general counsel."),
        max_length=120,
    )
    authority = forms.CharField(
        label=gettext_lazy("What authorises you to sign"),
        help_text=gettext_lazy("For example: the statutes, or a power of attorney and its date."),
        max_length=200,
    )

    def label_of(self, version: AgreementVersion) -> str:
        return _("I accept on behalf of the organization: %(text)s") % {"text": version}


class AcceptForm(TextsForm):
    """Accepts an invitation; a new person also gives a name, a time zone and perhaps a password."""

    title = forms.CharField(
        label=gettext_lazy("Your position"),
        help_text=gettext_lazy("For example, senior researcher."),
        max_length=120,
        required=False,
    )

    def __init__(
        self,
        data: FormData = None,
        *,
        person: Person,
        is_new: bool,
        versions: Sequence[AgreementVersion],
        **options: Unpack[FormOptions],
    ) -> None:
        super().__init__(data, versions=versions, **options)
        self.person = person
        if not is_new:
            return
        account_fields = {
            "name": NameField(label=_("Your name"), initial=person.name),
            "zone": forms.ChoiceField(
                label=_("Your time zone"),
                help_text=_("We show meeting times in this zone."),
                choices=zone_choices(),
                widget=ZoneSelect,
                initial=person.zone,
            ),
            "password": forms.CharField(
                label=_("Password"),
                help_text=_(
                    "At least 12 characters. Leave it empty to sign in with codes by e-mail."
                ),
                required=False,
                strip=False,
                max_length=200,
                widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
            ),
        }
        self.fields = {**account_fields, **self.fields}

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        if password:
            validate_password(password, self.person)
        return password


class InviteForm(Form):
    address = forms.EmailField(label=gettext_lazy("Work e-mail"), max_length=254)
    name = NameField(label=gettext_lazy("Name"), help_text="", required=False)
    role = forms.ChoiceField(label=gettext_lazy("Role"))

    def __init__(
        self, data: FormData = None, *, roles: Sequence[str], **options: Unpack[FormOptions]
    ) -> None:
        super().__init__(data, **options)
        role = self.fields["role"]
        assert isinstance(role, forms.ChoiceField)
        role.choices = [(value, InvitationRole(value).label) for value in roles]
