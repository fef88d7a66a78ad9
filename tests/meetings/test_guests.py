"""Guests of a meeting, by name and affiliation."""

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from common.errors import Invalid, NotAllowed, WrongState
from common.record.models import Record
from members.people.models import Person
from tests import factories
from workinggroups.groups.models import Group
from workinggroups.meetings import actions, queries
from workinggroups.meetings.choices import GUESTS_MAX
from workinggroups.meetings.models import Guest

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("who", ["chair", "co_chair", "secretary"])
def test_officers_add_guests(group: Group, who: str, request: pytest.FixtureRequest) -> None:
    meeting = factories.running_meeting(group)
    officer = request.getfixturevalue(who)

    guest = actions.add_guest(
        actor=officer, meeting=meeting, name=" Gwen  Guest ", affiliation="Guild of Guests"
    )

    assert (guest.name, guest.affiliation, guest.added_by) == (
        "Gwen Guest", "Guild of Guests", officer,
    )  # fmt: skip
    meeting.refresh_from_db()
    assert meeting.state == "held"
    written = Record.objects.get(verb="guest_added")
    assert written.facts == f'{{"guest":"{guest.uuid}"}}'


@pytest.mark.parametrize("who", ["member", "observer", "outsider"])
def test_others_add_none(group: Group, who: str, request: pytest.FixtureRequest) -> None:
    with pytest.raises(NotAllowed):
        actions.add_guest(
            actor=request.getfixturevalue(who),
            meeting=factories.running_meeting(group),
            name="Gwen",
            affiliation="",
        )


@pytest.mark.parametrize("name", ["", "   ", "\u202eytisrevinU", "\u3164"])
def test_a_guest_has_a_name_that_can_be_read(chair: Person, group: Group, name: str) -> None:
    with pytest.raises(Invalid) as refused:
        actions.add_guest(
            actor=chair, meeting=factories.running_meeting(group), name=name, affiliation=""
        )
    assert refused.value.field == "name"


def test_the_same_guest_is_not_listed_twice(chair: Person, group: Group) -> None:
    meeting = factories.running_meeting(group)
    actions.add_guest(actor=chair, meeting=meeting, name="Gwen Guest", affiliation="Guild")

    with pytest.raises(Invalid, match="already"):
        actions.add_guest(actor=chair, meeting=meeting, name="gwen guest", affiliation="guild")

    actions.add_guest(actor=chair, meeting=meeting, name="Gwen Guest", affiliation="Another")
    assert meeting.guests.count() == 2


def test_there_is_a_limit(chair: Person, group: Group) -> None:
    meeting = factories.running_meeting(group)
    Guest.objects.bulk_create(
        Guest(meeting=meeting, name=f"Guest {number}", added_by=chair)
        for number in range(GUESTS_MAX)
    )

    with pytest.raises(Invalid, match="at most 200"):
        actions.add_guest(actor=chair, meeting=meeting, name="One more", affiliation="")


def test_a_guest_added_by_mistake_is_removed(chair: Person, group: Group) -> None:
    meeting = factories.running_meeting(group)
    guest = factories.guest(meeting)

    actions.remove_guest(actor=chair, guest=guest)
    actions.remove_guest(actor=chair, guest=guest)

    assert not meeting.guests.exists()
    assert Record.objects.filter(verb="guest_removed").count() == 1


def test_guests_do_not_count_for_the_quorum(chair: Person, group: Group) -> None:
    factories.charter(group, quorum="majority")
    meeting = factories.running_meeting(group)
    factories.guest(meeting)

    quorum = queries.quorum_of(meeting)

    assert quorum is not None
    assert (quorum.present, quorum.total) == (0, 1)


def test_approved_minutes_close_the_list(chair: Person, group: Group) -> None:
    meeting = factories.past_meeting(group)
    guest = factories.guest(meeting)
    factories.approve_minutes(meeting)

    with pytest.raises(WrongState, match="approved"):
        actions.add_guest(actor=chair, meeting=meeting, name="Late", affiliation="")
    with pytest.raises(WrongState, match="approved"):
        actions.remove_guest(actor=chair, guest=guest)


@pytest.mark.parametrize(
    "sql",
    [
        "DELETE FROM meetings_guest",
        "UPDATE meetings_guest SET name = 'Someone else'",
        "UPDATE meetings_guest SET affiliation = 'Elsewhere'",
        "INSERT INTO meetings_guest (uuid, meeting_id, name, affiliation, added_by_id, added_at)"
        " SELECT gen_random_uuid(), meeting_id, 'Late', '', added_by_id, now() FROM meetings_guest",
    ],
)
def test_nobody_changes_the_guests_of_approved_minutes_in_sql(group: Group, sql: str) -> None:
    meeting = factories.past_meeting(group)
    factories.guest(meeting)
    factories.approve_minutes(meeting)

    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


def test_a_name_is_erased_also_from_approved_minutes(secretary: Person, group: Group) -> None:
    meeting = factories.past_meeting(group)
    guest = factories.guest(meeting)
    factories.approve_minutes(meeting)

    actions.anonymise_guest(actor=secretary, guest=guest)

    guest.refresh_from_db()
    assert (guest.name, guest.affiliation) == ("", "Guild of Guests")
    assert guest.anonymised_by == secretary
    assert str(guest) == "Name removed"
    with pytest.raises(WrongState):
        actions.anonymise_guest(actor=secretary, guest=guest)


def test_staff_erase_where_they_read(group: Group, chair: Person) -> None:
    staff = factories.person("Sade Staff", staff=True)
    factories.membership(person=staff)
    open_group = factories.group("Open Tools", preset="open", chair=chair)

    guest = factories.guest(factories.past_meeting(open_group))
    actions.anonymise_guest(actor=staff, guest=guest)

    with pytest.raises(NotAllowed):
        actions.anonymise_guest(actor=staff, guest=factories.guest(factories.past_meeting(group)))


def test_members_erase_nothing(member: Person, group: Group) -> None:
    with pytest.raises(NotAllowed):
        actions.anonymise_guest(actor=member, guest=factories.guest(factories.past_meeting(group)))


@given(name=st.text(max_size=200), affiliation=st.text(max_size=200))
def test_no_text_breaks_the_list(name: str, affiliation: str) -> None:
    with transaction.atomic():
        chair = factories.member_of(factories.organization("Org of guests"), "Chair of guests")
        group = factories.group("Group of guests", chair=chair)
        meeting = factories.running_meeting(group)
        try:
            guest = actions.add_guest(
                actor=chair,
                meeting=meeting,
                name=name.replace("\0", "")[:120],
                affiliation=affiliation.replace("\0", "")[:160],
            )
        except Invalid:
            pass
        else:
            assert guest.name.strip()
        transaction.set_rollback(True)


def test_the_name_of_a_guest_who_was_removed_meanwhile_is_gone_already(
    chair: Person, secretary: Person, group: Group
) -> None:
    guest = factories.guest(factories.running_meeting(group))
    seen = Guest.objects.get(pk=guest.pk)
    actions.remove_guest(actor=secretary, guest=guest)

    with pytest.raises(WrongState, match="removed this guest"):
        actions.anonymise_guest(actor=chair, guest=seen)
