"""Asking people to sign in. Views have Django's decorator for their methods first, then this one."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _

from common.http import errors
from common.http.form_recovery import recovered_form
from common.http.requests import is_api, is_fragment
from common.http.view_types import AnyRequest, AnyResponse, Arguments


def login_required(
    view: Callable[Concatenate[AnyRequest, Arguments], AnyResponse],
) -> Callable[Concatenate[AnyRequest, Arguments], AnyResponse | HttpResponse]:
    """Let only signed-in people reach the view; ask everybody else to sign in.

    A page is redirected; htmx and the API get 401. A form that was sent after the session ended is
    shown again with everything that was typed.
    """

    @wraps(view)
    def checked(
        request: AnyRequest, /, *args: Arguments.args, **kwargs: Arguments.kwargs
    ) -> AnyResponse | HttpResponse:
        if request.user.is_authenticated:
            return view(request, *args, **kwargs)
        return ask_to_sign_in(request)

    return checked


def ask_to_sign_in(request: HttpRequest) -> HttpResponse:
    """Return the answer to an anonymous request for a page of members: the same for all addresses."""
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
    """Return the sign-in page that leads back to the requested page, or to that of a posted form."""
    page = (
        request.get_full_path()
        if request.method in {"GET", "HEAD"}
        else recovered_form(request).page
    )
    return f"{settings.LOGIN_URL}?{urlencode({'next': page})}" if page else str(settings.LOGIN_URL)


def _was_signed_in(request: HttpRequest) -> bool:
    """Whether the browser still has one of our cookies, so that its session has ended."""
    names = (settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME)
    return any(name in request.COOKIES for name in names)
