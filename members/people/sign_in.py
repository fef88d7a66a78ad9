"""Signing somebody in through another door than the sign-in page: an invitation, or the demo."""

import time
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import record_authentication
from allauth.account.utils import perform_login
from allauth.mfa.totp.views import activate_totp
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from members.people.actions import end_sign_ins, note_seen
from members.people.choices import BEGAN, BROWSER, IP, SEEN
from members.people.models import Person
from members.people.second_factor import AUTHENTICATOR, PASSWORD, has_one, strongest_factor


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
    record_authentication(request, person, method=strongest_factor(person))
    get_adapter().login(request, person)


def stay_signed_in(request: HttpRequest, person: Person) -> None:
    """The person has just chosen a password in this session, which goes on with it."""
    update_session_auth_hash(request, person)
    record_authentication(request, person, method=PASSWORD)


def begin_session(sender: Any, request: HttpRequest, user: Person, **_: Any) -> None:
    """Note when and from where the session began, whatever door the sign-in came through."""
    now = time.time()
    request.session[BEGAN] = now
    request.session[SEEN] = now
    request.session[BROWSER] = request.META.get("HTTP_USER_AGENT", "")[:200]
    # Only a test signs in without a network address.
    at_all = "REMOTE_ADDR" in request.META
    request.session[IP] = get_adapter().get_client_ip(request) if at_all else ""
    note_seen(person=user)


def set_up_app(request: HttpRequest) -> HttpResponseBase:
    """allauth's page that sets up the authenticator app.

    Setting it up takes a code from it, so this session has confirmed by it. Where the page only
    leads elsewhere, as for somebody who has an app already, no code was asked for.
    """
    assert isinstance(request.user, Person)  # the route lets nobody else in
    had_one = has_one(request.user.pk)
    response: HttpResponseBase = activate_totp(request)
    if request.method == "POST" and not had_one and has_one(request.user.pk):
        record_authentication(request, request.user, method=AUTHENTICATOR)
    return response


def end_other_sessions(sender: Any, request: HttpRequest, user: Person, **_: Any) -> None:
    """Sign the person out elsewhere: another browser perhaps came in by a stolen password."""
    end_sign_ins(person=user, except_key=request.session.session_key)
