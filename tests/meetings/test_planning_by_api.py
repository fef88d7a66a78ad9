"""Planning by the API: the same rules and refusals as on the page."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from members.people.models import Person
from notifications.models import Event
from tests.meetings.test_gathering import single
from tests.meetings.test_series import in_days, planned
from workinggroups.groups.models import Group
from workinggroups.meetings.models import Meeting, MeetingSeries

pytestmark = pytest.mark.django_db

MEETINGS, SERIES = "/api/v1/meetings/", "/api/v1/meeting-series/"


def sent(group: Group | None = None, **values: Any) -> dict[str, Any]:
    return {
        **({"group": group.slug} if group else {}),
        "title": "Evaluations call",
        "local_date": in_days(5).isoformat(),
        "local_time": "16:00:00",
        "zone": "Europe/Paris",
        **values,
    }


def post(client: Client, path: str, data: dict[str, Any], **headers: str) -> Any:
    return client.post(path, data, content_type="application/json", headers=headers)


def test_a_meeting_is_scheduled_once(
    client_of: Callable[..., Client], chair: Person, group: Group
) -> None:
    client = client_of(chair)

    answers = [
        post(client, MEETINGS, sent(group, place="Room 4"), **{"Idempotency-Key": "one"})
        for _ in range(2)
    ]

    assert [answer.status_code for answer in answers] == [201, 201]
    meeting = Meeting.objects.get()
    assert answers[0].json()["uuid"] == str(meeting.uuid)
    assert (meeting.place, meeting.duration_minutes, meeting.number) == ("Room 4", 60, 1)
    assert [event.kind for event in Event.objects.all()] == ["meeting_planned"]


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "ftp://a.example/x", "https://bank.example@evil.example/"]
)
def test_a_link_to_join_leads_where_it_seems_to(
    client_of: Callable[..., Client], chair: Person, group: Group, url: str
) -> None:
    answer = post(client_of(chair), MEETINGS, sent(group, join_url=url))

    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, "join_url")
    assert not Meeting.objects.exists()


def test_a_series_and_a_meeting_of_several_days_are_scheduled(
    client_of: Callable[..., Client], chair: Person, group: Group
) -> None:
    client = client_of(chair)
    skipped = [{"day": in_days(19).isoformat(), "reason": "Holiday"}]

    series = post(
        client, SERIES, sent(group, frequency="weekly", interval=2, skipped=skipped)
    ).json()
    days = post(client, SERIES, sent(group, frequency="daily", until=in_days(6).isoformat())).json()

    assert series["rule"].startswith("Every second ")
    assert MeetingSeries.objects.get(uuid=series["uuid"]).skipped.get().reason == "Holiday"
    assert days["days"] == 2
    listed = client.get(f"{MEETINGS}?series={days['uuid']}").json()["results"]
    assert sorted(each["day"] for each in listed) == [1, 2]
    assert {each["in_series"] for each in listed} == {"date"}


def test_an_extra_meeting_is_scheduled(
    client_of: Callable[..., Client], chair: Person, group: Group
) -> None:
    series = planned(chair, group)

    answer = post(client_of(chair), f"{SERIES}{series.uuid}/extra/", sent())

    assert answer.status_code == 201
    assert answer.json()["in_series"] == "extra"
    assert Meeting.objects.get(in_series="extra").series == series


@pytest.mark.parametrize(
    ("path", "values", "field"),
    [
        (MEETINGS, {"local_date": "2020-01-01"}, "local_date"),
        (MEETINGS, {"local_date": "0001-01-01", "zone": "Asia/Tokyo"}, "local_date"),
        (MEETINGS, {"zone": "Europe/Atlantis"}, "zone"),
        (MEETINGS, {"local_date": "2031-03-30", "local_time": "02:30:00"}, "local_time"),
        (MEETINGS, {"local_date": "2031-10-26", "local_time": "02:30:00"}, "fold"),
        (MEETINGS, {"duration_minutes": 0}, "duration_minutes"),
        (MEETINGS, {"frequency": "weekly"}, "frequency"),
        (SERIES, {"frequency": "yearly"}, "frequency"),
        (SERIES, {"frequency": "daily"}, "days"),
        (SERIES, {"frequency": "weekly", "until": "2020-01-01"}, "until"),
        (SERIES, {"frequency": "weekly", "skipped": [{"day": "tomorrow"}]}, "skipped.0.day"),
        (SERIES, {"frequency": "weekly", "local_date": "9999-12-31"}, "local_date"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(
    client_of: Callable[..., Client],
    chair: Person,
    group: Group,
    path: str,
    values: dict[str, Any],
    field: str,
) -> None:
    answer = post(client_of(chair), path, sent(group, **values))

    assert answer.status_code in {400, 422}
    problem = answer.json()
    fields = [each["field"] for each in problem.get("errors", [])] or [problem.get("field")]
    assert field in fields
    assert not Meeting.objects.exists()


def test_only_officers_of_a_group_that_they_see(
    client_of: Callable[..., Client],
    chair: Person,
    member: Person,
    outsider: Person,
    group: Group,
) -> None:
    series = planned(chair, group)
    weekly = sent(group, frequency="weekly")
    chosen = {
        "group": group.slug,
        "meetings": [str(single(group, days).uuid) for days in (3, 10)],
    }
    until = (in_days(5) + timedelta(days=1)).isoformat()
    for path, data in (
        (MEETINGS, sent(group)),
        (SERIES, weekly),
        (SERIES, sent(group, frequency="daily", until=until)),
        (f"{SERIES}{series.uuid}/extra/", sent()),
        (f"{SERIES}gather-preview/", chosen),
        (f"{SERIES}gather/", {**chosen, "series": sent(frequency="weekly"), "seen": "0"}),
    ):
        assert post(client_of(member), path, data).status_code == 403
        assert post(client_of(outsider), path, data).status_code == 404


def test_meetings_are_gathered_as_a_dry_run_has_shown(
    client_of: Callable[..., Client], chair: Person, group: Group
) -> None:
    client = client_of(chair)
    meetings = [single(group, days) for days in (3, 10, 18)]
    chosen = {"group": group.slug, "meetings": [str(one.uuid) for one in meetings]}

    shown = post(client, f"{SERIES}gather-preview/", chosen)

    assert shown.status_code == 200, shown.json()
    preview = shown.json()
    assert [one["becomes"] for one in preview["meetings"]] == ["follows", "follows", "moved"]
    assert preview["meetings"][2]["day"] == in_days(17).isoformat()
    assert (preview["series"]["frequency"], preview["series"]["interval"]) == ("weekly", 1)
    assert not MeetingSeries.objects.exists()
    sent = {**chosen, "series": preview["series"], "seen": preview["seen"]}
    stale = post(client, f"{SERIES}gather/", {**sent, "seen": "0"})
    assert stale.status_code == 409
    answers = [
        post(client, f"{SERIES}gather/", sent, **{"Idempotency-Key": "one"}) for _ in range(2)
    ]

    assert [answer.status_code for answer in answers] == [201, 201], answers[0].json()
    series = MeetingSeries.objects.get()
    assert answers[0].json()["uuid"] == str(series.uuid)
    assert set(series.meetings.gathered()) == set(meetings)
    again = post(client, f"{SERIES}gather/", sent)
    assert again.status_code == 400
    assert [error["field"] for error in again.json()["errors"]] == ["meetings"]


def test_a_dry_run_takes_another_rule_and_refuses_one_that_cannot_be(
    client_of: Callable[..., Client], chair: Person, group: Group
) -> None:
    client = client_of(chair)
    chosen = {
        "group": group.slug,
        "meetings": [str(single(group, days).uuid) for days in (-4, 3, 10)],
    }
    series = post(client, f"{SERIES}gather-preview/", chosen).json()["series"]

    other = post(
        client, f"{SERIES}gather-preview/", {**chosen, "series": {**series, "interval": 2}}
    ).json()
    daily = post(
        client, f"{SERIES}gather-preview/", {**chosen, "series": {**series, "frequency": "daily"}}
    )

    assert [one["becomes"] for one in other["meetings"]] == ["follows", "extra", "follows"]
    assert daily.status_code in {400, 422}
    unknown = {**chosen, "meetings": [*chosen["meetings"], str(uuid4())]}
    assert post(client, f"{SERIES}gather-preview/", unknown).status_code == 400
