"""Where allauth asks us: mail through our outbox, people through our actions, one JSON-less way."""

from typing import Any

import qrcode
from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context as current
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import AnonymousUser
from django.forms import BaseForm
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from qrcode.image.svg import SvgPathFillImage

from common.mail.spelling import spelled
from members.people import actions, mails
from members.people.anonymous_mail import may_mail
from members.people.guessing import begin_guess, forget_guesses
from members.people.models import Person
from members.people.recent_sign_in import recently_authenticated
from members.people.sealing import Unreadable, seal, unseal
from members.people.second_factor import (
    AUTHENTICATOR,
    CODE,
    PASSWORD,
    needs_second_factor,
    strongest_factor,
)

# allauth's template for a mail with a code, and what the code is for.
CODES = {
    "account/email/login_code": "sign_in",
    "account/email/email_confirmation": "confirm_address",
    "account/email/email_confirmation_signup": "confirm_address",
    "account/email/password_reset_code": "reset_password",
}


# The page on which a person confirms who it is, and its name as an allauth method.
CONFIRM_BY = {
    AUTHENTICATOR: ("mfa_reauthenticate", _("Use your authenticator app")),
    PASSWORD: ("account_reauthenticate", _("Use your password")),
    CODE: ("person_confirm_by_code", _("Use a code by e-mail")),
}


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": _("Wrong e-mail address or password."),
        "incorrect_code": _("This is not the code we sent. Check the latest e-mail."),
        "too_many_login_attempts": _(
            "Too many attempts. Wait five minutes, or sign in with a code by e-mail."
        ),
        "cannot_remove_primary_email": _("Choose another main address first."),
        "duplicate_email": _("This address already belongs to your account."),
    }

    def clean_email(self, email: str) -> str:
        """Every address that allauth reads, in its one spelling."""
        return spelled(email)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Queue the mail, if it may be sent; nothing here talks to a mail server."""
        name = template_prefix.rpartition("/")[2]
        is_for_strangers = template_prefix in CODES or name in {
            "account_already_exists",
            "unknown_account",
        }
        if is_for_strangers and not may_mail(current.request, email):
            return
        if template_prefix in CODES:
            mails.queue_code(to_address=email, purpose=CODES[template_prefix], code=context["code"])
        elif name == "account_already_exists":
            mails.queue(kind=mails.KNOWN_ADDRESS, to_address=email, facts={})
        elif name == "unknown_account":
            mails.queue(kind=mails.UNKNOWN_ADDRESS, to_address=email, facts={})
        else:
            facts = {
                "change": name,
                "ip": context.get("ip", ""),
                "browser": context.get("user_agent", ""),
                "at": context["timestamp"].isoformat() if "timestamp" in context else "",
            }
            mails.queue(kind=mails.ACCOUNT_CHANGED, to_address=email, facts=facts)

    def save_user(
        self, request: HttpRequest, user: Person, form: BaseForm, commit: bool = True
    ) -> Person:
        """Somebody who signs up becomes a person the same way as anybody else."""
        return actions.create_person(
            actor=None,
            email=form.cleaned_data["email"],
            name=form.cleaned_data["name"],
            password=form.cleaned_data.get("password1"),
        )

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Person | None:
        """The person with this address and password, by one query and one hash in every case.

        Raises the form's error once too many guesses were wrong (`guessing.py`).
        """
        address, password = credentials.get("email", ""), credentials.get("password", "")
        guess = begin_guess(request, address)
        if guess is None:
            raise self.validation_error("too_many_login_attempts")
        person = Person.objects.with_address(address)
        if person is None:
            make_password(password)
            return None
        if not person.check_password(password):
            return None
        guess.was_right()
        return person

    def _delete_login_attempts_cached_email(self, request: HttpRequest, **credentials: Any) -> None:
        """allauth calls this for each address of a person who has just reset the password."""
        forget_guesses(request, credentials["email"])

    def set_password(self, user: Person, password: str) -> None:
        actions.set_password(actor=user, person=user, password=password)

    def is_safe_url(self, url: str) -> bool:
        """Whether a redirect may lead there; no for what is no address at all, as `http://[`."""
        try:
            return bool(super().is_safe_url(url))
        except ValueError:  # the parser of Python's library raises on these
            return False

    def is_ajax(self, request: HttpRequest) -> bool:
        """Never: these pages are forms, and JSON would be a second, unstyled door."""
        return False

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        return not recently_authenticated(self.request)

    def get_reauthentication_methods(self, user: Person | AnonymousUser) -> list[dict[str, Any]]:
        """The strongest way that the person has, and no other.

        A person with neither password nor authenticator confirms by a mailed code; allauth would
        call such a person recently signed in for ever.
        """
        if not isinstance(user, Person):
            return []
        page, words = CONFIRM_BY[strongest_factor(user)]
        return [{"id": page, "description": words, "url": reverse(page)}]

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return str(settings.LOGIN_URL)

    def get_email_verification_redirect_url(self, email_address: Any) -> str:
        if self.request.user.is_authenticated:
            return reverse("account_email")
        return str(settings.LOGIN_URL)


class MFAAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": _("Wrong code. Enter the one your app shows now."),
        "cannot_delete_authenticator": _(
            "Your role needs a second factor, so it cannot be switched off."
        ),
    }

    def encrypt(self, text: str) -> str:
        """The authenticator's key is sealed, so that a copy of the database is no second factor."""
        return seal({"secret": text})

    def decrypt(self, encrypted_text: str) -> str:
        try:
            return str(unseal(encrypted_text)["secret"])
        except Unreadable:
            # The installation's key was lost: no code will fit any more, and staff must reset.
            return ""

    def build_totp_svg(self, url: str) -> str:
        """The picture on its own white ground, or no camera would read it in the dark theme."""
        return str(qrcode.make(url, image_factory=SvgPathFillImage).to_string(encoding="unicode"))

    def can_delete_authenticator(self, authenticator: Any) -> bool:
        return not needs_second_factor(authenticator.user_id)
