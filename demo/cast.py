"""The five people of the demo who can be signed in as with one click, in development."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Role:
    code: str
    email: str
    label: Promise
    sees: Promise


# Everybody of the cast has it. The page for one-click sign-in shows it; it opens nothing elsewhere.
PASSWORD = "six lanterns on the quay"  # noqa: S105

CAST = (
    Role(
        "chair",
        "chair@lumen.example",
        _("Chair"),
        _("Leads a group: plans meetings, approves requests, publishes."),
    ),
    Role(
        "member",
        "member@lumen.example",
        _("Member"),
        _("Takes part in groups: discusses, reviews, has action items."),
    ),
    Role(
        "representative",
        "representative@lumen.example",
        _("Representative"),
        _("Speaks for an organization: invites its people, names its deputy."),
    ),
    Role(
        "admin",
        "admin@alliance.example",
        _("Admin"),
        _("Runs the alliance: applications, agreements, new groups."),
    ),
    Role(
        "stranger",
        "stranger@elsewhere.example",
        _("Stranger"),
        _("Has an account and no organization: sees what is public."),
    ),
)


def address_of(code: str) -> str | None:
    return next((role.email for role in CAST if role.code == code), None)
