"""Sign a person in by other ways than the sign-in page, and set up each session."""

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import record_authentication
from allauth.account.utils import perform_login
from allauth.mfa.totp.views import activate_totp
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone

from members.people.actions import end_sign_ins, note_seen
from members.people.choices import BEGAN, BROWSER, IP, SEEN
from members.people.models import Person
from members.people.second_factor import (
    AUTHENTICATOR,
    PASSWORD,
    has_authenticator,
    strongest_factor,
)


def sign_in(request: HttpRequest, person: Person, *, redirect_url: str) -> HttpResponse:
    """Sign in a person who has just proved an address by a mailed secret.

    A person with a second factor is asked for it before `redirect_url`.
    """
    record_authentication(request, person, method="code")
    response: HttpResponse = perform_login(
        request, person, email_verification="none", redirect_url=redirect_url
    )
    return response


def sign_in_at_once(request: HttpRequest, person: Person) -> None:
    """Sign in without any proof; only for the development page."""
    record_authentication(request, person, method=strongest_factor(person))
    get_adapter().login(request, person)


def stay_signed_in(request: HttpRequest, person: Person) -> None:
    """Keep this session after the person has chosen a password in it, which ends all others."""
    update_session_auth_hash(request, person)
    record_authentication(request, person, method=PASSWORD)


def begin_session(sender: object, request: HttpRequest, user: Person, **_: object) -> None:
    """Store in the session when and from where it began, after any way of signing in."""
    now = timezone.now().timestamp()
    request.session[BEGAN] = now
    request.session[SEEN] = now
    request.session[BROWSER] = request.META.get("HTTP_USER_AGENT", "")[:200]
    # Only a test signs in without an IP address.
    has_ip = "REMOTE_ADDR" in request.META
    request.session[IP] = get_adapter().get_client_ip(request) if has_ip else ""
    note_seen(person=user)


def set_up_app(request: HttpRequest) -> HttpResponseBase:
    """Answer with allauth's page that sets up the authenticator app.

    Setting it up takes a code from the app, so the session counts as confirmed by it. A person who
    already has an app is only redirected, without being asked for a code.
    """
    assert isinstance(request.user, Person)  # by the decorators of the route
    had_one = has_authenticator(request.user.pk)
    response: HttpResponseBase = activate_totp(request)
    if request.method == "POST" and not had_one and has_authenticator(request.user.pk):
        record_authentication(request, request.user, method=AUTHENTICATOR)
    return response


def end_other_sessions(sender: object, request: HttpRequest, user: Person, **_: object) -> None:
    """Sign the person out elsewhere, since another browser may have used a stolen password."""
    end_sign_ins(person=user, except_key=request.session.session_key)
