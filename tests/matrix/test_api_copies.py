"""Who has a list of the API already is told so, and nobody is told so by another reader's copy."""

import pytest
from django.core.cache import cache
from django.http import HttpResponse

from tests.matrix.conftest import Browsers
from tests.matrix.loading import Row, rows
from tests.matrix.test_bad_values import first_who_may
from tests.matrix.test_matrix import address
from tests.world import World

pytestmark = pytest.mark.django_db

ACTORS = ["anonymous", "member", "staff"]


def lists() -> list[Row]:
    """The rows of the matrix that read a list of the API, one an address."""
    found = {
        row.route: row
        for row in rows()
        if row.is_due and row.method == "GET" and row.route.startswith("api-")
    }
    return [row for route, row in found.items() if route.endswith("-list")]


def ask(browsers: Browsers, actor: str, url: str, tag: str = "") -> HttpResponse:
    return browsers.of(actor).get(url, headers={"If-None-Match": tag} if tag else {})


@pytest.mark.parametrize("row", lists(), ids=lambda row: row.route)
def test_a_list_is_sent_again_to_exactly_who_has_other_bytes(
    world: World, browsers: Browsers, row: Row
) -> None:
    cache.clear()
    url = address(world, row, first_who_may(row)[0])
    answers = {actor: ask(browsers, actor, url) for actor in ACTORS}
    answers = {actor: answer for actor, answer in answers.items() if answer.status_code == 200}

    assert answers
    for actor, own in answers.items():
        others = [each for each in answers.values() if each.content != own.content]
        again = ask(browsers, actor, url, own["ETag"])
        with_copies = ask(browsers, actor, url, ", ".join(each["ETag"] for each in others))

        assert (again.status_code, again.content) == (304, b"")
        assert (with_copies.status_code, with_copies.content) == (200, own.content)
        assert again["ETag"] == with_copies["ETag"] == own["ETag"]
