from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

from members.people.models import Person
from notifications.fan_out import fan_out_waiting
from notifications.models import Notification
from tests import factories
from tests.api.conftest import Api
from workinggroups.discussion.actions import start_topic
from workinggroups.groups.actions.action_items import create_action_item
from workinggroups.groups.actions.participation import leave
from workinggroups.groups.models import ActionItem, AdmissionRequest, Group, Office, Seat


def test_joining_an_open_group_gives_a_seat(member: Person, api_of: Callable[..., Api]) -> None:
    opened = factories.group("Open Tools", preset="open")

    response = api_of(member).post(f"groups/{opened.slug}/join/")

    assert response.status_code == 200
    assert response.json() == {"outcome": "joined"}
    assert Seat.objects.filter(group=opened, person=member).exists()


def test_joining_a_group_that_admits_by_request_asks_its_chairs(
    group: Group, outsider: Person, api_of: Callable[..., Api]
) -> None:
    response = api_of(outsider).post(f"groups/{group.slug}/join/", {"note": "I wrote the tests."})

    assert response.status_code == 202
    assert AdmissionRequest.objects.waiting().get(group=group).person == outsider
    assert not Seat.objects.filter(group=group, person=outsider).exists()


def test_an_unknown_field_is_refused_by_name(
    group: Group, outsider: Person, api_of: Callable[..., Api]
) -> None:
    response = api_of(outsider).post(f"groups/{group.slug}/join/", {"nota": "typo"})

    assert response.status_code == 400
    assert response.json()["errors"][0]["field"] == "nota"
    assert not AdmissionRequest.objects.exists()


def test_the_owner_closes_an_item_once(
    group: Group, member: Person, api_of: Callable[..., Api]
) -> None:
    item = factories.action_item(group, owner=member)
    api = api_of(member)

    first = api.post(f"action-items/{item.uuid}/close/")
    second = api.post(f"action-items/{item.uuid}/close/")

    assert first.status_code == 200
    assert first.json()["state"] == "done"
    assert second.status_code == 409
    assert ActionItem.objects.get(pk=item.pk).closed_by == member


def test_somebody_else_in_the_group_may_see_an_item_and_not_close_it(
    group: Group, member: Person, chair: Person, api_of: Callable[..., Api]
) -> None:
    item = factories.action_item(group, owner=chair)

    response = api_of(member).post(f"action-items/{item.uuid}/close/")

    assert response.status_code == 403
    assert "owner" in response.json()["detail"]


def test_a_reading_token_changes_nothing(
    group: Group, member: Person, api_of: Callable[..., Api]
) -> None:
    item = factories.action_item(group, owner=member)

    response = api_of(member, scopes=("read",)).post(f"action-items/{item.uuid}/close/")

    assert response.status_code == 403
    assert ActionItem.objects.get(pk=item.pk).state == "open"


def test_a_notification_is_read_by_its_own_reader_only(
    group: Group, chair: Person, member: Person, outsider: Person, api_of: Callable[..., Api]
) -> None:
    create_action_item(actor=chair, group=group, text="Write the test plan", owners=[member])
    fan_out_waiting()
    uuid = Notification.objects.filter(person=member, channel="inbox").get().event.uuid

    assert api_of(outsider).post(f"notices/{uuid}/read/").status_code == 404
    response = api_of(member).post(f"notices/{uuid}/read/")

    assert response.status_code == 200
    assert response.json()["read_at"] is not None


def test_an_earlier_answer_is_not_given_again_to_whoever_left(
    group: Group, member: Person, chair: Person, api_of: Callable[..., Api]
) -> None:
    topic = start_topic(actor=chair, group=group, title="Plan", source="Whom do we ask?")
    api, path = api_of(member), f"topics/{topic.uuid}/reply/"
    key = {"Idempotency-Key": "a-1"}
    assert api.post(path, {"source": "Lumen."}, **key).status_code == 201
    assert api.post(path, {"source": "Lumen."}, **key).status_code == 201

    leave(actor=member, group=group)

    assert api.post(path, {"source": "Lumen."}, **key).status_code == 404


def test_what_was_made_is_not_answered_again_to_whoever_cannot_see_it_any_more(
    group: Group, member: Person, chair: Person, api_of: Callable[..., Api]
) -> None:
    meeting = factories.meeting(group)
    day = (meeting.local_date + timedelta(days=1)).isoformat()
    when = {"local_date": day, "local_time": "16:00:00", "zone": "Europe/Paris"}
    planned = {"group": group.slug, "title": "Evaluations call", **when}
    sent = {
        "meetings/": (chair, planned),
        "meeting-series/": (chair, {**planned, "frequency": "weekly"}),
        "agenda-proposals/": (member, {"agenda_of": str(meeting.uuid), "title": "Lumen"}),
    }
    key = {"Idempotency-Key": "a-1"}
    for path, (person, data) in sent.items():
        first = api_of(person).post(path, data, **key)
        assert first.status_code == 201, first.json()
        assert api_of(person).post(path, data, **key).json() == first.json()

    Office.objects.filter(person=chair).delete()  # the last chair cannot leave
    leave(actor=member, group=group)
    leave(actor=chair, group=group)

    for path, (person, data) in sent.items():
        answer = api_of(person).post(path, data, **key)
        nothing = api_of(person).get(f"{path}{uuid4()}/")
        assert answer.status_code == 404, path
        assert answer.json() | {"instance": ""} == nothing.json() | {"instance": ""}
