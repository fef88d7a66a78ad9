"""URLs of accounts: the allauth pages that we style, and no others; then our own."""

from collections.abc import Callable

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from django.http.response import HttpResponseBase
from django.urls import URLPattern, URLResolver, include, path
from django.views.decorators.http import require_http_methods, require_safe

from common.http.sign_in_required import login_required
from members.people.recent_sign_in import recent_sign_in_for, recent_sign_in_required
from members.people.sessions import guesses_one_by_one
from members.people.sign_in import set_up_app
from members.people.views import accounts, codes, confirm, profile, second_factor, tokens

View = Callable[..., HttpResponseBase]
_form = require_http_methods(["GET", "HEAD", "POST"])


def _own(view: View) -> View:
    """A page about the reader's own account: changing something needs a recent sign-in."""
    return _form(login_required(recent_sign_in_for("POST")(view)))


def _guarded(view: View) -> View:
    """A page that shows or creates a secret: even reading it needs a recent sign-in."""
    return _form(recent_sign_in_required(view))


def _shown(view: View) -> View:
    """A page without a form that shows a secret."""
    return require_safe(recent_sign_in_required(view))


def _code(view: View) -> View:
    """A page that takes a code, whose guesses are counted in the session."""
    return _form(guesses_one_by_one(view))


entrance: list[URLPattern] = [
    path("login/", _form(account.login), name="account_login"),
    path("login/code/", _form(account.request_login_code), name="account_request_login_code"),
    path(
        "login/code/confirm/", _code(codes.confirm_sign_in_code), name="account_confirm_login_code"
    ),
    path("logout/", _form(account.logout), name="account_logout"),
    path("signup/", _form(account.signup), name="account_signup"),
    path("inactive/", require_safe(account.account_inactive), name="account_inactive"),
    path("confirm-email/", _code(codes.confirm_address), name="account_email_verification_sent"),
    path("password/reset/", _form(account.password_reset), name="account_reset_password"),
    path(
        "password/reset/confirm/",
        _code(codes.confirm_reset_code),
        name="account_confirm_password_reset_code",
    ),
    path(
        "password/reset/complete/",
        _form(account.complete_password_reset),
        name="account_complete_password_reset",
    ),
    path(
        "password/reset/done/",
        require_safe(account.password_reset_from_key_done),
        name="account_password_reset_completed",
    ),
    path("second-factor/", _code(second_factor.authenticate), name="mfa_authenticate"),
    path(
        "confirm/password/",
        _form(login_required(account.reauthenticate)),
        name="account_reauthenticate",
    ),
    path(
        "confirm/second-factor/",
        _form(login_required(guesses_one_by_one(mfa.reauthenticate))),
        name="mfa_reauthenticate",
    ),
    path("confirm/code/", confirm.confirm_by_code, name="person_confirm_by_code"),
]

recovery: list[URLPattern] = [
    path("", _shown(recovery_codes.view_recovery_codes), name="mfa_view_recovery_codes"),
    path(
        "new/",
        _guarded(recovery_codes.generate_recovery_codes),
        name="mfa_generate_recovery_codes",
    ),
    path(
        "download/",
        _shown(recovery_codes.download_recovery_codes),
        name="mfa_download_recovery_codes",
    ),
]

own: list[URLPattern | URLResolver] = [
    path("", profile.profile, name="settings_profile"),
    path("addresses/", _own(account.email), name="account_email"),
    path(
        "password/", _form(login_required(account.password_change)), name="account_change_password"
    ),
    path("password/new/", _guarded(account.password_set), name="account_set_password"),
    path("second-factor/", require_safe(login_required(mfa.index)), name="mfa_index"),
    path("second-factor/app/", _guarded(set_up_app), name="mfa_activate_totp"),
    path("second-factor/app/off/", _guarded(totp.deactivate_totp), name="mfa_deactivate_totp"),
    path("second-factor/recovery-codes/", include(recovery)),
    path("sign-ins/", profile.sign_ins, name="settings_sign_ins"),
    path("tokens/", tokens.tokens, name="settings_tokens"),
    path("tokens/<uuid:uuid>/revoke/", tokens.revoke, name="settings_token_revoke"),
    path("my-data/", profile.export, name="settings_export"),
    path("close/", profile.close, name="settings_close"),
]

account_of_person: list[URLPattern] = [
    path("", accounts.account, name="staff-account"),
    path("suspend/", accounts.suspend, name="staff-account-suspend"),
    path("restore/", accounts.restore, name="staff-account-restore"),
    path("second-factor/", accounts.reset_second_factor, name="staff-second-factor-reset"),
    path(
        "second-factor/<uuid:reset_uuid>/agree/",
        accounts.agree_to_reset,
        name="staff-second-factor-agree",
    ),
    path(
        "second-factor/<uuid:reset_uuid>/withdraw/",
        accounts.withdraw_reset,
        name="staff-second-factor-withdraw",
    ),
    path("tokens/<uuid:token_uuid>/revoke/", accounts.revoke, name="staff-token-revoke"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("accounts/", include(entrance)),
    path("settings/", include(own)),
    path("staff/accounts/", accounts.accounts, name="staff-accounts"),
    path("staff/accounts/<uuid:uuid>/", include(account_of_person)),
]
