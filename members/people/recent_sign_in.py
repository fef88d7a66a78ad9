"""Acts that change an account, or act with authority, want a sign-in of the last five minutes."""

import time
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from allauth.account.internal.flows.login import get_authentication_records
from allauth.core.exceptions import ReauthenticationRequired
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from common.http.errors import problem_response
from common.http.requests import is_api
from common.http.sign_in_required import ask_to_sign_in
from members.people.choices import RECENT
from members.people.models import Person
from members.people.second_factor import is_as_strong, strongest_factor

View = TypeVar("View", bound=Callable[..., HttpResponseBase])


def recently_authenticated(request: HttpRequest) -> bool:
    """This session confirmed who it is within the last five minutes, in the person's strongest way.

    An authenticator is stronger than a password, and that than a mailed code. Unlike allauth's own
    test this holds for everybody. A token for the API never counts.
    """
    if not isinstance(request.user, Person):
        return False
    now = time.time()
    records = get_authentication_records(request, request.user)
    ways = [r["method"] for r in records if now - r["at"] < RECENT.total_seconds()]
    if not ways:
        return False
    wanted = strongest_factor(request.user)
    return any(is_as_strong(way, wanted) for way in ways)


def recent_sign_in_required(view: View) -> View:
    """The view runs only for a recent sign-in; else the person confirms who they are first.

    A posted form waits meanwhile in the session and is carried out after the confirmation.
    """

    @wraps(view)
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return ask_to_sign_in(request)
        if recently_authenticated(request):
            return view(request, *args, **kwargs)
        if is_api(request):
            return problem_response(403, _("Confirm it's you on the site first."))
        raise ReauthenticationRequired

    checked.needs_recent_sign_in = True  # type: ignore[attr-defined]
    return cast(View, checked)


def recent_sign_in_for(*names: str) -> Callable[[View], View]:
    """`recent_sign_in_required` for some methods only: reading a page is free, changing is not."""

    def decorate(view: View) -> View:
        strict = recent_sign_in_required(view)

        @wraps(view)
        def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            chosen = strict if request.method in names else view
            return chosen(request, *args, **kwargs)

        return cast(View, checked)

    return decorate
