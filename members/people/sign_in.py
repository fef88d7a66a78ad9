"""Signing somebody in through another door than the sign-in page: an invitation, or the demo."""

import time
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import record_authentication
from allauth.account.utils import perform_login
from allauth.usersessions.models import UserSession
from django.http import HttpRequest, HttpResponse

from members.people import actions
from members.people.middleware import BEGAN, SEEN
from members.people.models import Person


def sign_in(request: HttpRequest, person: Person, *, redirect_url: str) -> HttpResponse:
    """`person`, who has just proved an address by a mailed secret, is signed in.

    A second factor that they have set up is still asked for, on the way to `redirect_url`.
    """
    record_authentication(request, person, method="code")
    response: HttpResponse = perform_login(
        request, person, email_verification="none", redirect_url=redirect_url
    )
    return response


def sign_in_at_once(request: HttpRequest, person: Person) -> None:
    """Signs in without any proof: only for the development page."""
    record_authentication(request, person, method="code")
    get_adapter().login(request, person)
    UserSession.objects.create_from_request(request)


def begin_session(sender: Any, request: HttpRequest, user: Person, **_: Any) -> None:
    """Starts the clocks of `SessionLimits`, whatever door the sign-in came through."""
    now = time.time()
    request.session[BEGAN] = now
    request.session[SEEN] = now
    actions.note_seen(person=user, session_key=request.session.session_key or "")


def end_other_sessions(sender: Any, request: HttpRequest, user: Person, **_: Any) -> None:
    """Whoever is signed in elsewhere, perhaps by a stolen password, has to come in anew."""
    own = request.session.session_key
    for session in UserSession.objects.filter(user=user).exclude(session_key=own):
        session.end()
