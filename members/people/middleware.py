"""How long a sign-in lasts, and the second factor that some roles require."""

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest
from django.http.response import HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from common.http.errors import problem_response
from common.http.requests import Request, is_api
from members.people import actions, second_factor
from members.people.choices import ABSOLUTE, BEGAN, IDLE, SEEN, SEEN_EVERY, STAFF_IDLE

GetResponse = Callable[[HttpRequest], HttpResponseBase]


class SessionLimits:
    """Ends a sign-in after 12 idle hours (staff: 8) or 14 days, whichever comes first.

    The request goes on as anonymous, so that a form posted too late keeps its text. "Last seen" is
    written at most every ten minutes, so that most pages write nothing.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.is_authenticated:
            now = timezone.now().timestamp()
            if self._is_over(request, now):
                logout(request)
            elif now - request.session.get(SEEN, 0) >= SEEN_EVERY.total_seconds():
                request.session[SEEN] = now
                request.session.setdefault(BEGAN, now)
                actions.note_seen(person=request.user)
        return self.get_response(request)

    def _is_over(self, request: HttpRequest, now: float) -> bool:
        idle = STAFF_IDLE if request.user.is_staff else IDLE
        return bool(
            now - request.session.get(SEEN, now) > idle.total_seconds()
            or now - request.session.get(BEGAN, now) > ABSOLUTE.total_seconds()
        )


class SecondFactorGate:
    """Makes people with a role in MFA_REQUIRED_ROLES set up a second factor first.

    Until then only the pages that lead there, and signing out, are open.
    """

    OPEN = ("/accounts/", "/settings/second-factor/", "/static/", "/healthz", "/readyz")

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: Request) -> HttpResponseBase:
        if self._is_closed(request):
            if is_api(request):
                return problem_response(
                    403, _("Your role requires a second factor. Set one up in your settings.")
                )
            return HttpResponseRedirect(reverse("mfa_index"))
        return self.get_response(request)

    def _is_closed(self, request: Request) -> bool:
        if not settings.MFA_REQUIRED_ROLES or request.path_info.startswith(self.OPEN):
            return False
        if not request.user.is_authenticated:
            return False
        is_required = second_factor.is_required_for(request.viewer)
        return is_required and not second_factor.used_second_factor(request)
