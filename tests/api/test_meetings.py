from collections.abc import Callable

from members.people.models import Person
from tests import factories
from tests.api.conftest import Api
from workinggroups.discussion.actions import lock_topic, start_topic
from workinggroups.groups.models import Group


def test_meetings_are_for_those_who_read_the_group(
    group: Group, member: Person, outsider: Person, api_of: Callable[..., Api]
) -> None:
    meeting = factories.meeting(group, join_url="https://join.example/1")

    seen = api_of(member).get("meetings/", group=group.slug).json()["results"]

    assert [row["join_url"] for row in seen] == ["https://join.example/1"]
    assert api_of(outsider).get("meetings/").json()["results"] == []
    assert api_of(outsider).get(f"meetings/{meeting.uuid}/").status_code == 404
    assert api_of(outsider).get(f"meetings/{meeting.uuid}/notes/").status_code == 404


def test_notes_that_do_not_fit_name_their_field(
    group: Group, member: Person, api_of: Callable[..., Api]
) -> None:
    meeting = factories.meeting(group)
    api = api_of(member)

    for body in ({"base": -1, "source": "x"}, {"base": 10**30, "source": "x"}, {"base": [0]}):
        response = api.post(f"meetings/{meeting.uuid}/notes/", body)
        assert response.status_code == 400
        assert "base" in {error["field"] for error in response.json()["errors"]}


def test_observers_read_notes_and_do_not_save_them(
    group: Group, observer: Person, api_of: Callable[..., Api]
) -> None:
    meeting = factories.meeting(group)

    response = api_of(observer).post(
        f"meetings/{meeting.uuid}/notes/", {"base": 0, "source": "Me too"}
    )

    assert response.status_code == 403


def test_a_reply_stands_last_and_a_closed_topic_takes_none(
    group: Group, member: Person, chair: Person, api_of: Callable[..., Api]
) -> None:
    topic = start_topic(actor=chair, group=group, title="The limit", source="Needed?")
    api = api_of(member)

    first = api.post(f"topics/{topic.uuid}/reply/", {"source": "Yes."})
    lock_topic(actor=chair, topic=topic)
    second = api.post(f"topics/{topic.uuid}/reply/", {"source": "No."})

    assert (first.status_code, first.json()["number"]) == (201, 2)
    assert second.status_code == 409
