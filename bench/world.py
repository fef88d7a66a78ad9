"""The alliance that is measured, made by `bench/large`, and a person signed in to it."""

from importlib import import_module

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.db import connection
from django.utils import timezone

from bench.large.building import Landmarks as World
from bench.large.building import build
from bench.large.sizes import Sizes
from members.people.choices import BEGAN, SEEN
from members.people.models import Person

__all__ = ["Sizes", "World", "build", "settle", "sign_in"]

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def settle() -> None:
    """Do at once what PostgreSQL otherwise does in the background in the minutes after a load, while
    pages are measured."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE)")
        cursor.execute("CHECKPOINT")


def sign_in(person: Person) -> str:
    """The key of a session in which this person signed in just now."""
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    now = timezone.now().timestamp()
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = BACKEND
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session[BEGAN] = session[SEEN] = now
    session.create()
    return str(session.session_key)
