"""How far a grant reaches: every act of the permission matrix, tried with grants and without.

The representative of another organization, without a seat, may read one topic and one revision of a
group. Whatever is not one of these answers as it answers a person without a grant, byte for byte.
"""

import re
from collections.abc import Iterator

import pytest
from django.core.cache import cache
from django.db import transaction
from django.http import HttpResponse

from common.access.grants import grant_reading
from common.identifiers import new_uuid
from tests import factories
from tests.matrix.conftest import Browsers, browsers, world
from tests.matrix.loading import Row, rows
from tests.matrix.test_matrix import code_of, send
from tests.world import World

__all__ = ["browsers", "world"]

pytestmark = [pytest.mark.django_db, pytest.mark.walk]

HOLDER = "representative"

# What a grant of the topic and of the revision shows, as the matrix names it: N becomes 2.
SHOWN = {
    *("api.deliverable", "api.post", "api.revision", "api.revision changes", "api.topic"),
    *("deliverable.figure", "deliverable.file", "deliverable.meetings", "deliverable.view draft"),
    *("deliverable.view people", "deliverable.view revision", "provenance.of a deliverable"),
    *("attachment.download of a topic", "post.history", "thread.view"),
}
# What asks for a seat or an office there, and says so: N becomes F.
REFUSED = {
    *("api.reply", "attachment.remove from a topic", "attachment.upload to a topic"),
    *("deliverable.authors", "deliverable.authors form", "deliverable.drop"),
    *("deliverable.edit details", "deliverable.edit details form", "deliverable.edit text"),
    *("deliverable.edit text form", "deliverable.files", "deliverable.name editor"),
    *("deliverable.publish without approval", "deliverable.release editor"),
    *("deliverable.remove file", "deliverable.review form", "deliverable.seal"),
    *("deliverable.submit for review", "deliverable.upload", "post.edit", "post.edit form"),
    *("post.hide", "post.hide form", "post.show", "thread.follow", "thread.lock", "thread.reply"),
}
# Lists of whatever one can read, to which the granted things are added.
LISTED = {"api.attachments", "api.deliverables", "api.posts", "api.revisions", "api.topics"}


def acts(kind: str) -> list[Row]:
    return [row for row in rows() if row.is_due and (kind in row.expect or "any" in row.expect)]


def body(response: HttpResponse) -> bytes:
    """What the answer says, without what is different each time."""
    content = b"".join(response) if response.streaming else response.content
    fresh = rb'name="(csrfmiddlewaretoken|once)" value="[^"]*"|nonce="[^"]*"|csrf[^"]*"[^"]{64}"'
    return re.sub(fresh, b"", content)


def answers(world: World, browsers: Browsers, kind: str) -> Iterator[tuple[Row, str, bytes]]:
    cache.clear()  # nobody has asked too often yet
    for row in acts(kind):
        with transaction.atomic():
            response = send(browsers.of(HOLDER), world, row, kind)
            yield row, code_of(response, row), body(response)
            transaction.set_rollback(True)


@pytest.mark.parametrize("kind", ["listed", "closed"])
def test_a_grant_opens_its_thing_and_nothing_else(
    world: World, browsers: Browsers, kind: str
) -> None:
    found, expected = with_grants(world, browsers, kind), set()
    for row in acts(kind):
        for names, change in ((SHOWN, "N to 2"), (REFUSED, "N to F"), (LISTED, "its words")):
            if row.row in names:
                expected.add((row.row, change))

    assert found == expected


def test_a_stray_grant_opens_nothing_in_a_secret_group(world: World, browsers: Browsers) -> None:
    assert with_grants(world, browsers, "secret") == set()


def with_grants(world: World, browsers: Browsers, kind: str) -> set[tuple[str, str]]:
    """Return each act that a grant of a topic and a revision answers otherwise, and how."""
    before, again = (list(answers(world, browsers, kind)) for _ in range(2))
    with transaction.atomic():
        for name, thing in (("topic", "topic"), ("revision", "draft_revision")):
            grant_reading(
                kind=name,
                uuid=world.things[kind][thing].uuid,
                group_id=world.groups[kind].pk,
                person_ids=[world.people[HOLDER].pk],
                until=factories.ahead(days=1),
                cause=new_uuid(),
            )
        after = list(answers(world, browsers, kind))
        transaction.set_rollback(True)
    changes = set()
    for (row, code, said), (_, _, repeated), (_, now, says) in zip(
        before, again, after, strict=True
    ):
        if code != now:
            changes.add((row.row, f"{code} to {now}"))
        elif said == repeated and said != says:  # what differs each time tells nothing
            changes.add((row.row, "its words"))
    return changes
