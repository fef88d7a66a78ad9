"""What a load balancer hears."""

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client

from common.http import health


@pytest.fixture(autouse=True)
def _forget_migrated() -> None:
    health._migrated.cache_clear()


def test_healthz_asks_nobody(client: Client) -> None:
    # Without database access allowed, a query would fail the test.
    response = client.get("/healthz")

    assert (response.status_code, response.content) == (200, b"ok\n")


@pytest.mark.django_db
def test_readyz_when_all_is_well(client: Client) -> None:
    response = client.get("/readyz")

    assert (response.status_code, response.content) == (200, b"ready\n")
    assert response["Cache-Control"] == "no-store"


@pytest.mark.django_db
def test_readyz_without_valkey_says_so(client: Client, settings: object) -> None:
    nowhere = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": "unix:///nonexistent/valkey.sock",
        }
    }
    settings.CACHES = nowhere  # type: ignore[attr-defined]

    response = client.get("/readyz")

    assert response.status_code == 503
    assert response.content == b"Valkey does not answer.\n"
    assert response["Retry-After"] == "5"


@pytest.mark.django_db
def test_readyz_with_a_migration_missing_says_so(client: Client) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'people'")

    response = client.get("/readyz")

    assert response.status_code == 503
    assert response.content == b"Migrations have not been applied.\n"


@pytest.mark.django_db
def test_readyz_asks_for_migrations_once(
    client: Client, django_assert_num_queries: pytest.FixtureRequest
) -> None:
    client.get("/readyz")

    with django_assert_num_queries(1):  # type: ignore[operator]
        assert client.get("/readyz").status_code == 200


def test_readyz_is_not_answered_from_the_cache(client: Client) -> None:
    cache.set("readyz", "anything")

    # No database access in this test: the check fails, and the answer must say so.
    response = client.get("/readyz")

    assert response.status_code == 503
    assert b"The database does not answer." in response.content
