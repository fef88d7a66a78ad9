"""The notice of competition law: shown by an officer, recorded, and never changed."""

from collections.abc import Callable

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client

from common.errors import NotAllowed, WrongState
from common.record.models import Record
from members.people.models import Person
from tests import factories
from tests.committed import together
from workinggroups.groups.models import Group
from workinggroups.meetings import actions, competition
from workinggroups.meetings.models import CompetitionNotice


@pytest.mark.django_db
@pytest.mark.parametrize("who", ["chair", "co_chair", "secretary"])
def test_an_officer_records_what_was_shown(
    group: Group, who: str, request: pytest.FixtureRequest
) -> None:
    meeting = factories.running_meeting(group)
    officer = request.getfixturevalue(who)

    shown = actions.show_competition_law(actor=officer, meeting=meeting)

    assert (shown.version, shown.text) == (competition.VERSION, str(competition.NOTICE))
    assert shown.shown_by == officer
    written = Record.objects.get(verb="competition_law_shown")
    assert '"version":1' in written.facts
    meeting.refresh_from_db()
    assert meeting.state == "held"


@pytest.mark.django_db
def test_the_first_time_counts(chair: Person, secretary: Person, group: Group) -> None:
    meeting = factories.running_meeting(group)
    first = actions.show_competition_law(actor=chair, meeting=meeting)

    second = actions.show_competition_law(actor=secretary, meeting=meeting)

    assert second == first
    assert Record.objects.filter(verb="competition_law_shown").count() == 1


@pytest.mark.django_db
def test_before_the_start_the_meeting_can_still_be_cancelled(chair: Person, group: Group) -> None:
    meeting = factories.meeting(group, starts_at=factories.ahead(minutes=5))

    actions.show_competition_law(actor=chair, meeting=meeting)

    meeting.refresh_from_db()
    assert meeting.state == "planned"


@pytest.mark.django_db
def test_it_is_recorded_while_the_meeting_runs(chair: Person, group: Group) -> None:
    with pytest.raises(WrongState):
        actions.show_competition_law(actor=chair, meeting=factories.past_meeting(group))
    with pytest.raises(WrongState):
        actions.show_competition_law(actor=chair, meeting=factories.meeting(group))


@pytest.mark.django_db
def test_members_record_nothing(member: Person, group: Group) -> None:
    with pytest.raises(NotAllowed):
        actions.show_competition_law(actor=member, meeting=factories.running_meeting(group))


@pytest.mark.django_db
@pytest.mark.parametrize("sql", ["SET version = 2", "SET text = 'Talk of prices.'", ""])
def test_nobody_changes_it_in_sql(chair: Person, group: Group, sql: str) -> None:
    actions.show_competition_law(actor=chair, meeting=factories.running_meeting(group))
    table = CompetitionNotice._meta.db_table

    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE {table} {sql}" if sql else f"DELETE FROM {table}")


def test_two_officers_at_once_record_it_once(committed_db: str) -> None:
    organization = factories.organization("Aurora Labs")
    chair = factories.member_of(organization, "Chiara Chair")
    group = factories.group("Trust Benchmarks", chair=chair)
    other = factories.member_of(organization, "Cora Cochair")
    factories.seat(group, other, office="co_chair")
    meeting = factories.running_meeting(group)

    outcomes = together(
        *(
            lambda actor=actor: actions.show_competition_law(actor=actor, meeting=meeting)
            for actor in (chair, other)
        )
    )

    assert outcomes[0] == outcomes[1] == CompetitionNotice.objects.get()


@pytest.mark.django_db
def test_the_page_offers_it_to_officers_and_shows_it_to_all(
    client_of: Callable[..., Client], chair: Person, member: Person, group: Group
) -> None:
    meeting = factories.running_meeting(group)
    page = meeting.get_absolute_url()
    assert "Record as shown" in client_of(chair).get(f"{page}live/").text
    assert "Record as shown" not in client_of(member).get(f"{page}live/").text

    client_of(chair).post(f"{page}competition-law/")

    assert "Record as shown" not in client_of(chair).get(f"{page}live/").text
    assert "Competition-law notice shown" in client_of(member).get(f"{page}live/").text
    assert "Chiara Chair showed the notice at the meeting on" in client_of(member).get(page).text
