"""Who may go on to a view. Views wear Django's decorator for their methods first, then this."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from common.http import errors
from common.http.form_recovery import recovered_form
from common.http.requests import is_api, is_fragment

View = TypeVar("View", bound=Callable[..., HttpResponseBase])


def login_required(view: View) -> View:
    """Only somebody signed in goes on; anybody else is asked to sign in, whatever lies behind.

    A page asks by redirect, htmx and the API by 401. A form whose sign-in ended while it was being
    written gets a page that keeps every word of it.
    """

    @wraps(view)
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.user.is_authenticated:
            return view(request, *args, **kwargs)
        return ask_to_sign_in(request)

    return cast(View, checked)


def ask_to_sign_in(request: HttpRequest) -> HttpResponse:
    """The answer to an anonymous request in member space: the same for any address in it."""
    if is_api(request):
        refusal: HttpResponse = errors.problem_response(401, _("Sign in or send a token."))
        refusal["WWW-Authenticate"] = "Bearer"
        return refusal
    if request.method == "POST" and _was_signed_in(request) and recovered_form(request):
        return errors.expired(request, status=401)
    if is_fragment(request):
        response = HttpResponse(status=401)
        response["HX-Redirect"] = settings.LOGIN_URL
        return response
    return HttpResponseRedirect(sign_in_url(request))


def sign_in_url(request: HttpRequest) -> str:
    """The sign-in page that leads back to where a GET was going, or to the page of a posted form."""
    page = (
        request.get_full_path()
        if request.method in {"GET", "HEAD"}
        else recovered_form(request).page
    )
    return f"{settings.LOGIN_URL}?{urlencode({'next': page})}" if page else str(settings.LOGIN_URL)


def _was_signed_in(request: HttpRequest) -> bool:
    """The browser still holds one of our cookies, so this is an expired visit and no stranger."""
    names = (settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME)
    return any(name in request.COOKIES for name in names)
