"""Somebody without phone and recovery codes comes back in by staff, and nobody else does."""

from collections.abc import Callable

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.test import Client, override_settings

from common.errors import Invalid, NotAllowed, WrongState
from common.record.models import Record
from members.people import actions, factor_resets
from members.people.models import ApiToken, Person
from tests import factories
from tests.people.mailbox import mails_to
from tests.people.test_sign_in import set_up_totp, sign_in_by_password, signed_in_as
from tests.people.test_tokens import make

Browsers = Callable[..., Client]
REASON = "Phone stolen; checked by a call to the number on file."


@pytest.fixture(autouse=True)
def required() -> object:
    with override_settings(MFA_REQUIRED_ROLES=["staff"]):
        yield


def protect(person: Person) -> None:
    """The person has an app and recovery codes."""
    TOTP.activate(person, generate_totp_secret())
    RecoveryCodes.activate(person)


@pytest.fixture
def sade(db: None) -> Person:
    """Staff with a second factor of their own."""
    person = factories.person("Sade Staff", staff=True)
    protect(person)
    return person


def verbs(person: Person) -> list[str]:
    rows = Record.objects.filter(object_uuid=person.uuid, verb__startswith="second_factor")
    return list(rows.order_by("at", "pk").values_list("verb", flat=True))


def test_staff_reset_a_lost_factor_and_the_person_comes_back_in(
    client: Client, client_of: Browsers, ada: Person, sade: Person
) -> None:
    EmailAddress.objects.create(user=ada, email="ada@home.example", verified=True)
    sign_in_by_password(client, ada)
    set_up_totp(client)
    make(ada)
    EmailAddress.objects.create(user=ada, email="ada@typo.example", verified=False)
    locked_out, browser = Client(), client_of(sade)
    sign_in_by_password(locked_out, ada)
    asked = locked_out.get("/accounts/second-factor/").content.decode()
    assert "Lost both your phone and your recovery codes?" in asked

    page = browser.get(f"/staff/accounts/{ada.uuid}/").content.decode()
    assert "Authenticator app" in page
    path = f"/staff/accounts/{ada.uuid}/second-factor/"
    assert browser.post(path, {"reason": " "}).status_code == 422
    response = browser.post(path, {"reason": REASON}, follow=True)

    assert "Second factor reset." in response.content.decode()
    assert not Authenticator.objects.filter(user=ada).exists()
    assert not ApiToken.objects.filter(user=ada).exists()
    assert signed_in_as(client).startswith("/accounts/login/")
    assert verbs(ada) == ["second_factor_reset"]
    for address in (ada.email, "ada@home.example"):
        mail = mails_to(address)[-1]
        assert "Your second factor was reset" in mail.subject
        assert REASON in mail.text
        assert "Sade Staff" in mail.text
    assert not mails_to("ada@typo.example")
    again = locked_out.get("/accounts/second-factor/", follow=True)
    assert "Your second factor was reset. Sign in again." in again.content.decode()
    sign_in_by_password(locked_out, ada)
    assert signed_in_as(locked_out) == "Ada Ekström"


def test_a_role_that_needs_a_factor_is_led_to_set_up_a_new_one(
    client: Client, ada: Person, sade: Person
) -> None:
    actions.make_staff(person=ada)
    protect(ada)
    factor_resets.reset_second_factor(actor=sade, person=ada, reason=REASON)

    sign_in_by_password(client, ada)
    assert client.get("/settings/tokens/")["Location"] == "/settings/second-factor/"
    set_up_totp(client)
    assert client.get("/settings/tokens/").status_code == 200


def test_the_reset_wants_a_recent_sign_in_and_is_for_staff(
    client_of: Browsers, ada: Person, noor: Person, sade: Person
) -> None:
    protect(ada)
    path = f"/staff/accounts/{ada.uuid}/second-factor/"

    stale = client_of(sade, recent=False).post(path, {"reason": REASON})
    stranger = client_of(noor).post(path, {"reason": REASON})

    assert stale["Location"].startswith("/accounts/confirm/")
    assert stranger.status_code == 404
    with pytest.raises(NotAllowed, match="Only staff"):
        factor_resets.reset_second_factor(actor=noor, person=ada, reason=REASON)
    assert Authenticator.objects.filter(user=ada).count() == 2


def test_nobody_resets_their_own_and_only_what_is_there(
    client_of: Browsers, ada: Person, sade: Person
) -> None:
    own = client_of(sade).post(f"/staff/accounts/{sade.uuid}/second-factor/", {"reason": REASON})

    assert own.status_code == 403
    with pytest.raises(NotAllowed, match="Ask a colleague"):
        factor_resets.reset_second_factor(actor=sade, person=sade, reason=REASON)
    with pytest.raises(WrongState, match="has no second factor"):
        factor_resets.reset_second_factor(actor=sade, person=ada, reason=REASON)
    with pytest.raises(Invalid):
        factor_resets.reset_second_factor(actor=sade, person=ada, reason=" ")


def test_two_of_staff_reset_the_factor_of_a_third(client_of: Browsers, sade: Person) -> None:
    lost = factories.person("Lin Locked", staff=True)
    protect(lost)
    second = factories.person("Sol Second", staff=True)
    protect(second)

    client_of(sade).post(f"/staff/accounts/{lost.uuid}/second-factor/", {"reason": REASON})
    reset = factor_resets.open_reset(lost)

    assert reset is not None
    assert Authenticator.objects.filter(user=lost).count() == 2
    assert "has asked to reset the second factor of Lin Locked" in mails_to(second.email)[-1].text
    assert not mails_to(lost.email)
    with pytest.raises(WrongState, match="already waiting"):
        factor_resets.reset_second_factor(actor=second, person=lost, reason=REASON)
    agree = f"/staff/accounts/{lost.uuid}/second-factor/{reset.uuid}/agree/"
    assert client_of(sade).post(agree).status_code == 403
    assert client_of(lost).post(agree).status_code == 403
    assert "Review</a>" in client_of(second).get("/staff/accounts/").content.decode()
    assert client_of(second).post(agree).status_code == 302
    assert not Authenticator.objects.filter(user=lost).exists()
    assert client_of(second).post(agree).status_code == 409
    assert verbs(lost) == ["second_factor_reset_asked", "second_factor_reset"]
    page = client_of(sade).get(f"/staff/accounts/{lost.uuid}/").content.decode()
    assert "agreed by Sol Second" in page


def test_a_reset_that_waits_can_be_withdrawn_also_by_the_person(
    client_of: Browsers, sade: Person
) -> None:
    lost = factories.person("Lin Locked", staff=True)
    protect(lost)
    second = factories.person("Sol Second", staff=True)
    reset = factor_resets.reset_second_factor(actor=sade, person=lost, reason=REASON)

    path = f"/staff/accounts/{lost.uuid}/second-factor/{reset.uuid}/withdraw/"
    assert client_of(lost).post(path).status_code == 302

    with pytest.raises(WrongState):
        factor_resets.agree_to_reset(actor=second, reset=reset)
    assert Authenticator.objects.filter(user=lost).count() == 2
    assert verbs(lost) == ["second_factor_reset_asked", "second_factor_reset_withdrawn"]
    later = factor_resets.reset_second_factor(actor=sade, person=lost, reason=REASON)
    Person.objects.filter(pk=sade.pk).update(is_staff=False)
    with pytest.raises(WrongState, match="no longer staff"):
        factor_resets.agree_to_reset(actor=second, reset=later)
