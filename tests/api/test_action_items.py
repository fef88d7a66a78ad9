"""Action items by API: their owners, comments, filters and acts."""

from collections.abc import Callable

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
