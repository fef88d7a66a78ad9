"""Where a person is signed in, and the person's own export."""

from dataclasses import dataclass
from datetime import UTC, datetime

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib.auth import HASH_SESSION_KEY
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from members.people.choices import BEGAN, BROWSER, IP, SEEN
from members.people.models import ApiToken, Person, Session


@dataclass(frozen=True)
class SignIn:
    """One browser in which a person is signed in now."""

    session_key: str
    ip: str
    browser: str
    began_at: datetime
    seen_at: datetime


def sign_ins_of(person: Person) -> list[SignIn]:
    """Return the sign-ins of the person that are still valid, oldest first."""
    sessions = Session.objects.filter(person=person, expire_date__gt=timezone.now())
    own_hash = person.get_session_auth_hash()
    sign_ins = []
    for session in sessions:
        data = session.get_decoded()
        # A session from before the last change of the password is no longer valid.
        if constant_time_compare(data.get(HASH_SESSION_KEY, ""), own_hash):
            began = data.get(BEGAN, 0)
            sign_ins.append(
                SignIn(
                    session_key=session.session_key,
                    ip=data.get(IP, ""),
                    browser=data.get(BROWSER, ""),
                    began_at=datetime.fromtimestamp(began, UTC),
                    seen_at=datetime.fromtimestamp(data.get(SEEN, began), UTC),
                )
            )
    return sorted(sign_ins, key=lambda sign_in: sign_in.began_at)


def export_person(person: Person) -> dict[str, object]:
    """Return what this app holds about the person, as plain data for the person's own export."""
    return {
        "uuid": str(person.uuid),
        "name": person.name,
        "email": person.email,
        "addresses": [
            {"email": address.email, "confirmed": address.verified, "main": address.primary}
            for address in EmailAddress.objects.filter(user=person).order_by("pk")
        ],
        "time_zone": person.zone,
        "language": person.locale,
        "in_directory": person.in_directory,
        "joined_at": person.joined_at.isoformat(),
        "second_factors": list(
            Authenticator.objects.filter(user=person).values_list("type", flat=True)
        ),
        "sign_ins": [
            {
                "ip": sign_in.ip,
                "browser": sign_in.browser,
                "began_at": sign_in.began_at.isoformat(),
                "last_seen_at": sign_in.seen_at.isoformat(),
            }
            for sign_in in sign_ins_of(person)
        ],
        "tokens": [
            {
                "name": token.name,
                "scopes": token.scopes,
                "created_at": token.created.isoformat(),
                "expires_at": token.expiry.isoformat(),
            }
            for token in ApiToken.objects.filter(user=person)
        ],
    }
