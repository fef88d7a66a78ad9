"""Signing in by the secret of an invitation, as other rooms do it."""

import pytest
from django.test import Client

from members.people.models import Person, Session
from tests.people.test_sign_in import set_up_totp, sign_in_by_password, signed_in_as

pytestmark = pytest.mark.urls("tests.http.urls")


def test_person_without_password_is_signed_in(client: Client, noor: Person) -> None:
    response = client.post(f"/test-join/{noor.uuid}/")

    assert response["Location"] == "/settings/"
    assert signed_in_as(client) == "نور حداد"
    assert Session.objects.filter(person=noor).count() == 1
    assert client.get("/settings/my-data/").status_code == 200  # the secret was a recent proof


def test_second_factor_is_still_asked_for(client: Client, ada: Person) -> None:
    sign_in_by_password(client, ada)
    set_up_totp(client)
    other = Client()

    response = other.post(f"/test-join/{ada.uuid}/")

    assert response["Location"] == "/accounts/second-factor/"
    assert signed_in_as(other).startswith("/accounts/login/")


def test_suspended_person_stays_out(client: Client, noor: Person) -> None:
    Person.objects.filter(pk=noor.pk).update(is_active=False)

    response = client.post(f"/test-join/{noor.uuid}/")

    assert response["Location"] == "/accounts/inactive/"
    assert signed_in_as(client).startswith("/accounts/login/")
