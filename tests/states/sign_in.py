"""Signing in and up, the second factor, and stopping mails."""

from collections.abc import Callable
from typing import Any

from django.test import Client, override_settings
from django.urls import reverse

from common.mail.models import Message
from common.mail.registry import renderer
from members.people.factor_resets import reset_second_factor
from members.people.models import Person
from notifications.mails import stop_token
from tests.pages import Stage
from tests.people.mailbox import code_in
from tests.rendered_pages import RenderedPage
from tests.states.looking import ANYBODY, after, browser, look, seen

PASSWORD = "nine herons by the weir"


def _with_password(stage: Stage) -> Person:
    member = stage.people["member"]
    member.set_password(PASSWORD)
    member.save(update_fields=["password"])
    return member


def _protected(stage: Stage, *, codes: bool = True) -> Person:
    """The member has an app and recovery codes."""
    from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
    from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

    member = _with_password(stage)
    TOTP.activate(member, generate_totp_secret())
    if codes:
        RecoveryCodes.activate(member)
    return member


def _half_signed_in(stage: Stage) -> Client:
    member, browser = _protected(stage), Client(**ANYBODY)
    browser.post(reverse("account_login"), {"login": member.email, "password": PASSWORD})
    return browser


def _without_password(stage: Stage) -> None:
    member = stage.people["member"]
    member.set_unusable_password()
    member.save(update_fields=["password"])


def _asked_for_code(stage: Stage, route: str) -> Client:
    browser = Client(**ANYBODY)
    browser.post(reverse(route), {"email": _with_password(stage).email})
    return browser


def _new_password(stage: Stage) -> Any:
    browser = _asked_for_code(stage, "account_reset_password")
    sent = Message.objects.filter(kind="sign_in_code").latest("created_at")
    render = renderer(sent.kind)
    mail = render(sent) if render else None
    assert mail is not None
    code = code_in(mail)
    browser.post(reverse("account_confirm_password_reset_code"), {"code": code})
    return look(browser, "account_complete_password_reset")


def _signing_up(stage: Stage) -> Any:
    browser = Client(**ANYBODY)
    values = {"email": "nora@nordlys.example", "name": "Nora", "password1": PASSWORD}
    browser.post(reverse("account_signup"), values)
    return look(browser, "account_email_verification_sent")


def _must_have_one(stage: Stage) -> Any:
    """A chair in a house that asks chairs for a second factor."""
    with override_settings(MFA_REQUIRED_ROLES=["chair"]):
        return browser(stage, "chair").get(reverse("my-work"), follow=True)


def _cannot_switch_off(stage: Stage) -> Any:
    _protected(stage)
    with override_settings(MFA_REQUIRED_ROLES=["chair", "staff", "representative"]):
        stage.people["member"].is_staff = True
        stage.people["member"].save(update_fields=["is_staff"])
        return browser(stage, "member").post(reverse("mfa_deactivate_totp"))


def _reset_open(stage: Stage) -> Any:
    """One of staff has lost phone and codes, another asks for the reset, and a third looks."""
    lost = _protected(stage)
    lost.is_staff = True
    lost.save(update_fields=["is_staff"])
    asking = stage.people["chair"]
    asking.is_staff = True
    asking.save(update_fields=["is_staff"])
    reset_second_factor(actor=asking, person=lost, reason="Her phone was stolen at the airport.")
    return look(browser(stage, "admin"), "staff-account", lost.uuid)


def _second_factor(route: str) -> Callable[[Stage], Any]:
    return after(_protected, "member", route)


def _confirming(route: str, before: Callable[[Stage], object]) -> Callable[[Stage], Any]:
    """Signed in long ago, and asked who it is."""

    def draw(stage: Stage) -> Any:
        before(stage)
        return look(browser(stage, "member", recent=False), route)

    return draw


SIGN_IN = [
    RenderedPage(
        "sign-in-refused",
        "sign-in",
        lambda stage: Client(**ANYBODY).post(
            reverse("account_login"), {"login": "nora@nordlys.example", "password": "wrong"}
        ),
    ),
    RenderedPage(
        "sign-up-sent-back",
        "sign-in",
        lambda stage: Client(**ANYBODY).post(
            reverse("account_signup"), {"email": "nora@", "name": "Nora", "password1": "short"}
        ),
    ),
    RenderedPage("confirm-address", "sign-in", _signing_up, "account_email_verification_sent"),
    RenderedPage(
        "code",
        "sign-in",
        lambda stage: look(
            _asked_for_code(stage, "account_request_login_code"), "account_confirm_login_code"
        ),
        "account_confirm_login_code",
    ),
    RenderedPage(
        "reset-code",
        "sign-in",
        lambda stage: look(
            _asked_for_code(stage, "account_reset_password"), "account_confirm_password_reset_code"
        ),
        "account_confirm_password_reset_code",
    ),
    RenderedPage("new-password", "sign-in", _new_password, "account_complete_password_reset"),
    RenderedPage(
        "second-factor",
        "sign-in",
        lambda stage: look(_half_signed_in(stage), "mfa_authenticate"),
        "mfa_authenticate",
    ),
    RenderedPage(
        "second-factor-wrong",
        "sign-in",
        lambda stage: _half_signed_in(stage).post(reverse("mfa_authenticate"), {"code": "000000"}),
    ),
    RenderedPage(
        "confirm-by-password",
        "sign-in",
        _confirming("account_reauthenticate", _with_password),
        "account_reauthenticate",
    ),
    RenderedPage(
        "confirm-by-second-factor",
        "sign-in",
        _confirming("mfa_reauthenticate", _protected),
        "mfa_reauthenticate",
    ),
    RenderedPage(
        "confirm-by-code",
        "sign-in",
        _confirming("person_confirm_by_code", _without_password),
        "person_confirm_by_code",
    ),
    RenderedPage("account-with-reset-open", "staff", _reset_open),
    RenderedPage(
        "reset-second-factor",
        "staff",
        lambda stage: look(
            browser(stage, "admin"), "staff-second-factor-reset", _protected(stage).uuid
        ),
        "staff-second-factor-reset",
    ),
    RenderedPage("second-factor-needed", "settings", _must_have_one),
    RenderedPage("second-factor-set-up", "settings", _second_factor("mfa_index")),
    RenderedPage(
        "second-factor-without-codes",
        "settings",
        after(lambda stage: _protected(stage, codes=False), "member", "mfa_index"),
    ),
    RenderedPage(
        "set-up-an-app", "settings", seen("member", "mfa_activate_totp"), "mfa_activate_totp"
    ),
    RenderedPage(
        "set-up-an-app-wrong-code",
        "settings",
        lambda stage: browser(stage, "member").post(
            reverse("mfa_activate_totp"), {"code": "000000"}
        ),
    ),
    RenderedPage(
        "switch-the-app-off",
        "settings",
        _second_factor("mfa_deactivate_totp"),
        "mfa_deactivate_totp",
    ),
    RenderedPage("switch-the-app-off-refused", "settings", _cannot_switch_off),
    RenderedPage(
        "recovery-codes",
        "settings",
        _second_factor("mfa_view_recovery_codes"),
        "mfa_view_recovery_codes",
    ),
    RenderedPage(
        "recovery-codes-anew",
        "settings",
        _second_factor("mfa_generate_recovery_codes"),
        "mfa_generate_recovery_codes",
    ),
    RenderedPage(
        "password-of-somebody-without",
        "settings",
        after(_without_password, "member", "account_set_password"),
        "account_set_password",
    ),
    RenderedPage(
        "stop-a-notification",
        "settings",
        seen("", "notices-stop", lambda stage: (stop_token(stage.people["member"], _KIND),)),
        "notices-stop",
    ),
    RenderedPage(
        "notification-stopped",
        "settings",
        lambda stage: Client(**ANYBODY).post(
            reverse("notices-stop", args=[stop_token(stage.people["member"], _KIND)])
        ),
    ),
    RenderedPage(
        "notification-resumed",
        "settings",
        lambda stage: Client(**ANYBODY).post(
            reverse("notices-stop", args=[stop_token(stage.people["member"], _KIND)]), {"undo": "1"}
        ),
    ),
]

_KIND = "member_joined"
