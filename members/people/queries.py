"""What is known of a person's sign-ins."""

from dataclasses import dataclass
from datetime import UTC, datetime

from django.contrib.auth import HASH_SESSION_KEY
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from members.people.choices import BEGAN, BROWSER, IP, SEEN
from members.people.models import Person, Session


@dataclass(frozen=True)
class SignIn:
    """One browser in which a person is signed in now."""

    session_key: str
    ip: str
    browser: str
    began_at: datetime
    seen_at: datetime


def sign_ins_of(person: Person) -> list[SignIn]:
    """The person's sign-ins that still open something, oldest first."""
    rows = Session.objects.filter(person=person, expire_date__gt=timezone.now())
    own_hash = person.get_session_auth_hash()
    found = []
    for row in rows:
        data = row.get_decoded()
        # A session of before the last change of the password opens nothing.
        if constant_time_compare(data.get(HASH_SESSION_KEY, ""), own_hash):
            began = data.get(BEGAN, 0)
            found.append(
                SignIn(
                    session_key=row.session_key,
                    ip=data.get(IP, ""),
                    browser=data.get(BROWSER, ""),
                    began_at=datetime.fromtimestamp(began, UTC),
                    seen_at=datetime.fromtimestamp(data.get(SEEN, began), UTC),
                )
            )
    return sorted(found, key=lambda sign_in: sign_in.began_at)
