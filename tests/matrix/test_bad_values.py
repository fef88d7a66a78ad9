"""Whatever is sent to any address of the matrix, by whoever may use it, the answer is no 5xx."""

import json
from typing import Any
from urllib.parse import urlencode

import pytest
from django.core.cache import cache
from django.db import transaction
from django.http import HttpResponse
from django.test import Client

from tests.matrix.conftest import Browsers
from tests.matrix.loading import ANY_KIND, Row, rows
from tests.matrix.test_matrix import address, filled
from tests.world import World

pytestmark = [pytest.mark.django_db, pytest.mark.walk]

VALUES = [
    "",
    "9" * 5000,
    "0001-01-01",
    "9999-12-31",
    "00000000-0000-0000-0000-000000000000",
    "\u202egpj.exe",
    "'\"><script>alert(1)</script>{{ 7 }}%s",
    "[" * 20_000,
    "http://[::1",
]
JSON_VALUES = [*VALUES, -1, 10**30, True, None, [], ["a"], {"a": 1}]
BODIES = ["[]", "[" * 50_000, ""]
QUERIES = [
    dict.fromkeys(["page", "after", "before", "with", "against", "meeting", "year"], "9" * 25),
    dict.fromkeys(["page", "after", "line", "state", "kind", "q", "in", "stage", "owner"], "-1'*:|")
    | dict.fromkeys(["next", "draft-page", "url"], "http://[::1"),
]
METHODS = ["HEAD", "PUT"]

DUE = [row for row in rows() if row.is_due]


def first_who_may(row: Row) -> tuple[str, str]:
    """A kind of group and an actor for whom the row does something."""
    for kind, codes in row.expect.items():
        for actor, code in codes.items():
            if code in {"2", "S"} and actor != "anonymous":
                return (ANY_KIND if kind == "any" else kind), actor
    return ANY_KIND, "chair"


def post(client: Client, url: str, data: Any) -> HttpResponse:
    if url.startswith("/api/"):
        return client.post(url, json.dumps(data), content_type="application/json")
    return client.post(url, data)


def sent_badly(world: World, browsers: Browsers, row: Row) -> list[tuple[str, int]]:
    """Every answer that is the server's fault, and what it was an answer to."""
    kind, actor = first_who_may(row)
    url = address(world, row, kind)
    broken = []

    def ask(what: str, call: Any) -> None:
        with transaction.atomic():
            response = call(browsers.of(actor))
            if response.streaming:
                list(response)
            transaction.set_rollback(True)
        if response.status_code >= 500:
            broken.append((what[:80], response.status_code))

    if row.method == "GET":
        for query in QUERIES:
            asked = f"{url}?{urlencode(query)}"
            ask(asked, lambda client, asked=asked: client.get(asked))
        for method in METHODS:
            ask(method, lambda client, method=method: client.generic(method, url))
        return broken
    fine = filled(world, kind, row.data) if row.data else {}
    is_api = url.startswith("/api/")
    for value in JSON_VALUES if is_api else VALUES:
        bad = dict.fromkeys(fine, value)
        ask(f"all {value!r}", lambda client, bad=bad: post(client, url, bad))
    for body in BODIES:
        ask(body, lambda client, body=body: client.post(url, body, content_type="application/json"))
    return broken


@pytest.mark.parametrize("row", DUE, ids=lambda row: row.row.replace(" ", "_"))
def test_no_value_breaks_the_server(world: World, browsers: Browsers, row: Row) -> None:
    cache.clear()  # the limits of the row before

    assert sent_badly(world, browsers, row) == []
