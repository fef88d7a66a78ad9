"""Mails about signing in: encrypted when they are queued, rendered when they are sent.

Codes go through the same outbox as all mail, so that a dead mail server never breaks a sign-in
page, and must not be readable in its table. So the row holds them encrypted, and an expired code
is dropped instead of sent (ADR 6).
"""

from collections.abc import Mapping
from datetime import timedelta
from uuid import uuid4

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from common.mail import actions as mail
from common.mail.models import Message
from common.mail.registry import Mail, register
from common.mail.render import render_templates
from members.people.choices import CHANGE_MAIL_VALID, CODE_VALID
from members.people.sealing import Unreadable, seal, unseal

CODE = "sign_in_code"
KNOWN_ADDRESS = "sign_in_known_address"
UNKNOWN_ADDRESS = "sign_in_unknown_address"
ACCOUNT_CHANGED = "account_changed"
SECOND_FACTOR_RESET = "second_factor_reset"
SECOND_FACTOR_RESET_ASKED = "second_factor_reset_asked"

VALID: dict[str, timedelta] = {
    CODE: CODE_VALID,
    KNOWN_ADDRESS: CODE_VALID,
    UNKNOWN_ADDRESS: CODE_VALID,
    ACCOUNT_CHANGED: CHANGE_MAIL_VALID,
    SECOND_FACTOR_RESET: CHANGE_MAIL_VALID,
    SECOND_FACTOR_RESET_ASKED: CHANGE_MAIL_VALID,
}

CHANGES = {
    "email_changed": _("Your main e-mail address was changed"),
    "email_confirm": _("An e-mail address was confirmed for your account"),
    "email_deleted": _("An e-mail address was removed from your account"),
    "password_changed": _("Your password was changed"),
    "password_set": _("A password was set for your account"),
    "password_reset": _("Your password was reset"),
    "totp_activated": _("An authenticator app now protects your account"),
    "totp_deactivated": _("The authenticator app no longer protects your account"),
    "recovery_codes_generated": _("New recovery codes were created for your account"),
    "token_created": _("An API token was created for your account"),
}


def queue(*, kind: str, to_address: str, facts: Mapping[str, object]) -> None:
    """Put a mail into the outbox, with its facts encrypted."""
    mail.queue(
        dedupe_key=f"{kind}:{uuid4()}",
        to_address=to_address,
        kind=kind,
        ref={"sealed": seal(facts)},
    )


def queue_code(*, to_address: str, purpose: str, code: str) -> None:
    """Put a mail with a code into the outbox.

    `purpose` is one of sign_in, confirm_address, reset_password, confirm_person.
    """
    queue(kind=CODE, to_address=to_address, facts={"purpose": purpose, "code": code})


def render(message: Message) -> Mail | None:
    """Render a queued mail; return None once its code or news is too old to be of use."""
    try:
        facts = unseal(message.ref["sealed"], valid=VALID[message.kind])
    except Unreadable:
        return None
    return render_templates(
        message.kind,
        {
            **facts,
            "valid_minutes": int(CODE_VALID.total_seconds() // 60),
            "sign_in_url": settings.SITE_URL + reverse("account_login"),
            "sign_up_url": settings.SITE_URL + reverse("account_signup"),
            "reset_url": settings.SITE_URL + reverse("account_reset_password"),
            "account_url": _account_url(facts.get("person_uuid")),
            "what_changed": CHANGES.get(str(facts.get("change")), _("Your account was changed")),
        },
    )


def _account_url(uuid: object) -> str:
    """Return the URL of the staff page of the account that a mail is about; "" without one."""
    return settings.SITE_URL + reverse("staff-account", args=[uuid]) if uuid else ""


def register_mails() -> None:
    for kind, valid in VALID.items():
        # Codes go out even while other mail is held, since nobody could sign in otherwise.
        register(kind, render, useful_for=valid, never_held=valid == CODE_VALID)
