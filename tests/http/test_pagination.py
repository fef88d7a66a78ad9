"""Lists in pages that neither skip nor repeat while rows are added."""

import pytest
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.test import APIRequestFactory

from common.http.pagination import CursorPagination, page_of
from members.people import actions
from members.people.models import Person

pytestmark = pytest.mark.django_db


def make(number: int) -> list[Person]:
    return [
        actions.create_person(actor=None, email=f"p{n}@lumen.example", name=f"Person {n}")
        for n in range(number)
    ]


def api_page(query: dict[str, str | int]) -> tuple[list[Person], CursorPagination]:
    pages = CursorPagination()
    request = Request(APIRequestFactory().get("/api/v1/people/", query))
    return pages.paginate_queryset(Person.objects.all(), request) or [], pages


def test_cursor_walks_through_all_rows_once() -> None:
    people = make(7)
    seen: list[Person] = []
    rows, pages = api_page({"limit": 3})
    seen += rows
    make_more = actions.create_person(actor=None, email="late@lumen.example", name="Late")
    while link := pages.get_next_link():
        from urllib.parse import parse_qsl, urlsplit

        rows, pages = api_page(dict(parse_qsl(urlsplit(link).query)))
        seen += rows

    assert seen == people[::-1]
    assert make_more not in seen


@pytest.mark.parametrize(
    "query",
    [
        {"limit": "0"},
        {"limit": "101"},
        {"limit": "x"},
        {"limit": "-1"},
        {"limit": "9" * 5000},
        {"limit": "１"},
        {"cursor": "cD1ub3QtYS11dWlk"},
        {"cursor": "cD0lMDA="},
    ],
)
def test_paging_that_is_not_ours_is_refused(query: dict[str, str | int]) -> None:
    with pytest.raises(ValidationError) as refused:
        api_page(query)

    assert set(refused.value.detail) == set(query)


def test_page_of_walks_through_all_rows_once() -> None:
    people = make(5)
    from urllib.parse import parse_qsl

    first = page_of(Person.objects.all(), {"q": "x"}, size=2)
    second = page_of(Person.objects.all(), dict(parse_qsl(first.older_query)), size=2)
    third = page_of(Person.objects.all(), dict(parse_qsl(second.older_query)), size=2)

    assert first.rows + second.rows + third.rows == people[::-1]
    assert first.is_first
    assert not second.is_first
    assert "q=x" in second.older_query
    assert third.older_query == ""


def test_page_after_nothing_readable_starts_anew() -> None:
    people = make(1)

    assert page_of(Person.objects.all(), {"after": "not-a-uuid"}).rows == people
