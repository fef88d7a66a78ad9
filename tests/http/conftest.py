import pytest
from django.core.cache import cache
from django.test import Client

from members.people import actions
from members.people.models import Person


@pytest.fixture(autouse=True)
def nothing_left_in_the_cache() -> None:
    cache.clear()


@pytest.fixture
def browser() -> Client:
    """Sees answers to errors as a browser does, not the exception."""
    return Client(raise_request_exception=False)


@pytest.fixture
def person(db: None) -> Person:
    return actions.create_person(
        actor=None, email="ada@lumen.example", name="Ada Ekström", email_confirmed=True
    )
