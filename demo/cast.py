"""The five people of the demo as whom developers can sign in with one click."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Role:
    code: str
    email: str
    label: Promise
    sees: Promise


# The password of all five. The page for one-click sign-in shows it.
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
        _("Takes part in groups: discusses, reviews, completes action items."),
    ),
    Role(
        "representative",
        "representative@lumen.example",
        _("Representative"),
        _("Represents an organization: invites its people, appoints its alternates."),
    ),
    Role(
        "admin",
        "admin@alliance.example",
        _("Admin"),
        _("Runs the alliance: decides applications, publishes agreements, creates groups."),
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
