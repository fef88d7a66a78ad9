"""What allauth asks of us: mails go through our outbox, accounts through our actions."""

from datetime import datetime

import qrcode
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from allauth.core import context as current
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
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

# The purpose of a code by allauth's template for its mail.
CODE_PURPOSES = {
    "account/email/login_code": "sign_in",
    "account/email/email_confirmation": "confirm_address",
    "account/email/email_confirmation_signup": "confirm_address",
    "account/email/password_reset_code": "reset_password",
}

# The page on which a person confirms who they are, and the words of the link to it.
CONFIRM_BY = {
    AUTHENTICATOR: ("mfa_reauthenticate", _("Use your authenticator app")),
    PASSWORD: ("account_reauthenticate", _("Use your password")),
    CODE: ("person_confirm_by_code", _("Use a code by e-mail")),
}


class AccountAdapter(DefaultAccountAdapter):
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
        """Normalize every address that allauth reads."""
        return spelled(email)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, object]) -> None:
        """Put the mail into the outbox, unless a limit forbids it (`anonymous_mail.py`)."""
        name = template_prefix.rpartition("/")[2]
        purpose = CODE_PURPOSES.get(template_prefix)
        is_limited = purpose or name in {"account_already_exists", "unknown_account"}
        if is_limited and not may_mail(current.request, email):
            return
        if purpose:
            mails.queue_code(to_address=email, purpose=purpose, code=str(context["code"]))
        elif name == "account_already_exists":
            mails.queue(kind=mails.KNOWN_ADDRESS, to_address=email, facts={})
        elif name == "unknown_account":
            mails.queue(kind=mails.UNKNOWN_ADDRESS, to_address=email, facts={})
        else:
            at = context.get("timestamp")
            facts = {
                "change": name,
                "ip": context.get("ip", ""),
                "browser": context.get("user_agent", ""),
                "at": at.isoformat() if isinstance(at, datetime) else "",
            }
            mails.queue(kind=mails.ACCOUNT_CHANGED, to_address=email, facts=facts)

    def save_user(
        self, request: HttpRequest, user: Person, form: BaseForm, commit: bool = True
    ) -> Person:
        """Create the account of a person who signs up."""
        return actions.create_person(
            actor=None,
            email=form.cleaned_data["email"],
            name=form.cleaned_data["name"],
            password=form.cleaned_data.get("password1"),
        )

    def authenticate(self, request: HttpRequest, **credentials: str) -> Person | None:
        """Return the person with this address and password, after one query and one hash in any case.

        Raises the form's error after too many wrong guesses (`guessing.py`).
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

    def _delete_login_attempts_cached_email(self, request: HttpRequest, **credentials: str) -> None:
        """Called by allauth for each address of a person who has just reset the password."""
        forget_guesses(request, credentials["email"])

    def set_password(self, user: Person, password: str) -> None:
        actions.set_password(actor=user, person=user, password=password)

    def is_safe_url(self, url: str) -> bool:
        """Return whether a redirect may lead there; False for a malformed URL such as `http://[`."""
        try:
            return bool(super().is_safe_url(url))
        except ValueError:  # raised by urlsplit
            return False

    def is_ajax(self, request: HttpRequest) -> bool:
        """False: these pages are forms, and answering JSON would be a second way in to protect."""
        return False

    def is_reauthentication_required(self, *, app: str, **kwargs: object) -> bool:
        return not recently_authenticated(self.request)

    def get_reauthentication_methods(self, user: Person | AnonymousUser) -> list[dict[str, object]]:
        """Return the strongest way to confirm that the person has, and no other.

        A person with neither password nor authenticator confirms by a mailed code; allauth would
        never ask such a person again.
        """
        if not isinstance(user, Person):
            return []
        page, words = CONFIRM_BY[strongest_factor(user)]
        return [{"id": page, "description": words, "url": reverse(page)}]

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return str(settings.LOGIN_URL)

    def get_email_verification_redirect_url(self, email_address: EmailAddress) -> str:
        if self.request.user.is_authenticated:
            return reverse("account_email")
        return str(settings.LOGIN_URL)


class MFAAdapter(DefaultMFAAdapter):
    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": _("Wrong code. Enter the one your app shows now."),
        "cannot_delete_authenticator": _(
            "Your role requires a second factor, so you cannot turn it off."
        ),
    }

    def encrypt(self, text: str) -> str:
        """Seal the authenticator's key, so that a copy of the database is no second factor."""
        return seal({"secret": text})

    def decrypt(self, encrypted_text: str) -> str:
        try:
            return str(unseal(encrypted_text)["secret"])
        except Unreadable:
            # SECRET_KEY was lost: no code is right any more, and staff must reset the factor.
            return ""

    def build_totp_svg(self, url: str) -> str:
        """Draw the QR code on white, since no camera reads it on the dark theme's background."""
        return str(qrcode.make(url, image_factory=SvgPathFillImage).to_string(encoding="unicode"))

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        return not needs_second_factor(authenticator.user_id)
