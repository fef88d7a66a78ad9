"""Every form that would make two things when it is sent twice carries a key and makes one."""

from typing import Any

import pytest
from django.apps import apps
from django.core.cache import cache
from django.db import connection, transaction
from django.test import Client
from django.urls import Resolver404, resolve, reverse
from lxml.html import fromstring  # type: ignore[import-untyped]

from tests.matrix.conftest import Browsers
from tests.matrix.loading import Row, rows
from tests.matrix.test_bad_values import first_who_may
from tests.matrix.test_matrix import address, filled
from tests.world import World

pytestmark = [pytest.mark.django_db, pytest.mark.walk]

DUE = [row for row in rows() if row.is_due and not row.route.startswith("api-")]
# What follows from an act, and what only says that something was looked at or tried.
FOLLOWS = {
    "record",
    "notifications",
    "search",
    "mail",
    "links",
    "drafts",
    "addresses",
    "comparisons",
}
OURS = [
    model._meta.db_table
    for model in apps.get_models()
    if model.__module__.split(".")[0] in {"common", "members", "workinggroups", "catalogue"}
    and model._meta.app_label not in FOLLOWS
]


def sizes() -> dict[str, int]:
    counts = " UNION ALL ".join(f"SELECT '{table}', count(*) FROM {table}" for table in OURS)
    with connection.cursor() as cursor:
        cursor.execute(counts)
        return dict(cursor.fetchall())


def made(world: World, browsers: Browsers, row: Row, **more: str) -> tuple[set[str], set[str]]:
    """The tables that grew by the first and by the second sending of this row's form."""
    kind, actor = first_who_may(row)
    url = address(world, row, kind)
    grown: list[set[str]] = []
    with transaction.atomic():
        before = sizes()
        for _ in range(2):
            data: dict[str, Any] = {**(filled(world, kind, row.data) or {}), **more}
            browsers.of(actor).post(url, data)
            after = sizes()
            grown.append({table for table in after if after[table] > before[table]})
            before = after
            if not grown[0]:
                grown.append(set())
                break
        transaction.set_rollback(True)
    return grown[0], grown[1]


def is_once(url: str) -> bool:
    try:
        return hasattr(resolve(url.split("?")[0]).func, "is_once")
    except Resolver404:
        return False


def test_what_would_be_made_twice_is_made_once(world: World, browsers: Browsers) -> None:
    unguarded, doubled = [], []
    for row in DUE:
        if row.method != "POST":
            continue
        cache.clear()
        first, second = made(world, browsers, row)
        if not first & second:
            continue
        kind, _actor = first_who_may(row)
        if not is_once(address(world, row, kind)):
            unguarded.append(f"{row.row}: {first & second}")
            continue
        cache.clear()
        first, second = made(world, browsers, row, once="a-key")
        if second or not first:
            doubled.append(f"{row.row}: {first}, then {second}")

    assert unguarded == [], unguarded
    assert doubled == [], doubled


def forms_on(browser: Client, url: str) -> list[tuple[str, bool]]:
    """Where each form of the page is posted, and whether it carries a key."""
    response = browser.get(url)
    if response.streaming:
        list(response)
    if response.status_code != 200 or "html" not in response["Content-Type"]:
        return []
    return [
        (form.get("action") or url, bool(form.xpath('.//input[@name="once"]')))
        for form in fromstring(response.content).xpath('//form[@method="post"]')
    ]


# Where a form stands that is not at its own address: the route of its page and what it needs more.
PAGES: dict[str, tuple[str, dict[str, int]]] = {
    "join-start": ("applications", {}),  # somebody signed in begins there
    "deliverable-comment": ("revision", {"revision": 1}),
    "staff-application-note": ("staff-application", {}),
    "action-comment": ("action-item", {}),
    "agenda-carry-over": ("meeting-agenda", {}),
}
# Its form is in the message after a light act; tests/undo sends it twice.
IN_MESSAGES = {"undo"}
# What the address of a form's page needs to show it.
QUERIES = {
    "rotation-plan": "?times=2031-03-04T10:00+2031-03-11T22:00&zone=UTC&weeks=1",
    "meeting-gather": "?" + "&".join(f"meeting={number}" for number in range(1, 20)),
}


def test_each_form_that_leads_there_carries_the_key(world: World, browsers: Browsers) -> None:
    guarded, wearing = set(), set()
    for row in DUE:
        if row.method != "POST" or row.route in guarded | IN_MESSAGES:
            continue
        if not is_once_route(world, row):
            continue
        wearing.add(row.route)
        kind, actor = first_who_may(row)
        target = page = address(world, row, kind)
        if row.route in PAGES:
            route, more = PAGES[row.route]
            page = reverse(route, kwargs={**resolve(target).kwargs, **more})
        page += QUERIES.get(row.route, "")
        # Where the state forbids the act there is no form, and another row has one.
        forms = forms_on(browsers.of(actor), page)
        keys = [has_key for to, has_key in forms if to.partition("?")[0] == target]
        assert all(keys), f"a form on {page} has no key"
        guarded |= {row.route} if keys else set()

    assert guarded == wearing
    assert len(guarded) > 15


def is_once_route(world: World, row: Row) -> bool:
    return is_once(address(world, row, first_who_may(row)[0]))
