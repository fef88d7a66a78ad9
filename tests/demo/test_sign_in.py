"""One-click sign-in exists while developing, and nowhere else."""

import pytest
from django.test import Client, override_settings

from members.people import actions
from members.people.models import Person
from tests.people.test_sign_in import signed_in_as

# On the worker of the small demo and before it: these tests make one of its people themselves.
pytestmark = pytest.mark.xdist_group("demo")

PATH = "/dev/sign-in/"


@pytest.fixture
def chair(db: None) -> Person:
    return actions.create_person(
        actor=None, email="chair@lumen.example", name="Ines Duarte", email_confirmed=True
    )


def test_does_not_exist_outside_of_development(client: Client, chair: Person) -> None:
    nonexistent = client.get("/dev/other/").content

    assert client.get(PATH).content == nonexistent
    assert client.post(PATH, {"role": "chair"}).status_code == 404
    assert signed_in_as(client).startswith("/accounts/login/")


@override_settings(DEVELOPMENT=True)
def test_signs_in_with_one_click(client: Client, chair: Person) -> None:
    page = client.get(PATH).content.decode()
    for role in ("Chair", "Member", "Representative", "Admin", "Stranger"):
        assert role in page

    assert client.post(PATH, {"role": "chair"})["Location"] == "/my/"
    assert signed_in_as(client) == "Ines Duarte"


@override_settings(DEVELOPMENT=True)
def test_role_that_the_database_lacks_does_not_exist(client: Client, db: None) -> None:
    assert client.post(PATH, {"role": "chair"}).status_code == 404
    assert client.post(PATH, {"role": "root"}).status_code == 404
