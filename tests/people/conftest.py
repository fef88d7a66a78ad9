"""People as the sign-in knows them: with a password, and without one."""

import pytest
from django.core.cache import cache

from members.people import actions
from members.people.models import Person

PASSWORD = "correct horse battery staple"


@pytest.fixture(autouse=True)
def no_limits_left_over() -> None:
    """Rate limits live in the cache: a test must not begin with another test's."""
    cache.clear()


@pytest.fixture
def ada(db: None) -> Person:
    """Has a password and a confirmed address."""
    return actions.create_person(
        actor=None,
        email="ada@lumen.example",
        name="Ada Ekström",
        password=PASSWORD,
        email_confirmed=True,
    )


@pytest.fixture
def noor(db: None) -> Person:
    """Came by an invitation: a confirmed address and no password."""
    return actions.create_person(
        actor=None, email="noor@lumen.example", name="نور حداد", email_confirmed=True
    )
