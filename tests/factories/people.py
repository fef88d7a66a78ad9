"""People: by default active, with a confirmed address and a password, and outside the alliance."""

from functools import cache
from itertools import count
from typing import Any

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX, make_password

from members.people.models import Person

PASSWORD = "a long enough passphrase"

_numbers = count(1)


@cache
def _hash_of_password() -> str:
    """Hashed once a run."""
    return make_password(PASSWORD)


def person(name: str = "", *, staff: bool = False, password: bool = True, **fields: Any) -> Person:
    """Somebody who can sign in with `PASSWORD`, or only by mailed code without `password`."""
    number = next(_numbers)
    name = name or f"Person {number}"
    email = fields.pop("email", f"person{number}@people.example")
    made: Person = Person.objects.create(
        name=name,
        email=email,
        is_staff=staff,
        password=_hash_of_password() if password else UNUSABLE_PASSWORD_PREFIX + "x" * 40,
        **fields,
    )
    EmailAddress.objects.create(user=made, email=email, verified=True, primary=True)
    return made
