"""Forms about a person's own account. Nothing is saved here."""

from datetime import timedelta
from typing import TYPE_CHECKING, Unpack

from allauth.account import forms as account
from allauth.account.adapter import get_adapter
from allauth.account.models import EmailAddress
from allauth.core.internal.cryptokit import compare_user_code
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp import forms as totp
from django import forms
from django.conf import settings
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from common.http.form_handling import Form, FormData, FormOptions, OneLineInputs
from common.mail.spelling import spelled
from common.names import mixes_scripts
from common.text.shaping import shaping_fault
from members.people import signing_up
from members.people.choices import Scope
from members.people.choosing import ZoneSelect
from members.people.models import Person
from members.people.zones import zone_choices

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

NAME = _("Name")
NAME_HELP = _("As it should appear, in any script.")


class NameField(forms.CharField):
    """A person's name: one line, in any script.

    A word that mixes Latin, Greek and Cyrillic letters is refused, since it can pass for another.
    """

    def __init__(
        self,
        *,
        label: "StrOrPromise" = NAME,
        help_text: "StrOrPromise" = NAME_HELP,
        required: bool = True,
        initial: str | None = None,
    ) -> None:
        super().__init__(
            label=label,
            help_text=help_text,
            required=required,
            initial=initial,
            max_length=120,
            widget=forms.TextInput(attrs={"autocomplete": "name"}),
        )

    def clean(self, value: object) -> str:
        name: str = super().clean(value)
        if fault := shaping_fault(name):
            raise forms.ValidationError(fault)
        if mixes_scripts(name):
            raise forms.ValidationError(
                _("Write each word of the name in one alphabet. One word mixes several.")
            )
        return " ".join(name.split())


class ResetSecondFactorForm(Form):
    """Why staff remove a person's second factor; mailed to the person."""

    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("Say how you checked that it is them. The person will see this."),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class PlainFields(OneLineInputs):
    """allauth's forms with our labels, and without placeholders in their place."""

    def __init__(self, *args: object, **options: object) -> None:
        super().__init__(*args, **options)
        for name, field in self.fields.items():
            field.widget.attrs.pop("placeholder", None)
            if name in {"email", "login"}:
                field.label = _("E-mail address")
            elif name == "oldpassword":
                field.label = _("Current password")
            elif name == "password1" and "password2" in self.fields:
                field.label = _("New password")
            elif name == "password2":
                field.label = _("New password again")


def _plain(form: type[BaseForm]) -> type[BaseForm]:
    """Return this form of allauth with our labels."""
    return type(form.__name__, (PlainFields, form), {})


SignInForm = _plain(account.LoginForm)
SignInCodeForm = _plain(account.ConfirmLoginCodeForm)
AddressCodeForm = _plain(account.ConfirmEmailVerificationCodeForm)
ChangePasswordForm = _plain(account.ChangePasswordForm)
SetPasswordForm = _plain(account.SetPasswordForm)
ResetPasswordForm = _plain(account.ResetPasswordKeyForm)
ResetCodeForm = _plain(account.ConfirmPasswordResetCodeForm)
ConfirmForm = _plain(account.ReauthenticateForm)
AppCodeForm = _plain(mfa.AuthenticateForm)
ConfirmAppCodeForm = _plain(mfa.ReauthenticateForm)
SetUpAppForm = _plain(totp.ActivateTOTPForm)


def _active_person(address: str) -> Person | None:
    person = Person.objects.with_address(address)
    return person if person and person.is_active else None


class MailCodeForm(PlainFields, account.RequestLoginCodeForm):
    """Asks for a mailed code; runs the same queries for an unknown address."""

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"]
        self._user = _active_person(email)
        return email


class ResetForm(PlainFields, account.ResetPasswordForm):
    """Asks for a code to choose a new password; runs the same queries for an unknown address."""

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"]
        person = _active_person(email)
        self.users = [person] if person else []
        return email


class NewAddressForm(PlainFields, account.AddEmailForm):
    """Adds an address to the account; answers the same if another account has the address."""

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"]
        owner = Person.objects.with_address(email)
        if owner is not None and owner.pk == self.user.pk:
            raise get_adapter().validation_error("duplicate_email")
        if not EmailAddress.objects.can_add_email(self.user):
            raise get_adapter().validation_error(
                "max_email_addresses", settings.ACCOUNT_MAX_EMAIL_ADDRESSES
            )
        return email


class SignUpForm(PlainFields, account.SignupForm):
    """Opens an account. A known address gets the same answer, after the same work, as a new one."""

    field_order = ["name", "email", "password1"]

    name = NameField()

    def __init__(self, *args: object, **options: object) -> None:
        super().__init__(*args, **options)
        self.fields["email"].help_text = _("We send it a code, to confirm that it is yours.")
        self.fields["password1"].help_text = _("At least 12 characters. Avoid common passwords.")

    def validate_unique_email(self, value: str) -> str:
        self.account_already_exists = Person.objects.with_address(value) is not None
        return value

    def try_save(self, request: HttpRequest) -> tuple[Person | None, HttpResponse | None]:
        """Mail a code. Nothing is saved before the address is proved, so both cases cost the same."""
        signing_up.begin(
            request,
            name=self.cleaned_data["name"],
            address=self.cleaned_data["email"],
            password=self.cleaned_data["password1"],
            is_known=self.account_already_exists,
        )
        return None, redirect("account_email_verification_sent")


class ProfileForm(Form):
    """What others see of a person, and the person's time zone and language."""

    name = NameField()
    zone = forms.ChoiceField(
        label=_("Time zone"),
        choices=zone_choices,
        widget=ZoneSelect,
        help_text=_("We show dates in this time zone and name it next to them."),
    )
    locale = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    in_directory = forms.BooleanField(
        label=_("List me in the directory"),
        required=False,
        help_text=_(
            "Everyone in the alliance can then find you. Groups always show their members."
        ),
    )


class TokenForm(Form):
    """A new token for the API."""

    DAYS = [(30, _("30 days")), (90, _("90 days")), (365, _("One year"))]

    name = forms.CharField(
        label=_("Name"), max_length=80, help_text=_("For example, the program that will use it.")
    )
    scopes = forms.MultipleChoiceField(
        label=_("Access"),
        choices=Scope,
        initial=[Scope.READ],
        widget=forms.CheckboxSelectMultiple,
    )
    days = forms.TypedChoiceField(label=_("Expires after"), choices=DAYS, coerce=int, initial=90)

    def valid(self) -> timedelta:
        return timedelta(days=self.cleaned_data["days"])


class TypedCodeForm(Form):
    """A mailed code, typed with or without its dash, in capitals or not."""

    code = forms.CharField(
        label=_("Code"),
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "spellcheck": "false"}),
    )


class CodeForm(TypedCodeForm):
    """A mailed code, compared with the expected one."""

    def __init__(
        self, data: FormData = None, *, expected: str, **options: Unpack[FormOptions]
    ) -> None:
        super().__init__(data, **options)
        self.expected = expected

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"]
        if not compare_user_code(actual=code, expected=self.expected):
            raise forms.ValidationError(_("This is not the code we sent. Check the latest e-mail."))
        return code


class CloseForm(Form):
    """Closes the account once its address is typed, since this cannot be undone."""

    email = forms.CharField(
        label=_("Enter your e-mail address to close the account"), max_length=254
    )

    def __init__(
        self, data: FormData = None, *, person: Person, **options: Unpack[FormOptions]
    ) -> None:
        super().__init__(data, **options)
        self.person = person

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"].strip()
        if spelled(email) != spelled(self.person.email):
            raise forms.ValidationError(_("This is not your main address."))
        return email
