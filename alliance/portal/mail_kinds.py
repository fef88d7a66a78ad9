"""The names of the kinds of mail on the pages of staff."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

WORDS: dict[str, str | Promise] = {
    "account_changed": _("Account changed"),
    "agreement_ready": _("Agreements to sign"),
    "digest": _("Daily digest"),
    "group_invitation": _("Invitation to a group"),
    "invitation": _("Invitation"),
    "notice": _("Notification"),
    "second_factor_reset": _("Second factor reset"),
    "second_factor_reset_asked": _("Second factor reset requested"),
    "sign_in_code": _("One-time code"),
    "sign_in_known_address": _("Sign-up with a known address"),
    "sign_in_unknown_address": _("Sign-in with an unknown address"),
}


def mail_kind_words(kind: str) -> str:
    """Return the name of the kind; the kind itself, made readable, if it has none."""
    return str(WORDS.get(kind) or kind.replace("_", " ").capitalize())
