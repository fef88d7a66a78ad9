"""A person's own check-in, and how it lives beside answers and what officers record."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from common.errors import NotAllowed, WrongState
from common.times import ended
from members.organizations.models import Organization
from members.people.models import Person
from tests import factories
from workinggroups.groups.models import Group
from workinggroups.meetings import actions
from workinggroups.meetings.models import Attendance, Meeting

pytestmark = pytest.mark.django_db


def row_of(meeting: Meeting, person: Person) -> tuple[str, str, bool]:
    row = Attendance.objects.get(meeting=meeting, person=person)
    return row.state, row.how, row.checked_in_at is not None


@pytest.mark.parametrize("who", ["chair", "member", "observer"])
def test_everybody_with_a_seat_checks_in(
    group: Group, organization: Organization, who: str, request: pytest.FixtureRequest
) -> None:
    meeting = factories.running_meeting(group)
    person = request.getfixturevalue(who)

    row = actions.check_in(actor=person, meeting=meeting)

    assert row_of(meeting, person) == ("present", "self", True)
    assert row.organization == organization


def test_nobody_from_outside_checks_in(outsider: Person, group: Group) -> None:
    with pytest.raises(NotAllowed):
        actions.check_in(actor=outsider, meeting=factories.running_meeting(group))


def test_a_second_check_in_changes_nothing(member: Person, group: Group) -> None:
    meeting = factories.running_meeting(group)
    first = actions.check_in(actor=member, meeting=meeting)
    meeting.refresh_from_db()
    version = meeting.live_version

    second = actions.check_in(actor=member, meeting=meeting)

    meeting.refresh_from_db()
    assert second.checked_in_at == first.checked_in_at
    assert meeting.live_version == version


def test_what_officers_recorded_stays_theirs(chair: Person, member: Person, group: Group) -> None:
    meeting = factories.running_meeting(group)
    factories.attendance(meeting, member)

    actions.check_in(actor=member, meeting=meeting)

    assert row_of(meeting, member) == ("present", "officer", False)
    with pytest.raises(WrongState, match="chairs or the secretary"):
        actions.undo_check_in(actor=member, meeting=meeting)


def test_who_said_no_can_come_all_the_same(member: Person, group: Group) -> None:
    meeting = factories.running_meeting(group)
    factories.attendance(meeting, member, "regrets")

    actions.check_in(actor=member, meeting=meeting)

    assert row_of(meeting, member) == ("present", "self", True)


def test_a_check_in_can_be_undone(member: Person, group: Group) -> None:
    meeting = factories.running_meeting(group)
    actions.check_in(actor=member, meeting=meeting)

    actions.undo_check_in(actor=member, meeting=meeting)
    actions.undo_check_in(actor=member, meeting=meeting)

    assert row_of(meeting, member) == ("coming", "", False)


def test_an_answer_does_not_undo_a_check_in(member: Person, group: Group) -> None:
    meeting = factories.running_meeting(group)
    actions.check_in(actor=member, meeting=meeting)

    with pytest.raises(WrongState, match="Undo the check-in"):
        actions.answer_meeting(actor=member, meeting=meeting, is_coming=False)

    assert row_of(meeting, member) == ("present", "self", True)


def test_the_organization_is_the_one_of_that_moment(
    member: Person, organization: Organization, group: Group
) -> None:
    meeting = factories.running_meeting(group)
    actions.check_in(actor=member, meeting=meeting)
    affiliation = member.affiliations.get()
    affiliation.during = ended(affiliation.during)
    affiliation.save(update_fields=["during"])

    assert Attendance.objects.get(person=member).organization == organization


def test_the_roll_of_an_officer_keeps_who_came_in_the_meantime(
    chair: Person, member: Person, observer: Person, group: Group
) -> None:
    meeting = factories.running_meeting(group)
    seen_at = timezone.now()
    actions.check_in(actor=member, meeting=meeting)

    actions.record_attendance(
        actor=chair,
        meeting=meeting,
        roster=[chair.pk, member.pk, observer.pk],
        present=[chair.pk],
        seen_at=seen_at,
    )

    assert row_of(meeting, member) == ("present", "self", True)
    assert row_of(meeting, chair) == ("present", "officer", False)
    assert row_of(meeting, observer) == ("absent", "", False)


def test_an_officer_who_saw_a_check_in_can_overrule_it(
    chair: Person, member: Person, group: Group
) -> None:
    meeting = factories.running_meeting(group)
    actions.check_in(actor=member, meeting=meeting)

    actions.record_attendance(
        actor=chair, meeting=meeting, roster=[member.pk], present=[], seen_at=timezone.now()
    )

    assert row_of(meeting, member) == ("absent", "", False)


def moved(chair: Person, meeting: Meeting) -> None:
    there = meeting.starts_at + timedelta(days=2)
    actions.change_meeting(
        actor=chair,
        meeting=meeting,
        sequence=meeting.sequence,
        title=meeting.title,
        local_date=there.date(),
        local_time=there.time(),
        zone="UTC",
        duration_minutes=60,
    )


def cancelled(chair: Person, meeting: Meeting) -> None:
    actions.cancel_meeting(actor=chair, meeting=meeting, reason="No quorum.")


@pytest.mark.parametrize("act", [moved, cancelled])
def test_nobody_is_present_at_a_meeting_that_did_not_take_place(
    chair: Person, member: Person, group: Group, act: object
) -> None:
    meeting = factories.meeting(group, starts_at=factories.ahead(minutes=5))
    actions.check_in(actor=member, meeting=meeting)

    act(chair, meeting)  # type: ignore[operator]

    assert row_of(meeting, member) == ("coming", "", False)


def test_a_series_that_ends_takes_early_check_ins_back(
    chair: Person, member: Person, group: Group
) -> None:
    series = factories.meeting_series(group)
    meeting = series.meetings.get()
    meeting.starts_at = factories.ahead(minutes=5)
    meeting.ends_at = factories.ahead(minutes=65)
    meeting.save()
    actions.check_in(actor=member, meeting=meeting)

    actions.end_series(actor=chair, series=series, reason="The work is done.")

    assert row_of(meeting, member) == ("coming", "", False)


def test_the_database_wants_to_know_how_someone_was_present(member: Person, group: Group) -> None:
    meeting = factories.running_meeting(group)

    for fields in ({"how": ""}, {"how": "self"}, {"state": "absent", "how": "officer"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            factories.attendance(meeting, member, **{"state": "present", **fields})
