"""Who must have a second factor, and whether they do."""

from dataclasses import dataclass
from datetime import datetime

from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from common.access import Viewer, viewer_for
from members.people.models import Person

FACTOR_NAMES: dict[str, Promise] = {
    Authenticator.Type.TOTP: _("Authenticator app"),
    Authenticator.Type.RECOVERY_CODES: _("Recovery codes"),
    Authenticator.Type.WEBAUTHN: _("Passkey"),
}


@dataclass(frozen=True, slots=True)
class Factor:
    """One second factor that a person has set up, without its secret."""

    name: str
    created_at: datetime
    last_used_at: datetime | None


def factors_of(person_id: int) -> list[Factor]:
    """The kinds of second factor that the person has, in the order they were set up."""
    rows = Authenticator.objects.filter(user_id=person_id).order_by("created_at", "pk")
    return [
        Factor(str(FACTOR_NAMES[kind]), created_at, last_used_at)
        for kind, created_at, last_used_at in rows.values_list("type", "created_at", "last_used_at")
    ]


def roles(viewer: Viewer) -> set[str]:
    """The roles of `viewer` that a second factor may be asked for."""
    held = set()
    if viewer.is_staff:
        held.add("staff")
    if viewer.chaired_ids:
        held.add("chair")
    if viewer.represented_ids:
        held.add("representative")
    return held


def needs_second_factor(person_id: int) -> bool:
    return bool(settings.MFA_REQUIRED_ROLES) and must_have(viewer_for(person_id))


def must_have(viewer: Viewer) -> bool:
    """A role of this person is one that the installation protects (MFA_REQUIRED_ROLES)."""
    return bool(roles(viewer) & set(settings.MFA_REQUIRED_ROLES))


# Ways to prove who one is, from weak to strong, by the names under which allauth notes them.
CODE, PASSWORD, AUTHENTICATOR = "code", "password", "mfa"
STRENGTH = {CODE: 1, PASSWORD: 2, AUTHENTICATOR: 3}


def strongest_factor(person: Person) -> str:
    """The strongest way in which this person can confirm who it is, and so the one that counts."""
    if has_one(person.pk):
        return AUTHENTICATOR
    return PASSWORD if person.has_usable_password() else CODE


def is_as_strong(way: str, wanted: str) -> bool:
    """Other ways than these three, such as a reset by mail, count as a mailed code."""
    return STRENGTH.get(way, STRENGTH[CODE]) >= STRENGTH[wanted]


def used_second_factor(request: HttpRequest) -> bool:
    """This session gave a second factor, or its person has set one up since."""
    records = get_authentication_records(request, request.user)
    if any(record.get("method") == "mfa" for record in records):
        return True
    return request.user.pk is not None and has_one(request.user.pk)


def has_one(person_id: int) -> bool:
    """The person has set an authenticator up."""
    apps = Authenticator.objects.filter(user_id=person_id, type=Authenticator.Type.TOTP)
    return bool(apps.exists())
