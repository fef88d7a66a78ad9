"""Changes to an account, and acts with authority, need a sign-in in the last five minutes."""

import time
from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

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

Asked = TypeVar("Asked", bound=HttpRequest)
Parameters = ParamSpec("Parameters")
View = Callable[Concatenate[Asked, Parameters], HttpResponseBase]


def recently_authenticated(request: HttpRequest) -> bool:
    """Return whether the person confirmed who they are in this session in the last five minutes.

    Only the strongest way that the person has counts: an authenticator before a password before a
    mailed code. Unlike allauth's own check, people without a password are asked too. An API token
    never counts.
    """
    if not isinstance(request.user, Person):
        return False
    now = time.time()
    records = get_authentication_records(request, request.user)
    ways = [r["method"] for r in records if now - r["at"] < RECENT.total_seconds()]
    if not ways:
        return False
    required = strongest_factor(request.user)
    return any(is_as_strong(way, required) for way in ways)


def recent_sign_in_required(view: View[Asked, Parameters]) -> View[Asked, Parameters]:
    """Run the view only after a recent sign-in; otherwise the person confirms who they are first.

    A posted form waits in the session and is carried out after the confirmation.
    """

    @wraps(view)
    def checked(
        request: Asked, /, *args: Parameters.args, **kwargs: Parameters.kwargs
    ) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return ask_to_sign_in(request)
        if recently_authenticated(request):
            return view(request, *args, **kwargs)
        if is_api(request):
            return problem_response(403, _("Confirm it's you on the site first."))
        raise ReauthenticationRequired

    return checked


def recent_sign_in_for(
    *methods: str,
) -> Callable[[View[Asked, Parameters]], View[Asked, Parameters]]:
    """Decorate as `recent_sign_in_required` for these methods only, such as POST."""

    def decorate(view: View[Asked, Parameters]) -> View[Asked, Parameters]:
        checked_view = recent_sign_in_required(view)

        @wraps(view)
        def checked(
            request: Asked, /, *args: Parameters.args, **kwargs: Parameters.kwargs
        ) -> HttpResponseBase:
            chosen = checked_view if request.method in methods else view
            return chosen(request, *args, **kwargs)

        return checked

    return decorate
