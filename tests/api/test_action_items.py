"""Action items by API: their owners, comments, filters and acts."""

from collections.abc import Callable
from datetime import date

import pytest
from django.utils import timezone

from members.people.models import Person
from tests import factories
from tests.api.conftest import Api
from workinggroups.groups.models import ActionItem, Group


@pytest.fixture
def item(group: Group, member: Person) -> ActionItem:
    return factories.action_item(group, owner=member)


def test_comments_are_read_and_written_by_api(
    item: ActionItem,
    member: Person,
    observer: Person,
    outsider: Person,
    api_of: Callable[..., Api],
) -> None:
    path = f"action-items/{item.uuid}/comments/"

    added = api_of(member).post(path, {"source": "I *asked* them."})
    hidden = factories.action_item_comment(item, hidden_at=timezone.now(), hidden_reason="No.")

    assert (added.status_code, added.json()["number"]) == (201, 1)
    [listed] = api_of(observer).get(path).json()["results"]
    assert listed == added.json()
    assert listed["html"] == "<p>I <em>asked</em> them.</p>\n"
    assert hidden.number == 2
    assert api_of(observer).post(path, {"source": "Me too"}).status_code == 403
    assert api_of(outsider).get(path).status_code == 404
    assert api_of(member).post(path, {"source": " "}).status_code == 400


def test_a_comment_that_is_sent_twice_by_api_is_added_once(
    item: ActionItem, member: Person, api_of: Callable[..., Api]
) -> None:
    api, path = api_of(member), f"action-items/{item.uuid}/comments/"

    key = {"Idempotency-Key": "c-1"}
    answers = [api.post(path, {"source": "Once."}, **key) for _attempt in range(2)]

    assert [answer.json()["number"] for answer in answers] == [1, 1]
    assert item.comments.count() == 1


def test_items_are_filtered_by_owner_due_day_and_meeting(
    group: Group, member: Person, chair: Person, api_of: Callable[..., Api]
) -> None:
    meeting = factories.past_meeting(group)
    early = factories.action_item(group, owners=[chair, member], due_on=date(2030, 1, 1))
    late = factories.action_item(group, owner=chair, due_on=date(2030, 1, 3))
    noted = factories.action_item(
        group, source_kind="meeting", source_uuid=meeting.uuid, source_line="1.1"
    )

    def uuids(**query: str) -> set[str]:
        return {
            row["uuid"] for row in api_of(member).get("action-items/", **query).json()["results"]
        }

    assert uuids(owner=str(member.uuid)) == {str(early.uuid)}
    assert uuids(owner=str(chair.uuid)) == {str(early.uuid), str(late.uuid)}
    assert uuids(due_before="2030-01-03") == {str(early.uuid)}
    assert uuids(due_after="2030-01-01") == {str(late.uuid)}
    assert uuids(due_after="2030-01-01", due_before="2030-01-03") == set()
    assert uuids(meeting=str(meeting.uuid)) == {str(noted.uuid)}
    assert api_of(member).get(f"action-items/{noted.uuid}/").json()["meeting"] == str(meeting.uuid)


@pytest.mark.parametrize("day", ["", "tomorrow", "20300101", "2030-W01-1", "2030-02-30"])
def test_a_day_that_is_none_is_refused_by_name(
    member: Person, api_of: Callable[..., Api], day: str
) -> None:
    answer = api_of(member).get("action-items/", due_before=day)

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"].startswith("due_before")


def test_an_item_has_its_owners_and_the_first_as_owner(
    group: Group, member: Person, chair: Person, api_of: Callable[..., Api]
) -> None:
    shared = factories.action_item(group, owners=[chair, member])
    nobodys = factories.action_item(group)

    answer = api_of(member).get(f"action-items/{shared.uuid}/").json()

    assert answer["owner"] == {"uuid": str(chair.uuid), "name": "Chiara Chair"}
    assert [owner["name"] for owner in answer["owners"]] == ["Chiara Chair", "Mira Member"]
    without = api_of(member).get(f"action-items/{nobodys.uuid}/").json()
    assert (without["owner"], without["owners"], without["meeting"]) == (None, [], None)
