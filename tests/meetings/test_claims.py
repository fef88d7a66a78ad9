""" "I was there": said after the meeting, confirmed or declined by an officer."""

import pytest

from common.access import viewer_for
from common.errors import Invalid, NotAllowed, WrongState
from common.record.models import Record
from members.organizations.models import Organization
from members.people.models import Person
from notifications.models import Event
from notifications.registry import payload_of
from tests import factories
from workinggroups.groups.models import Group
from workinggroups.meetings import actions
from workinggroups.meetings.models import Attendance, AttendanceClaim

pytestmark = pytest.mark.django_db


def notified(name: str) -> list[set[str]]:
    events = Event.objects.filter(kind=name).order_by("pk")
    return [{person.name for person in payload_of(event).recipients()} for event in events]


@pytest.mark.parametrize("who", ["member", "observer"])
def test_who_has_a_seat_says_they_were_there(
    group: Group, organization: Organization, who: str, request: pytest.FixtureRequest
) -> None:
    meeting = factories.past_meeting(group)
    person = request.getfixturevalue(who)

    claim = actions.claim_attendance(actor=person, meeting=meeting)
    again = actions.claim_attendance(actor=person, meeting=meeting)

    assert again == claim
    assert (claim.person, claim.organization, claim.state) == (person, organization, "open")
    assert not Attendance.objects.filter(state="present").exists()


def test_others_do_not(outsider: Person, group: Group) -> None:
    with pytest.raises(NotAllowed):
        actions.claim_attendance(actor=outsider, meeting=factories.past_meeting(group))


def test_who_is_recorded_needs_no_claim(member: Person, group: Group) -> None:
    meeting = factories.past_meeting(group)
    factories.attendance(meeting, member)

    with pytest.raises(WrongState, match="already recorded"):
        actions.claim_attendance(actor=member, meeting=meeting)


def test_during_the_meeting_one_checks_in(member: Person, group: Group) -> None:
    with pytest.raises(WrongState, match="Check in instead"):
        actions.claim_attendance(actor=member, meeting=factories.running_meeting(group))


def test_an_officer_confirms_and_the_person_is_notified(
    secretary: Person, member: Person, organization: Organization, group: Group
) -> None:
    meeting = factories.past_meeting(group)
    claim = actions.claim_attendance(actor=member, meeting=meeting)

    actions.answer_claim(actor=secretary, claim=claim, is_confirmed=True)

    row = Attendance.objects.get(meeting=meeting, person=member)
    assert (row.state, row.how, row.organization) == ("present", "claim", organization)
    meeting.refresh_from_db()
    assert meeting.state == "held"
    written = Record.objects.get(verb="claim_confirmed")
    assert written.facts == f'{{"person":"{member.uuid}"}}'
    assert notified("claim_answered") == [{"Mira Member"}]


def test_a_claim_is_declined_with_a_note(secretary: Person, member: Person, group: Group) -> None:
    meeting = factories.past_meeting(group)
    claim = actions.claim_attendance(actor=member, meeting=meeting)

    with pytest.raises(Invalid) as refused:
        actions.answer_claim(actor=secretary, claim=claim, is_confirmed=False, note="  ")
    assert refused.value.field == "note"

    actions.answer_claim(
        actor=secretary, claim=claim, is_confirmed=False, note="That was the week before."
    )

    claim.refresh_from_db()
    assert (claim.state, claim.note) == ("declined", "That was the week before.")
    assert not Attendance.objects.filter(state="present").exists()
    payload = payload_of(Event.objects.get(kind="claim_answered"))
    target = type(payload).find_targets([payload], viewer_for(member.pk))[payload]
    content = payload.content(target, viewer_for(member.pk))
    assert content.title == "Sefa Secretary did not confirm that you were at Last meeting"
    assert content.detail == "That was the week before."


def test_a_claim_is_answered_once(
    chair: Person, secretary: Person, member: Person, group: Group
) -> None:
    claim = actions.claim_attendance(actor=member, meeting=factories.past_meeting(group))
    actions.answer_claim(actor=chair, claim=claim, is_confirmed=True)

    with pytest.raises(WrongState, match="in the meantime"):
        actions.answer_claim(actor=secretary, claim=claim, is_confirmed=False, note="No.")


def test_nobody_confirms_themselves(chair: Person, group: Group) -> None:
    claim = actions.claim_attendance(actor=chair, meeting=factories.past_meeting(group))

    with pytest.raises(WrongState, match="about yourself"):
        actions.answer_claim(actor=chair, claim=claim, is_confirmed=True)


@pytest.mark.parametrize("who", ["member", "observer"])
def test_members_answer_none(group: Group, who: str, request: pytest.FixtureRequest) -> None:
    person = request.getfixturevalue(who)
    claim = actions.claim_attendance(actor=person, meeting=factories.past_meeting(group))

    with pytest.raises(NotAllowed):
        actions.answer_claim(actor=person, claim=claim, is_confirmed=True)


def test_officers_get_one_notification_for_all_who_wait(
    chair: Person, secretary: Person, member: Person, observer: Person, group: Group
) -> None:
    meeting = factories.past_meeting(group)

    first = actions.claim_attendance(actor=member, meeting=meeting)
    actions.claim_attendance(actor=observer, meeting=meeting)

    assert notified("attendance_claimed") == [{"Chiara Chair", "Sefa Secretary"}]
    payload = payload_of(Event.objects.get(kind="attendance_claimed"))
    target = type(payload).find_targets([payload], viewer_for(chair.pk))[payload]
    content = payload.content(target, viewer_for(chair.pk))
    assert content.title == "2 people say they were at Last meeting"
    assert content.url == f"/groups/{group.slug}/meetings/{meeting.number}/attendance/#claims"

    for claim in AttendanceClaim.objects.all():
        actions.answer_claim(actor=chair, claim=claim, is_confirmed=True)

    # Whoever was not mailed yet is not mailed any more; later claims are told of again.
    assert notified("attendance_claimed") == [set()]
    assert first.meeting == meeting
    late = factories.member_of(factories.organization("Late Labs"), "Lena Late")
    factories.seat(group, late)
    actions.claim_attendance(actor=late, meeting=meeting)
    assert Event.objects.filter(kind="attendance_claimed").count() == 2


def test_approved_minutes_take_no_claim(member: Person, group: Group) -> None:
    meeting = factories.past_meeting(group)
    factories.approve_minutes(meeting)

    with pytest.raises(WrongState, match="dated correction"):
        actions.claim_attendance(actor=member, meeting=meeting)


def test_a_claim_holds_though_the_person_has_left(
    chair: Person, member: Person, organization: Organization, group: Group
) -> None:
    from workinggroups.groups.actions import leave

    meeting = factories.past_meeting(group)
    claim = actions.claim_attendance(actor=member, meeting=meeting)
    leave(actor=member, group=group)

    actions.answer_claim(actor=chair, claim=claim, is_confirmed=True)

    assert Attendance.objects.get(person=member).organization == organization
    assert notified("claim_answered") == [set()]
