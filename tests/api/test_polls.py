"""Polls for a time, by the API."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from members.people.models import Person
from tests import factories
from workinggroups.groups.models import Group
from workinggroups.meetings import actions
from workinggroups.meetings.models import TimePoll

pytestmark = pytest.mark.django_db

LIST = "/api/v1/time-polls/"


def answer(client: Client, poll: TimePoll, *answers: str) -> Any:
    options = poll.options.all()
    body = {
        "answers": [
            {"option": str(option.uuid), "answer": one}
            for option, one in zip(options, answers, strict=False)
        ]
    }
    return client.post(f"{LIST}{poll.uuid}/answer/", body, content_type="application/json")


def test_a_member_reads_a_poll_and_answers_it(
    client_of: Any, chair: Person, member: Person, group: Group
) -> None:
    poll = factories.time_poll(group)
    factories.option_answer(poll.options.all()[0], chair, "no")
    client = client_of(member)

    answered = answer(client, poll, "yes", "if_needed")

    assert answered.status_code == 200
    listed = client.get(LIST, {"group": group.slug, "state": "open"}).json()["results"]
    assert [one["uuid"] for one in listed] == [str(poll.uuid)]
    detail = client.get(f"{LIST}{poll.uuid}/").json()
    assert detail == listed[0] == answered.json()
    assert [
        (one["yes"], one["if_needed"], one["no"], one["own_answer"]) for one in detail["options"]
    ] == [(1, 0, 1, "yes"), (0, 1, 0, "if_needed")]


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"answers": []},
        {"answers": [{"option": "x", "answer": "yes"}]},
        {"answers": [{"option": "00000000-0000-0000-0000-000000000000", "answer": "yes"}]},
        {"answers": "yes"},
        {"answers": [{"answer": "yes"}]},
        {"more": 1},
    ],
)
def test_an_answer_that_is_none_is_refused(
    client_of: Any, member: Person, group: Group, body: dict[str, object]
) -> None:
    poll = factories.time_poll(group)

    refused = client_of(member).post(
        f"{LIST}{poll.uuid}/answer/", body, content_type="application/json"
    )

    assert refused.status_code == 400


def test_a_closed_poll_takes_no_answer_and_names_its_meeting(
    client_of: Any, chair: Person, member: Person, group: Group
) -> None:
    poll = factories.time_poll(group)
    meeting = actions.decide_poll(actor=chair, poll=poll, option=poll.options.all()[0]).meeting
    assert meeting is not None
    client = client_of(member)

    assert answer(client, poll, "yes").status_code == 409
    detail = client.get(f"{LIST}{poll.uuid}/").json()
    assert (detail["state"], detail["meeting"], detail["series"]) == (
        "decided",
        str(meeting.uuid),
        None,
    )
    assert [one["is_chosen"] for one in detail["options"]] == [True, False]


def test_ten_polls_cost_as_many_queries_as_one(
    client_of: Any, member: Person, group: Group
) -> None:
    client = client_of(member)

    def ask() -> int:
        client.get(LIST)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(LIST).status_code == 200
        return len(queries)

    factories.time_poll(group)
    one = ask()
    for _number in range(9):
        factories.time_poll(group)

    assert ask() == one
