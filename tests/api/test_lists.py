from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from members.organizations.models import Organization
from members.people.models import Person
from tests import factories
from tests.api.conftest import Api
from workinggroups.groups.models import Group

MEMBER_LISTS = ["action-items/", "decisions/", "meetings/", "topics/", "posts/", "notices/"]


@pytest.mark.parametrize("path", [*MEMBER_LISTS, "me/"])
def test_a_stranger_without_a_token_is_told_to_sign_in(
    path: str, db: None, api_of: Callable[..., Api]
) -> None:
    response = api_of().get(path)

    assert response.status_code == 401
    assert response["WWW-Authenticate"] == "Bearer"
    assert response["Content-Type"] == "application/problem+json"


def test_the_public_reads_members_and_public_groups(
    group: Group, organization: Organization, api_of: Callable[..., Api]
) -> None:
    factories.group("Hidden", preset="secret")

    groups = api_of().get("groups/").json()["results"]
    organizations = api_of().get("organizations/").json()["results"]

    assert [row["slug"] for row in groups] == [group.slug]
    assert organization.slug in {row["slug"] for row in organizations}


def test_action_items_are_for_those_who_read_the_group(
    group: Group, member: Person, outsider: Person, api_of: Callable[..., Api]
) -> None:
    item = factories.action_item(group)

    assert [row["uuid"] for row in api_of(member).get("action-items/").json()["results"]] == [
        str(item.uuid)
    ]
    assert api_of(outsider).get("action-items/").json()["results"] == []
    assert api_of(outsider).get("action-items/", group=group.slug).json()["results"] == []


def test_hidden_and_nonexistent_answer_alike(
    group: Group, outsider: Person, api_of: Callable[..., Api]
) -> None:
    item = factories.action_item(group)
    api = api_of(outsider)

    hidden = api.get(f"action-items/{item.uuid}/")
    missing = api.get(f"action-items/{factories.person().uuid}/")

    assert hidden.status_code == missing.status_code == 404
    assert {k: v for k, v in hidden.json().items() if k != "request"} == {
        k: v for k, v in missing.json().items() if k != "request"
    }


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"colour": "red"}, "colour"),
        ({"limit": "1000"}, "limit"),
        ({"cursor": "nonsense"}, "cursor"),
        ({"state": "sleepy"}, "state"),
    ],
)
def test_a_wrong_parameter_is_named(
    query: dict[str, str], field: str, member: Person, api_of: Callable[..., Api]
) -> None:
    response = api_of(member).get("action-items/", **query)

    assert response.status_code == 400
    assert response.json()["errors"][0]["field"].startswith(field)


def test_pages_follow_each_other_by_cursor(
    group: Group, member: Person, api_of: Callable[..., Api]
) -> None:
    made = [str(factories.action_item(group).uuid) for _ in range(5)]
    api = api_of(member)

    first = api.get("action-items/", limit="3").json()
    second = api.client.get(first["next"], headers=api.headers).json()

    assert [row["uuid"] for row in first["results"] + second["results"]] == made[::-1]
    assert second["next"] is None


def test_a_list_costs_the_same_queries_at_two_and_at_twenty(
    group: Group, member: Person, api_of: Callable[..., Api]
) -> None:
    api = api_of(member)
    api.get("me/")  # the token's last use is noted now
    counts = []
    for wanted in (2, 20):
        while group_items(group) < wanted:
            factories.action_item(group, owner=factories.person())
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert len(api.get("action-items/").json()["results"]) == wanted
        counts.append(len(queries))

    assert counts[0] == counts[1]
    assert counts[1] <= 8


def group_items(group: Group) -> int:
    from workinggroups.groups.models import ActionItem

    return ActionItem.objects.filter(group=group).count()


def test_an_answer_is_sent_again_when_anything_it_shows_changed(
    group: Group, chair: Person, member: Person, api_of: Callable[..., Api]
) -> None:
    """Also what belongs to another row: a person's name, a group's address, who reads it."""
    item = factories.action_item(group, owner=member)
    factories.meeting(group)
    api = api_of(member)
    paths = ["action-items/", f"action-items/{item.uuid}/", "meetings/", f"groups/{group.slug}/"]
    paths += ["groups/", "me/", "organizations/"]
    organization = Organization.objects.get(name="Aurora Labs")
    changes: list[tuple[Callable[[], Any], set[str]]] = [
        (lambda: _save(member, name="Mira Renamed"), {*paths[:2], "me/"}),
        (lambda: _save(group, name="Limits"), {paths[3], "groups/"}),
        (lambda: _save(group, slug="limits"), {*paths[:3], "groups/"}),
        (lambda: _save(organization, name="Borealis Labs"), {"organizations/"}),
        (lambda: member.participations.all().delete(), {"action-items/", paths[1], "meetings/"}),
    ]

    def ask(path: str, tag: str = "") -> Any:
        seen = {"If-None-Match": tag, "If-Modified-Since": "Fri, 01 Jan 2100 00:00:00 GMT"}
        return api.client.get(f"/api/v1/{path}", headers={**api.headers, **(seen if tag else {})})

    for change, shown_in in changes:
        before = {path: ask(path) for path in paths}
        before = {path: answer for path, answer in before.items() if answer.status_code == 200}
        again = [ask(path, answer["ETag"]) for path, answer in before.items()]
        assert {(answer.status_code, answer.content) for answer in again} == {(304, b"")}
        change()
        after = {path: ask(path, answer["ETag"]) for path, answer in before.items()}
        same = {path for path in before if ask(path).content == before[path].content}
        assert shown_in & same == set()
        assert {path for path, answer in after.items() if answer.status_code == 304} == same


def _save(thing: Any, **fields: Any) -> None:
    type(thing).objects.filter(pk=thing.pk).update(**fields)
