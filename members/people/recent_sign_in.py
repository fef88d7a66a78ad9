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

from common.web.errors import problem_response
from common.web.requests import is_api
from common.web.views import ask_to_sign_in
from members.people.choices import RECENT

View = TypeVar("View", bound=Callable[..., HttpResponseBase])


def recently_authenticated(request: HttpRequest) -> bool:
    """This session signed in, or confirmed who it is, within the last five minutes.

    Unlike allauth's own test this holds for everybody: whoever has no password confirms by a
    mailed code. A token for the API never counts.
    """
    if not request.user.is_authenticated:
        return False
    records = get_authentication_records(request, request.user)
    return any(time.time() - record["at"] < RECENT.total_seconds() for record in records)


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
            return problem_response(403, _("Confirm who you are on the site first."))
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
