"""Prepared queries answer what their querysets would, for every value, and refuse to go stale."""

from collections.abc import Callable
from datetime import timedelta
from itertools import count
from typing import Any

import pytest
from django.db.models import Count, QuerySet
from django.db.models.functions import Now
from django.utils import timezone

from common.prepared import INTEGER, Prepared, PreparedSql, Slot
from members.people.models import Person
from tests import factories

pytestmark = pytest.mark.django_db

_names = count()


def prepared(build: Callable[[], QuerySet[Any]]) -> Prepared:
    letters = "abcdefghij"
    return Prepared("test_" + "".join(letters[int(c)] for c in str(next(_names))), build)


@pytest.fixture(autouse=True)
def people() -> list[Person]:
    home = factories.organization("Aurora Labs")
    return [factories.member_of(home, name) for name in ("Ada One", "Bo Two", "Cy Three")]


def test_rows_are_those_of_the_queryset(people: list[Person]) -> None:
    by_name = prepared(lambda: Person.objects.filter(name__gte=Slot("least")).order_by("name"))

    for least in ("", "Bo", "Z", "O'Brien%s"):
        expected = list(Person.objects.filter(name__gte=least).order_by("name"))
        assert by_name(least=least) == expected


def test_joined_and_annotated_rows_cost_one_query(
    people: list[Person], django_assert_num_queries: Callable[[int], Any]
) -> None:
    of_person = prepared(
        lambda: (
            people[0]
            .affiliations.model.objects.filter(person=Slot("person"))
            .select_related("organization")
            .annotate(n=Count("organization__affiliations"))
        )
    )
    of_person(person=people[0].pk)

    with django_assert_num_queries(1):
        row = of_person.first(person=people[1].pk)
        assert (row.organization.name, row.n) == ("Aurora Labs", 3)


def test_tuples_come_in_the_order_asked_for(people: list[Person]) -> None:
    names = prepared(
        lambda: (
            Person.objects.filter(pk__among=Slot("ids"))
            .order_by("name")
            .values_list("name", "is_staff")
        )
    )

    assert names(ids={people[0].pk, people[2].pk}) == [("Ada One", False), ("Cy Three", False)]
    assert names(ids=frozenset()) == []


def test_a_slot_used_twice_has_one_value(people: list[Person]) -> None:
    same = prepared(
        lambda: Person.objects.filter(name=Slot("name")).filter(sort_name__gt=Slot("name"))
    )

    assert same(name="Ada One") == [people[0]]


def test_a_union_is_asked_as_one(people: list[Person]) -> None:
    ends = prepared(
        lambda: (
            Person.objects.filter(pk=Slot("one"))
            .order_by()
            .union(Person.objects.filter(pk=Slot("other")).order_by())
        )
    )

    assert {person.pk for person in ends(one=people[0].pk, other=people[1].pk)} == {
        people[0].pk,
        people[1].pk,
    }


def test_a_number_no_column_holds_matches_nothing(people: list[Person]) -> None:
    numbered = prepared(lambda: Person.objects.filter(pk=Slot("pk", below=INTEGER)))

    assert numbered(pk=10**30) == []
    assert numbered(pk=-1) == []
    assert numbered(pk=people[0].pk) == [people[0]]


def test_a_moment_that_would_stand_still_is_refused() -> None:
    frozen = prepared(lambda: Person.objects.filter(joined_at__lt=timezone.now()))
    moving = prepared(lambda: Person.objects.filter(joined_at__lt=Now() + timedelta(days=1)))

    with pytest.raises(TypeError, match="for ever"):
        frozen()
    assert len(moving()) == 3


def test_other_values_than_its_slots_are_refused() -> None:
    by_pk = prepared(lambda: Person.objects.filter(pk=Slot("pk")))

    with pytest.raises(TypeError, match="is asked with"):
        by_pk(pk=1, name="Ada")
    with pytest.raises(TypeError, match="is asked with"):
        by_pk()


def test_two_queries_cannot_share_a_name() -> None:
    Prepared("test_only_once", Person.objects.all)

    with pytest.raises(ValueError, match="test_only_once"):
        PreparedSql("test_only_once", "SELECT 1")


def test_text_of_a_value_is_never_sql(people: list[Person]) -> None:
    by_name = prepared(lambda: Person.objects.filter(name=Slot("name")))

    assert by_name(name="'); DROP TABLE people_person; --") == []
    assert by_name(name="Bo Two") == [people[1]]


def test_sql_of_ones_own_takes_a_slot_twice(people: list[Person]) -> None:
    ask = PreparedSql(
        "test_own_sql",
        "SELECT name FROM people_person WHERE id = %(pk)s OR id = %(pk)s AND name LIKE 'A%%'",
    )

    assert ask(pk=people[1].pk) == [("Bo Two",)]


def test_rows_come_with_what_was_prefetched(
    people: list[Person], django_assert_num_queries: Callable[[int], Any]
) -> None:
    with_homes = prepared(
        lambda: Person.objects.filter(pk__among=Slot("ids")).prefetch_related("affiliations")
    )

    with django_assert_num_queries(2):
        rows = with_homes(ids={person.pk for person in people})
        assert [len(person.affiliations.all()) for person in rows] == [1, 1, 1]


def test_a_value_of_none_matches_nothing(people: list[Person]) -> None:
    by_login = prepared(lambda: Person.objects.filter(last_login=Slot("at")))

    assert by_login(at=None) == []
