from collections.abc import Callable

import pytest
from django.test import Client

from common.errors import NotAllowed, WrongState
from common.record.models import Record
from common.times import ended, since
from members.people.models import Person
from tests import factories
from workinggroups.groups.models import Group
from workinggroups.meetings import actions, queries
from workinggroups.meetings.models import Attendance

pytestmark = pytest.mark.django_db


def states(meeting) -> dict[str, str]:
    return {row.person.name: row.state for row in meeting.attendance.all()}


@pytest.mark.parametrize("who", ["chair", "member", "observer"])
def test_everybody_with_a_seat_says_whether_it_comes(who, group, request):
    meeting = factories.meeting(group)
    person = request.getfixturevalue(who)

    actions.answer_meeting(actor=person, meeting=meeting, is_coming=True)
    actions.answer_meeting(actor=person, meeting=meeting, is_coming=False)

    assert states(meeting) == {person.name: "regrets"}


def test_nobody_from_outside_says_that_it_comes(outsider, group):
    with pytest.raises(NotAllowed):
        actions.answer_meeting(actor=outsider, meeting=factories.meeting(group), is_coming=True)


def test_after_the_meeting_it_is_too_late_to_say(member, group):
    with pytest.raises(WrongState):
        actions.answer_meeting(actor=member, meeting=factories.past_meeting(group), is_coming=True)


def test_the_secretary_records_who_was_there(secretary, member, observer, chair, group):
    meeting = factories.past_meeting(group)
    factories.attendance(meeting, observer, "regrets")
    roster = [chair.pk, member.pk, observer.pk]

    actions.record_attendance(actor=secretary, meeting=meeting, roster=roster, present=[chair.pk])

    meeting.refresh_from_db()
    assert meeting.state == "held"
    assert states(meeting) == {
        chair.name: "present",
        member.name: "absent",
        observer.name: "regrets",
    }
    assert Record.objects.get(object_uuid=meeting.uuid).facts == (
        '{"competition_notice":1,"present":1}'
    )


def test_the_organization_is_the_one_of_that_moment(chair, member, organization, group):
    meeting = factories.past_meeting(group)
    actions.record_attendance(actor=chair, meeting=meeting, roster=[member.pk], present=[member.pk])

    affiliation = member.affiliations.get()
    affiliation.during = ended(affiliation.during)
    affiliation.save(update_fields=["during"])
    actions.record_attendance(actor=chair, meeting=meeting, roster=[member.pk], present=[member.pk])

    assert Attendance.objects.get(person=member).organization == organization


def test_people_of_another_page_of_the_roll_keep_what_stands(chair, member, group):
    meeting = factories.past_meeting(group)
    actions.record_attendance(actor=chair, meeting=meeting, roster=[chair.pk], present=[chair.pk])

    actions.record_attendance(actor=chair, meeting=meeting, roster=[member.pk], present=[])

    assert states(meeting) == {chair.name: "present", member.name: "absent"}


def test_a_stranger_is_not_put_on_the_roll(chair, outsider, group):
    meeting = factories.past_meeting(group)

    actions.record_attendance(
        actor=chair, meeting=meeting, roster=[outsider.pk], present=[outsider.pk]
    )

    assert states(meeting) == {}


def test_attendance_waits_for_the_meeting_to_begin(chair, group):
    with pytest.raises(WrongState):
        actions.record_attendance(
            actor=chair, meeting=factories.meeting(group), roster=[chair.pk], present=[]
        )


def test_members_do_not_record_others(member, group):
    with pytest.raises(NotAllowed):
        actions.record_attendance(
            actor=member, meeting=factories.past_meeting(group), roster=[], present=[]
        )


def test_the_quorum_counts_organizations_that_take_part(
    client_of: Callable[..., Client], chair: Person, group: Group
) -> None:
    factories.charter(group, quorum="majority", during=since(factories.ago(days=90)))
    present = [chair]
    for number, level in enumerate(["participant", "participant", "observer", "observer"]):
        other = factories.member_of(factories.organization(f"Org {number}"), f"Person {number}")
        factories.seat(group, other, level=level)
        present += [other] if level == "observer" else []
    second = factories.member_of(factories.organization("Org 0 too"), "Colleague")
    factories.seat(group, second)
    meeting = factories.meeting(group, starts_at=factories.ago(minutes=20))
    for person in present:
        factories.attendance(meeting, person, organization=person.affiliations.get().organization)

    # Four organizations take part; that of the chair is there, and two that only observe.
    assert queries.quorum_of(meeting) == queries.QuorumCount(present=1, total=4, needed=3)
    page = client_of(chair).get(f"/groups/{group.slug}/meetings/{meeting.number}/attendance/")
    assert "Not reached." in page.text
    counted = "1 of 4 organizations that count are present; 3 are needed."
    assert counted in page.text
    # The attendance shows all six, of whom two that do not count are there too.
    shown = client_of(chair).get(meeting.get_absolute_url()).text
    live = client_of(chair).get(f"{meeting.get_absolute_url()}live/").text
    assert "3 of 6 organizations present" in shown
    assert "3 of 6 organizations present" in live
    assert "Quorum: 1 of 4 that count, 3 needed" in live
    assert counted in live


def test_without_a_charter_there_is_no_quorum(group: Group) -> None:
    assert queries.quorum_of(factories.past_meeting(group)) is None
