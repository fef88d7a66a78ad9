"""What may be written into the record, and what is read from it."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from common.record.actions import canonical, write
from common.record.models import Record

pytestmark = pytest.mark.django_db


def test_facts_are_written_in_one_way() -> None:
    uuid = UUID(int=1)

    written = canonical(
        {
            "b": [2, Decimal("1.50"), datetime(2026, 1, 2, tzinfo=UTC)],
            "a": {"id": uuid, "set": {"y", "x"}},
        }
    )

    assert written == (
        '{"a":{"id":"00000000-0000-0000-0000-000000000001","set":["x","y"]},'
        '"b":[2,"1.50","2026-01-02T00:00:00+00:00"]}'
    )


codes = st.text(st.characters(categories=["L", "N"]), max_size=20)


@given(st.dictionaries(codes, st.one_of(st.integers(), codes, st.booleans(), st.none())))
def test_order_of_facts_makes_no_difference(facts: dict[str, Any]) -> None:
    assert canonical(facts) == canonical(dict(reversed(facts.items())))


@pytest.mark.parametrize(
    "fact", ["Ada Lovelace", "ada@example.org", "x" * 201, "a\x00b", "\ud800", "a\nb", object()]
)
def test_facts_that_could_be_personal_text_are_refused(fact: object) -> None:
    with pytest.raises(ValueError, match=r"record keeps no text|cannot be"):
        write(actor_uuid=None, verb="approved", kind="vote", object_uuid=uuid4(), facts={"f": fact})

    assert not Record.objects.exists()


def test_not_a_number_is_no_fact() -> None:
    with pytest.raises(ValueError, match="JSON"):
        canonical({"share": float("nan")})


@pytest.mark.parametrize("verb", ["Approved", "was approved", "", "approved\n", "é"])
def test_verbs_are_codes(verb: str) -> None:
    with pytest.raises(ValueError, match="codes"):
        write(actor_uuid=None, verb=verb, kind="vote", object_uuid=uuid4())
    with pytest.raises(IntegrityError), transaction.atomic():
        Record.objects.create(
            at=datetime.now(UTC), verb=verb, kind="vote", object_uuid=uuid4(), facts="{}"
        )


def test_history_of_a_thing_is_its_own_and_oldest_first() -> None:
    thing, other = uuid4(), uuid4()
    for verb, subject in [("opened", thing), ("opened", other), ("closed", thing)]:
        write(actor_uuid=None, verb=verb, kind="ballot", object_uuid=subject)
    write(actor_uuid=None, verb="opened", kind="decision", object_uuid=thing)

    assert [record.verb for record in Record.objects.about("ballot", thing)] == ["opened", "closed"]


def test_acts_of_a_person_are_newest_first() -> None:
    person = uuid4()
    for verb in ["opened", "closed"]:
        write(actor_uuid=person, verb=verb, kind="ballot", object_uuid=uuid4())
    write(actor_uuid=uuid4(), verb="opened", kind="ballot", object_uuid=uuid4())

    assert [r.verb for r in Record.objects.by_actor(person)] == ["closed", "opened"]
