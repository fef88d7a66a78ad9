"""Ask for the second factor while signing in."""

from allauth.account.internal.stagekit import clear_login, get_pending_stage
from allauth.mfa.base import views as mfa
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _

ASKED_FOR = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]


def authenticate(request: HttpRequest) -> HttpResponseBase:
    """Answer with allauth's page, but restart a sign-in whose second factor was reset meanwhile.

    allauth would redirect it to the sign-in page and back for ever.
    """
    stage = get_pending_stage(request)
    is_asked = stage is not None and stage.urlname == "mfa_authenticate"
    if stage is not None and is_asked and not is_mfa_enabled(stage.login.user, ASKED_FOR):
        clear_login(request)
        messages.info(request, _("Your second factor was reset. Sign in again."))
        return redirect("account_login")
    response: HttpResponseBase = mfa.authenticate(request)
    return response
