"""The public home page: the same for everybody, whatever its size."""

from collections.abc import Callable

import pytest
from django.test import Client

from members.people.models import Person
from tests import factories

pytestmark = pytest.mark.django_db


def test_every_stranger_gets_the_same_bytes_without_a_cookie(client: Client) -> None:
    first, second = client.get("/"), Client().get("/")

    assert first.status_code == 200
    assert first.content == second.content
    assert first.cookies == {}
    assert b"csrfmiddlewaretoken" not in first.content


def test_empty_alliance_says_what_will_stand_here(client: Client) -> None:
    page = client.get("/").content.decode()

    assert "No publications yet" in page
    assert "No working groups yet" in page
    assert "No members yet" in page


def test_members_are_named_and_counted_by_kind(client: Client) -> None:
    factories.organization("Aurora Labs")
    factories.organization("Borealis Labs")

    page = client.get("/").content.decode()

    assert "Aurora Labs" in page
    assert "2 members" in page


def test_group_that_only_members_know_is_not_named(client: Client, outsider: Person) -> None:
    factories.group("Hidden Matters", preset="secret", chair=outsider)

    assert b"Hidden Matters" not in client.get("/").content


def test_queries_do_not_grow_with_the_alliance(
    client: Client, django_assert_num_queries: Callable[..., object], chair: Person
) -> None:
    for number in range(20):
        factories.organization(f"Member {number}")
        factories.group(f"Group {number}", preset="open", chair=chair)

    with django_assert_num_queries(7):
        client.get("/")


def test_reader_with_a_session_is_led_to_their_work(
    client_of: Callable[[Person], Client], chair: Person
) -> None:
    page = client_of(chair).get("/").content.decode()

    assert "My work" in page
    assert "Sign in" not in page
