"""Signed-in test browsers, with a real session in the database."""

from importlib import import_module
from typing import Any

from allauth.account.internal.flows.login import (
    AUTHENTICATION_METHODS_SESSION_KEY,
    record_authentication,
)
from django.conf import settings
from django.db import connection
from django.http import HttpRequest
from django.test import Client
from django.test.utils import CaptureQueriesContext

from members.people.models import Person
from members.people.second_factor import strongest_factor

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def signed_in(
    person: Person, *, recent: bool = True, lasts_seconds: int = 0, **options: Any
) -> Client:
    """A browser in which this person signed in just now; long ago unless `recent`.

    `lasts_seconds` keeps the sign-in recent that much longer, for one browser in many tests.
    """
    client = Client(**options)
    client.force_login(person, backend=BACKEND)
    if recent:
        confirm(client, person, lasts_seconds)
    return client


def confirm(client: Client, person: Person, lasts_seconds: int = 0) -> None:
    """The person of this browser has just confirmed who it is."""
    request = HttpRequest()
    request.session = import_module(settings.SESSION_ENGINE).SessionStore(
        client.cookies[settings.SESSION_COOKIE_NAME].value
    )
    record_authentication(request, person, strongest_factor(person))
    for record in request.session[AUTHENTICATION_METHODS_SESSION_KEY]:
        record["at"] += lasts_seconds
    request.session.save()


def queries_of(client: Client, path: str) -> int:
    """How many queries the page costs this browser, once it was opened before."""
    client.get(path)
    with CaptureQueriesContext(connection) as captured:
        client.get(path)
    return len(captured)
