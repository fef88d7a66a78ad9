"""An address that cannot be parsed is an address that leads nowhere: no library breaks on it.

`test_bad_values` sends one in every field and in the query of every page of the matrix.
"""

from typing import Any
from urllib.parse import quote

import pytest
from django.core.cache import cache
from django.db import transaction
from django.test import Client
from django.urls import reverse

from members.people.urls import entrance
from tests.matrix.conftest import Browsers
from tests.world import World

pytestmark = [pytest.mark.django_db, pytest.mark.walk]

# Python's urlsplit raises on most of these.
HOSTILE = ["http://[::1", "//[", "http://]", "//a\u2100b/", "http://a:99999999999/"]
NAMES = ("next", "website", "url", "page", "draft-page", "from")


def broken(client: Client, url: str, hostile: str, methods: list[str]) -> list[str]:
    """What was asked of this page with the hostile address, and answered by 5xx."""
    found = []
    query = "&".join(f"{name}={quote(hostile)}" for name in NAMES)
    posted = dict.fromkeys(NAMES, hostile) | {"login": "a@b.example", "email": "a@b.example"}
    for method in methods:
        with transaction.atomic():
            asked = f"{url}?{query}"
            response = client.post(asked, posted) if method == "POST" else client.get(asked)
            if response.streaming:
                list(response)
            transaction.set_rollback(True)
        if response.status_code >= 500:
            found.append(f"{method} {url} {hostile[:30]}")
    return found


@pytest.mark.parametrize("actor", ["anonymous", "member"])
def test_pages_of_accounts_lead_nowhere_on_a_hostile_address(
    world: World, browsers: Browsers, actor: str
) -> None:
    found = []
    for index, route in enumerate(entrance):
        for hostile in {HOSTILE[0], HOSTILE[1 + index % 4]}:
            cache.clear()
            url = reverse(str(route.name))
            found += broken(browsers.of(actor), url, hostile, ["GET", "POST"])

    assert found == []


@pytest.mark.parametrize("header", ["REFERER", "ORIGIN", "HOST", "HX_CURRENT_URL"])
def test_no_header_breaks_a_page(header: str) -> None:
    client = Client(raise_request_exception=False, enforce_csrf_checks=True)
    for hostile in HOSTILE:
        headers: Any = {
            f"HTTP_{header}": hostile.encode().decode("latin-1"),
            "HTTP_HX_REQUEST": "true",
        }
        for url in ("/accounts/login/", "/api/v1/groups/"):
            assert client.get(url, secure=True, **headers).status_code < 500, (url, hostile)
            posted = client.post(url, {"login": "a"}, secure=True, **headers)
            assert posted.status_code < 500, (url, hostile)
