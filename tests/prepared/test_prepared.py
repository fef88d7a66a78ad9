"""Prepared queries answer what their functions would, for every value, and refuse to go stale."""

from collections.abc import Callable, Collection
from datetime import timedelta
from itertools import count
from typing import Any

import pytest
from django.db.models import Count, QuerySet
from django.db.models.functions import Now
from django.utils import timezone

from common.prepared_statements import INTEGER, PreparedQuery, PreparedSql, prepared
from members.people.models import Person
from tests import factories

pytestmark = pytest.mark.django_db

_names = count()


def named(query: Callable[..., QuerySet[Any]]) -> PreparedQuery[..., Any]:
    """The prepared query under a name that no other test has."""
    query.__name__ = "test_" + "".join("abcdefghij"[int(digit)] for digit in str(next(_names)))
    return prepared(query)


@pytest.fixture(autouse=True)
def people() -> list[Person]:
    home = factories.organization("Aurora Labs")
    return [factories.member_of(home, name) for name in ("Ada One", "Bo Two", "Cy Three")]


def test_rows_are_those_of_the_function(people: list[Person]) -> None:
    @named
    def from_name(least: str) -> QuerySet[Person]:
        return Person.objects.filter(name__gte=least).order_by("name")

    for least in ("", "Bo", "Z", "O'Brien%s"):
        assert from_name(least) == list(from_name.plain(least))


def test_joined_and_annotated_rows_cost_one_query(
    people: list[Person], django_assert_num_queries: Callable[[int], Any]
) -> None:
    @named
    def affiliations_of(person: int) -> QuerySet[Any]:
        return (
            people[0]
            .affiliations.model.objects.filter(person=person)
            .select_related("organization")
            .annotate(n=Count("organization__affiliations"))
        )

    affiliations_of(people[0].pk)

    with django_assert_num_queries(1):
        row = affiliations_of.first(person=people[1].pk)
        assert (row.organization.name, row.n) == ("Aurora Labs", 3)


def test_tuples_come_in_the_order_asked_for(people: list[Person]) -> None:
    @named
    def names(ids: Collection[int]) -> QuerySet[Any]:
        found = Person.objects.filter(pk__any_of=ids).order_by("name")
        return found.values_list("name", "is_staff")

    for ids in ({people[0].pk, people[2].pk}, frozenset(), [people[1].pk], (people[1].pk,)):
        assert names(ids) == list(names.plain(ids))
    assert names({people[0].pk, people[2].pk}) == [("Ada One", False), ("Cy Three", False)]


def test_an_argument_used_twice_has_one_value(people: list[Person]) -> None:
    @named
    def same(name: str) -> QuerySet[Person]:
        return Person.objects.filter(name=name).filter(sort_name__gt=name)

    assert same("Ada One") == [people[0]]


def test_a_union_is_asked_as_one(people: list[Person]) -> None:
    @named
    def ends(one: int, other: int) -> QuerySet[Person]:
        return (
            Person.objects.filter(pk=one)
            .order_by()
            .union(Person.objects.filter(pk=other).order_by())
        )

    found = ends(people[0].pk, people[1].pk)

    assert {person.pk for person in found} == {people[0].pk, people[1].pk}


@pytest.mark.parametrize("number", [INTEGER - 1, INTEGER, 10**30, -1, -(10**30)])
def test_a_number_no_column_holds_matches_nothing(people: list[Person], number: int) -> None:
    @named
    def numbered(pk: int) -> QuerySet[Person]:
        return Person.objects.filter(pk=pk)

    assert numbered(number) == []
    assert numbered(people[0].pk) == [people[0]]


def test_a_moment_that_would_stand_still_is_refused() -> None:
    @named
    def frozen() -> QuerySet[Person]:
        return Person.objects.filter(joined_at__lt=timezone.now())

    @named
    def moving() -> QuerySet[Person]:
        return Person.objects.filter(joined_at__lt=Now() + timedelta(days=1))

    with pytest.raises(TypeError, match="for ever"):
        frozen()
    assert len(moving()) == 3


def test_other_arguments_than_those_of_the_function_are_refused() -> None:
    @named
    def by_pk(pk: int) -> QuerySet[Person]:
        return Person.objects.filter(pk=pk)

    with pytest.raises(TypeError):
        by_pk(pk=1, name="Ada")
    with pytest.raises(TypeError):
        by_pk()


def test_an_argument_that_asks_for_nothing_is_refused() -> None:
    @named
    def by_pk(pk: int, name: str) -> QuerySet[Person]:
        return Person.objects.filter(pk=pk)

    with pytest.raises(TypeError, match="all of its parameters"):
        by_pk(1, "Ada")


def test_two_queries_cannot_share_a_name() -> None:
    PreparedSql("test_only_once", "SELECT 1")

    with pytest.raises(ValueError, match="test_only_once"):
        PreparedSql("test_only_once", "SELECT 1")


def test_text_of_a_value_is_never_sql(people: list[Person]) -> None:
    @named
    def by_name(name: str) -> QuerySet[Person]:
        return Person.objects.filter(name=name)

    assert by_name("'); DROP TABLE people_person; --") == []
    assert by_name("Bo Two") == [people[1]]


def test_sql_of_ones_own_takes_a_value_twice(people: list[Person]) -> None:
    ask = PreparedSql(
        "test_own_sql",
        "SELECT name FROM people_person WHERE id = %(pk)s OR id = %(pk)s AND name LIKE 'A%%'",
    )

    assert ask(pk=people[1].pk) == [("Bo Two",)]


def test_rows_come_with_what_was_prefetched(
    people: list[Person], django_assert_num_queries: Callable[[int], Any]
) -> None:
    @named
    def with_homes(ids: Collection[int]) -> QuerySet[Person]:
        return Person.objects.filter(pk__any_of=ids).prefetch_related("affiliations")

    with django_assert_num_queries(2):
        rows = with_homes({person.pk for person in people})
        assert [len(person.affiliations.all()) for person in rows] == [1, 1, 1]


def test_none_is_refused_since_it_would_find_nothing(people: list[Person]) -> None:
    @named
    def signed_in_at(moment: Any) -> QuerySet[Person]:
        return Person.objects.filter(last_login=moment)

    with pytest.raises(TypeError, match="IS NULL"):
        signed_in_at(None)


def test_every_prepared_query_stands_in_queries_and_has_its_parameters_typed() -> None:
    own = [query for query in PreparedQuery.all if not query.name.startswith("prepared_test")]

    assert len(own) >= 10
    for query in own:
        assert "queries" in query.plain.__module__.split(".")[-2:], query.name
        for parameter in query.signature.parameters.values():
            assert parameter.annotation is not parameter.empty, query.name
