"""Hands raised, lowered, called and done."""

import pytest
from django.db import IntegrityError, transaction

from common.errors import Conflict, Invalid, NotAllowed, WrongState
from members.people.models import Person
from tests import factories
from workinggroups.groups.models import Group
from workinggroups.meetings import actions
from workinggroups.meetings.models import Meeting, SpeakerRequest
from workinggroups.meetings.queries.speakers import speakers_of


@pytest.fixture
def meeting(group: Group) -> Meeting:
    return factories.running_meeting(group)


@pytest.fixture
def others(group: Group, meeting: Meeting) -> list[Person]:
    """Three present participants of other organizations."""
    people = []
    for name in ("Bo", "Cy", "Di"):
        organization = factories.organization(f"Org of {name}")
        person = factories.member_of(organization, name)
        factories.seat(group, person)
        factories.attendance(meeting, person, organization=organization)
        people.append(person)
    return people


def waiting(meeting: Meeting) -> list[str]:
    return [row.person.name for row in speakers_of(meeting).waiting]


def speaking(meeting: Meeting) -> str:
    row = speakers_of(meeting).speaking
    return row.person.name if row else ""


pytestmark = pytest.mark.django_db


def test_who_is_present_raises_a_hand_once(member: Person, meeting: Meeting) -> None:
    actions.check_in(actor=member, meeting=meeting)

    first = actions.raise_hand(actor=member, meeting=meeting)
    second = actions.raise_hand(actor=member, meeting=meeting)

    assert first == second
    assert first.organization == member.affiliations.get().organization
    assert waiting(meeting) == ["Mira Member"]


def test_who_has_not_checked_in_is_told_to(member: Person, meeting: Meeting) -> None:
    with pytest.raises(WrongState, match="Check in first"):
        actions.raise_hand(actor=member, meeting=meeting)


def test_observers_do_not_ask_to_speak(observer: Person, meeting: Meeting) -> None:
    actions.check_in(actor=observer, meeting=meeting)

    with pytest.raises(NotAllowed, match="Observers speak when"):
        actions.raise_hand(actor=observer, meeting=meeting)


def test_an_officer_puts_an_observer_on_the_list(
    chair: Person, observer: Person, meeting: Meeting
) -> None:
    actions.check_in(actor=observer, meeting=meeting)

    request = actions.add_speaker(actor=chair, meeting=meeting, person=observer)
    again = actions.add_speaker(actor=chair, meeting=meeting, person=observer)

    assert again == request
    assert (request.added_by, waiting(meeting)) == (chair, ["Ola Observer"])


def test_who_is_not_there_is_not_put_on_the_list(
    chair: Person, member: Person, meeting: Meeting
) -> None:
    with pytest.raises(Invalid) as refused:
        actions.add_speaker(actor=chair, meeting=meeting, person=member)
    assert refused.value.field == "person"


def test_members_call_nobody(member: Person, observer: Person, meeting: Meeting) -> None:
    for person in (member, observer):
        with pytest.raises(NotAllowed):
            actions.call_next(actor=person, meeting=meeting, after=None)
        with pytest.raises(NotAllowed):
            actions.add_speaker(actor=person, meeting=meeting, person=member)


def test_speakers_are_called_in_order(
    chair: Person, others: list[Person], meeting: Meeting
) -> None:
    for person in others:
        actions.raise_hand(actor=person, meeting=meeting)

    first = actions.call_next(actor=chair, meeting=meeting, after=None)
    assert (speaking(meeting), waiting(meeting)) == ("Bo", ["Cy", "Di"])
    actions.raise_hand(actor=others[0], meeting=meeting)  # speaks already

    second = actions.call_next(actor=chair, meeting=meeting, after=first.uuid)
    actions.raise_hand(actor=others[0], meeting=meeting)  # has spoken
    assert (speaking(meeting), waiting(meeting)) == ("Cy", ["Di", "Bo"])
    meeting.refresh_from_db()
    assert meeting.state == "held"

    third = actions.call_next(actor=chair, meeting=meeting, after=second.uuid)
    last = actions.call_next(actor=chair, meeting=meeting, after=third.uuid)
    assert actions.call_next(actor=chair, meeting=meeting, after=last.uuid) is None
    assert (speaking(meeting), waiting(meeting)) == ("", [])


def test_next_pressed_twice_calls_one(
    chair: Person, others: list[Person], meeting: Meeting
) -> None:
    for person in others:
        actions.raise_hand(actor=person, meeting=meeting)

    first = actions.call_next(actor=chair, meeting=meeting, after=None)
    second = actions.call_next(actor=chair, meeting=meeting, after=None)

    assert first == second
    assert (speaking(meeting), waiting(meeting)) == ("Bo", ["Cy", "Di"])


def test_an_officer_can_call_someone_else_first(
    chair: Person, others: list[Person], meeting: Meeting
) -> None:
    requests = [actions.raise_hand(actor=person, meeting=meeting) for person in others]

    actions.call_next(actor=chair, meeting=meeting, after=None, chosen=requests[2].uuid)

    assert (speaking(meeting), waiting(meeting)) == ("Di", ["Bo", "Cy"])
    actions.lower_hand(actor=others[0], meeting=meeting)
    with pytest.raises(Conflict, match="no longer waits"):
        actions.call_next(
            actor=chair, meeting=meeting, after=requests[2].uuid, chosen=requests[0].uuid
        )


def test_a_hand_is_lowered_and_a_turn_ended_by_the_person(
    chair: Person, others: list[Person], meeting: Meeting
) -> None:
    for person in others[:2]:
        actions.raise_hand(actor=person, meeting=meeting)
    actions.call_next(actor=chair, meeting=meeting, after=None)

    for person in others:
        actions.lower_hand(actor=person, meeting=meeting)
        actions.lower_hand(actor=person, meeting=meeting)

    assert (speaking(meeting), waiting(meeting)) == ("", [])
    ends = {row.person.name: row for row in SpeakerRequest.objects.all()}
    assert ends["Bo"].done_at is not None
    assert ends["Cy"].withdrawn_at is not None


def test_an_officer_ends_a_turn_and_removes_who_waits(
    chair: Person, member: Person, others: list[Person], meeting: Meeting
) -> None:
    requests = [actions.raise_hand(actor=person, meeting=meeting) for person in others]
    actions.call_next(actor=chair, meeting=meeting, after=None)
    with pytest.raises(NotAllowed):
        actions.close_request(actor=member, request=requests[1])

    for request in requests:
        actions.close_request(actor=chair, request=request)
        actions.close_request(actor=chair, request=request)

    assert (speaking(meeting), waiting(meeting)) == ("", [])


def test_who_leaves_waits_no_more(
    chair: Person, member: Person, others: list[Person], meeting: Meeting
) -> None:
    actions.check_in(actor=member, meeting=meeting)
    actions.raise_hand(actor=member, meeting=meeting)
    actions.raise_hand(actor=others[0], meeting=meeting)

    actions.undo_check_in(actor=member, meeting=meeting)
    assert waiting(meeting) == ["Bo"]

    actions.record_attendance(actor=chair, meeting=meeting, roster=[others[0].pk], present=[])
    assert waiting(meeting) == []


def test_after_the_meeting_nobody_speaks(member: Person, chair: Person, group: Group) -> None:
    meeting = factories.past_meeting(group)
    factories.attendance(meeting, member)

    with pytest.raises(WrongState):
        actions.raise_hand(actor=member, meeting=meeting)
    with pytest.raises(WrongState):
        actions.call_next(actor=chair, meeting=meeting, after=None)


def test_the_database_has_one_speaker_and_one_hand_a_person(
    member: Person, chair: Person, meeting: Meeting
) -> None:
    now = factories.ago(minutes=1)
    factories.speaker_request(meeting, member, called_at=now)

    with pytest.raises(IntegrityError), transaction.atomic():
        factories.speaker_request(meeting, member)
    with pytest.raises(IntegrityError), transaction.atomic():
        factories.speaker_request(meeting, chair, called_at=now)
    with pytest.raises(IntegrityError), transaction.atomic():
        factories.speaker_request(meeting, chair, done_at=now)
    with pytest.raises(IntegrityError), transaction.atomic():
        factories.speaker_request(meeting, chair, called_at=now, withdrawn_at=now, done_at=now)
