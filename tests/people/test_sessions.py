"""How long a sign-in lasts, and what a page writes: nothing."""

import time
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import InternalError, connection, transaction
from django.test import Client
from django.utils import timezone

from demo.clock import Clock, set_back
from members.people.middleware import BEGAN, SEEN
from members.people.models import Person
from tests.browser import signed_in
from tests.people.test_sign_in import sign_in_by_password, signed_in_as

HOUR = 3600


def shift(client: Client, **moved: float) -> None:
    session = client.session
    for key, seconds in moved.items():
        session[key] = time.time() - seconds
    session.save()


@pytest.fixture
def visit(client: Client, ada: Person) -> Client:
    sign_in_by_password(client, ada)
    return client


@pytest.mark.parametrize(
    ("is_staff", "idle_hours", "lasts"),
    [(False, 11.9, True), (False, 12.1, False), (True, 7.9, True), (True, 8.1, False)],
)
def test_idle_sign_in_ends(
    visit: Client, ada: Person, is_staff: bool, idle_hours: float, lasts: bool
) -> None:
    Person.objects.filter(pk=ada.pk).update(is_staff=is_staff)
    shift(visit, **{SEEN: idle_hours * HOUR})

    assert (signed_in_as(visit) == "Ada Ekström") is lasts


def test_sign_in_ends_after_two_weeks_of_use(visit: Client) -> None:
    shift(visit, **{BEGAN: 14 * 24 * HOUR + 60})

    assert signed_in_as(visit).startswith("/accounts/login/")


def test_page_writes_nothing(visit: Client) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION READ ONLY")  # PostgreSQL refuses any write from here on
        assert visit.get("/settings/").status_code == 200
        with pytest.raises(InternalError, match="read-only"), transaction.atomic():
            cursor.execute("UPDATE people_person SET name = name")
        transaction.set_rollback(True)


def test_last_seen_is_noted_after_ten_minutes(visit: Client, ada: Person) -> None:
    Person.objects.filter(pk=ada.pk).update(last_seen_at=None)
    visit.get("/settings/")
    ada.refresh_from_db()
    assert ada.last_seen_at is None

    shift(visit, **{SEEN: 601})
    visit.get("/settings/")

    ada.refresh_from_db()
    assert ada.last_seen_at is not None


def test_suspended_person_is_out_with_the_next_request(visit: Client, ada: Person) -> None:
    Person.objects.filter(pk=ada.pk).update(is_active=False)

    assert signed_in_as(visit).startswith("/accounts/login/")
    assert settings.SESSION_COOKIE_NAME in visit.cookies


def test_a_sign_in_is_counted_by_the_clock_it_began_by(ada: Person) -> None:
    with set_back(Clock(timezone.now() + timedelta(hours=47))):
        assert signed_in_as(signed_in(ada)) == "Ada Ekström"
