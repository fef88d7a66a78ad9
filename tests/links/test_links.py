"""Typed, dated links between things."""

from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, transaction

from common.errors import Invalid
from common.links import queries
from common.links.actions import link, unlink
from common.links.models import Link
from common.links.queries import connected_links
from tests.committed import together

DECISION, CHARTER, ACTOR = uuid4(), uuid4(), uuid4()


def adopts(charter: UUID = CHARTER) -> Link:
    return link(
        actor_uuid=ACTOR,
        source=("decision", DECISION),
        relation="adopts",
        target=("charter", charter),
    )


@pytest.mark.django_db
def test_link_is_read_from_both_ends() -> None:
    made = adopts()
    second = adopts(uuid4())

    assert connected_links("charter", CHARTER) == [made, second]
    assert connected_links("decision", DECISION) == [made, second]
    assert connected_links("decision", CHARTER) == []


@pytest.mark.django_db
def test_one_does_not_walk_back_along_a_way_of_one_direction() -> None:
    made = adopts()
    adopts(uuid4())

    assert connected_links("charter", CHARTER, one_way={"adopts"}) == []
    assert made in connected_links("decision", DECISION, one_way={"adopts"})


@pytest.mark.django_db
def test_many_of_one_kind_take_no_place_from_others(monkeypatch: pytest.MonkeyPatch) -> None:
    """The limit is lowered, so that three links are many."""
    monkeypatch.setattr(queries, "MOST", 2)
    for _ in range(3):
        link(
            actor_uuid=ACTOR,
            source=("comment", uuid4()),
            relation="on",
            target=("decision", DECISION),
        )
    made = adopts()

    assert connected_links("decision", DECISION, many={"on"})[0] == made
    assert made not in connected_links("decision", DECISION)


@pytest.mark.django_db
def test_an_ended_link_leads_nowhere() -> None:
    unlink(link=adopts())

    assert connected_links("decision", DECISION) == []


@pytest.mark.django_db
def test_open_link_stands_once_and_may_be_made_again_after_its_end() -> None:
    first = adopts()
    assert adopts() == first

    ended = unlink(link=first)
    second = adopts()

    assert ended.during.upper is not None
    assert unlink(link=first).during == ended.during
    assert list(Link.objects.open()) == [second]
    assert Link.objects.count() == 2


def test_two_at_once_make_one_link(committed_db: str) -> None:
    made = together(*[adopts] * 8)

    assert len(set(made)) == 1
    assert Link.objects.count() == 1


@pytest.mark.django_db
def test_thing_is_not_linked_to_itself() -> None:
    with pytest.raises(Invalid):
        link(
            actor_uuid=None,
            source=("post", CHARTER),
            relation="cites",
            target=("post", CHARTER),
        )
    with pytest.raises(IntegrityError), transaction.atomic():
        Link.objects.create(
            from_kind="a", from_uuid=CHARTER, relation="r", to_kind="a", to_uuid=CHARTER
        )
