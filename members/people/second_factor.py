"""Who has to have a second factor, and whether they have one."""

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
    """Return the second factors of the person, in the order in which they were set up."""
    rows = Authenticator.objects.filter(user_id=person_id).order_by("created_at", "pk")
    return [
        Factor(str(FACTOR_NAMES[kind]), created_at, last_used_at)
        for kind, created_at, last_used_at in rows.values_list("type", "created_at", "last_used_at")
    ]


def roles(viewer: Viewer) -> set[str]:
    """Return the roles of `viewer` that MFA_REQUIRED_ROLES can name."""
    held = set()
    if viewer.is_staff:
        held.add("staff")
    if viewer.chaired_ids:
        held.add("chair")
    if viewer.represented_ids:
        held.add("representative")
    return held


def needs_second_factor(person_id: int) -> bool:
    return bool(settings.MFA_REQUIRED_ROLES) and is_required_for(viewer_for(person_id))


def is_required_for(viewer: Viewer) -> bool:
    """Return whether MFA_REQUIRED_ROLES names a role of the viewer."""
    return bool(roles(viewer) & set(settings.MFA_REQUIRED_ROLES))


# Ways to confirm who a person is, from weak to strong, by allauth's names for them.
CODE, PASSWORD, AUTHENTICATOR = "code", "password", "mfa"
STRENGTH = {CODE: 1, PASSWORD: 2, AUTHENTICATOR: 3}


def strongest_factor(person: Person) -> str:
    """Return the strongest way in which the person can confirm who they are."""
    if has_authenticator(person.pk):
        return AUTHENTICATOR
    return PASSWORD if person.has_usable_password() else CODE


def is_as_strong(way: str, required: str) -> bool:
    """Compare two ways; any other than these three, such as a reset by mail, counts as a code."""
    return STRENGTH.get(way, STRENGTH[CODE]) >= STRENGTH[required]


def used_second_factor(request: HttpRequest) -> bool:
    """Return whether this session gave a second factor, or its person has set one up since."""
    records = get_authentication_records(request, request.user)
    if any(record.get("method") == "mfa" for record in records):
        return True
    return request.user.pk is not None and has_authenticator(request.user.pk)


def has_authenticator(person_id: int) -> bool:
    """Return whether the person has set up an authenticator app."""
    authenticators = Authenticator.objects.filter(user_id=person_id, type=Authenticator.Type.TOTP)
    return bool(authenticators.exists())
