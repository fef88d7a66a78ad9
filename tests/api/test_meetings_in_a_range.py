"""Meetings of a range of time, by API."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from members.people.models import Person
from tests import factories
from tests.api.conftest import Api
from workinggroups.groups.models import Group

pytestmark = pytest.mark.django_db


@pytest.fixture
def titles(api_of: Callable[..., Api], member: Person, group: Group) -> Callable[..., list[str]]:
    """Return the sorted titles of a meeting on each of three days, of those in a range."""
    for day in (3, 4, 5):
        factories.meeting(group, f"On {day}", starts_at=datetime(2030, 1, day, 9, tzinfo=UTC))

    def ask(**query: str) -> list[str]:
        rows = api_of(member).get("meetings/", **query).json()["results"]
        return sorted(row["title"] for row in rows)

    return ask


def test_a_range_begins_with_its_first_moment_and_ends_before_its_last(
    titles: Callable[..., list[str]],
) -> None:
    assert titles(starts_from="2030-01-04") == ["On 4", "On 5"]
    assert titles(starts_before="2030-01-04") == ["On 3"]
    assert titles(starts_from="2030-01-03T09:00:00Z", starts_before="2030-01-05T09:00:00Z") == [
        "On 3",
        "On 4",
    ]
    assert titles(starts_from="2030-01-04T10:00+01:00") == ["On 4", "On 5"]
    assert titles(starts_from="2030-01-04T10:01 01:00") == ["On 5"]


@pytest.mark.parametrize(
    "moment",
    ["", "tomorrow", "20300101", "2030-W01-1", "2030-02-30", "2030-01-01T10:00", "0000-01-01",
     "0001-01-01T00:00+14:00", "9999-12-31T23:59-14:00", "99999-01-01", "٢٠٣٠-٠١-٠١"],
)  # fmt: skip
@pytest.mark.parametrize("name", ["starts_from", "starts_before"])
def test_what_is_no_moment_is_refused_by_name(
    member: Person, api_of: Callable[..., Api], name: str, moment: str
) -> None:
    answer = api_of(member).get("meetings/", **{name: moment})

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"].startswith(name)


@pytest.mark.parametrize("moment", ["0001-01-01", "9999-12-31"])
def test_the_first_and_the_last_day_are_moments(
    titles: Callable[..., list[str]], moment: str
) -> None:
    assert len(titles(starts_from=moment)) == (3 if moment < "2" else 0)
