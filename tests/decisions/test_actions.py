import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from common.access import ANONYMOUS, Level, viewer_for
from common.errors import Conflict, Invalid, NotAllowed, WrongState
from common.links.models import Link
from common.record.models import Record
from common.search.models import SearchEntry
from notifications.content import contents_of
from notifications.models import Event
from notifications.registry import payload_of
from tests import factories
from tests.factories.times import ago, ahead
from tests.factories.works import decision
from workinggroups.decisions.markers import find_marker, unrecorded_markers
from workinggroups.decisions.models import Decision
from workinggroups.decisions.tally import Tally
from workinggroups.meetings.actions.notes import save_notes
from workinggroups.meetings.models import Meeting
from workinggroups.meetings.queries import latest_notes


def a_meeting(group, by, number=1):
    start = ago(hours=3)
    return Meeting.objects.create(
        group=group,
        level=Level.MEMBERS,
        uid=f"{group.slug}-{number}@testserver",
        number=number,
        title="Ordinary meeting",
        local_date=start.date(),
        local_time=start.time(),
        zone="UTC",
        starts_at=start,
        ends_at=ago(hours=2),
        created_by=by,
    )


def test_a_decision_stands_under_the_groups_next_number(chair, group):
    first = decision(chair, group)
    second = decision(chair, group, "Publish the notes")

    assert [first.number, second.number] == [1, 2]
    assert second.state == "standing"


def test_the_counts_are_kept(chair, group):
    made = decision(chair, group, method="two_thirds", counts=Tally(20, 10, 4))

    kept = Decision.objects.get(pk=made.pk)
    assert (kept.votes_for, kept.votes_against, kept.abstentions) == (20, 10, 4)


def test_a_result_that_does_not_carry_is_not_recorded(chair, group):
    with pytest.raises(Invalid):
        decision(chair, group, method="majority", counts=Tally(1, 1))

    assert not Decision.objects.exists()


def test_the_secretary_records_and_a_member_does_not(secretary, member, group):
    assert decision(secretary, group).number == 1

    with pytest.raises(NotAllowed):
        decision(member, group)


def test_staff_records_nothing_in_a_group(staff, group):
    with pytest.raises(NotAllowed):
        decision(staff, group)


def test_a_day_to_come_is_refused(chair, group):
    with pytest.raises(Invalid) as refusal:
        decision(chair, group, decided_at=ahead(days=1))

    assert refusal.value.field == "decided_on"


def test_a_meeting_of_another_group_is_refused(chair, group, outsider):
    other = a_meeting(factories.group("Elsewhere", chair=outsider), outsider)

    with pytest.raises(Invalid) as refusal:
        decision(chair, group, meeting=other)

    assert refusal.value.field == "meeting"


def test_a_line_of_the_notes_is_recorded_once_and_carries_the_number(chair, group):
    meeting = a_meeting(group, chair)
    notes = save_notes(actor=chair, meeting=meeting, base=0, source="decision: Meet on Fridays")
    marker = find_marker(meeting, f"{notes.number}:1")

    decision(chair, group, "Meet on Fridays", meeting=meeting, marker=marker)

    assert latest_notes(meeting).source == "decision: Meet on Fridays [D-1]"
    assert unrecorded_markers(latest_notes(meeting), meeting.decisions.all()) == []
    with pytest.raises(WrongState, match="already recorded as D-1"):
        decision(chair, group, "Again", meeting=meeting, marker=marker)


def test_a_decision_recorded_beside_its_line_takes_the_line_of_the_same_words(chair, group):
    meeting = a_meeting(group, chair)
    source = "decision: Meet on  Fridays.\n\ndecision: Twice\n\ndecision: Twice"
    save_notes(actor=chair, meeting=meeting, base=0, source=source)

    first = decision(chair, group, "meet on Fridays", meeting=meeting)
    decision(chair, group, "Twice", meeting=meeting)
    decision(chair, group, "Something else", meeting=meeting)

    assert first.source_line == "1:1"
    assert latest_notes(meeting).source.startswith("decision: Meet on  Fridays. [D-1]")
    # Which of two is meant, nobody knows.
    assert [
        source.marker.text
        for source in unrecorded_markers(latest_notes(meeting), meeting.decisions.all())
    ] == ["Twice", "Twice"]


def test_a_line_that_was_changed_meanwhile_is_not_recorded(chair, group):
    meeting = a_meeting(group, chair)
    notes = save_notes(actor=chair, meeting=meeting, base=0, source="decision: Meet on Fridays")
    marker = find_marker(meeting, f"{notes.number}:1")
    save_notes(actor=chair, meeting=meeting, base=1, source="decision: Meet on Mondays")

    with pytest.raises(Conflict):
        decision(chair, group, "Meet on Fridays", meeting=meeting, marker=marker)

    assert not Decision.objects.exists()


def test_a_line_comes_with_its_own_meeting(chair, group):
    meeting, other = a_meeting(group, chair), a_meeting(group, chair, number=2)
    notes = save_notes(actor=chair, meeting=meeting, base=0, source="decision: Meet on Fridays")
    marker = find_marker(meeting, f"{notes.number}:1")

    with pytest.raises(Invalid) as refusal:
        decision(chair, group, meeting=other, marker=marker)

    assert refusal.value.field == "meeting"


@pytest.mark.parametrize("key", ["", "1", "1:", ":1", "1:9", "9:1", "x:1", "1:x", "1:" + "9" * 40])
def test_a_key_that_names_no_line_finds_none(chair, group, key):
    meeting = a_meeting(group, chair)
    save_notes(actor=chair, meeting=meeting, base=0, source="decision: Meet on Fridays")

    assert find_marker(meeting, key) is None


def test_a_newer_decision_supersedes_an_older(chair, group):
    older = decision(chair, group)

    newer = decision(chair, group, "Meet on Fridays", replaces=older)

    older.refresh_from_db()
    assert (older.state, older.replaced_by) == ("superseded", newer)


def test_a_newer_decision_takes_an_older_back(chair, group):
    older = decision(chair, group)

    newer = decision(chair, group, "Do not meet", replaces=older, rescinds=True)

    older.refresh_from_db()
    assert (older.state, older.replaced_by) == ("rescinded", newer)


def test_what_no_longer_stands_cannot_be_replaced_again(chair, group):
    older = decision(chair, group)
    decision(chair, group, "Meet on Fridays", replaces=older)

    with pytest.raises(WrongState, match="no longer in force"):
        decision(chair, group, "Meet on Mondays", replaces=older)


def test_a_decision_of_another_group_cannot_be_replaced(chair, group, outsider):
    other = decision(outsider, factories.group("Elsewhere", chair=outsider))

    with pytest.raises(Invalid) as refusal:
        decision(chair, group, replaces=other)

    assert refusal.value.field == "replaces"


def test_a_charter_is_in_force_by_its_decision(chair, group):
    draft = factories.charter(group, state="draft")

    made = decision(chair, group, "Adopt the charter", charter_version=draft)

    draft.refresh_from_db()
    assert draft.state == "adopted"
    assert made.charter_version == draft


def test_the_adoption_of_a_charter_is_not_taken_back(chair, group):
    draft = factories.charter(group, state="draft")
    adoption = decision(chair, group, "Adopt the charter", charter_version=draft)

    with pytest.raises(WrongState, match="Adopt the next charter"):
        decision(chair, group, "Drop the charter", replaces=adoption, rescinds=True)


def test_a_concluded_group_records_nothing(chair, group):
    group.state = "concluded"
    group.save()

    with pytest.raises(WrongState):
        decision(chair, group)


def test_the_record_holds_ids_and_figures_and_no_words(chair, group):
    made = decision(
        chair, group, method="rough_consensus", counts=Tally(9, 1, 0), dissent="Odo was against."
    )

    facts = Record.objects.get(kind="decision", object_uuid=made.uuid).facts
    assert '"for":9' in facts
    assert '"has_dissent":true' in facts
    assert "Odo" not in facts


def test_a_decision_is_linked_to_its_meeting_and_to_what_it_supersedes(chair, group):
    meeting = a_meeting(group, chair)
    older = decision(chair, group)

    made = decision(chair, group, "Meet on Fridays", meeting=meeting, replaces=older)

    links = Link.objects.open().filter(from_uuid=made.uuid)
    assert {(link.relation, link.to_uuid) for link in links} == {
        ("taken_at", meeting.uuid),
        ("supersedes", older.uuid),
    }


def test_search_finds_it_for_those_who_may_read_it_and_nobody_else(chair, outsider, group):
    made = decision(chair, group, dissent="A lone voice")

    entries = SearchEntry.objects.filter(kind="decision", uuid=made.uuid)
    assert entries.visible_to(viewer_for(chair.pk)).count() == 1
    assert entries.visible_to(viewer_for(outsider.pk)).count() == 0
    assert entries.visible_to(ANONYMOUS).count() == 0


def test_members_hear_of_it_and_nobody_else(chair, member, observer, outsider, staff, group):
    made = decision(chair, group)

    event = Event.objects.get(kind="decision_recorded", ref__decision=made.pk)
    assert set(payload_of(event).recipients()) == {chair, member, observer}


def test_the_notification_is_shown_to_members_only(chair, member, outsider, group):
    decision(chair, group)
    event = Event.objects.get(kind="decision_recorded")

    contents = contents_of([event], viewer_for(member.pk))

    assert contents[event.pk].title == "Decided: Meet on Tuesdays"
    assert contents_of([event], viewer_for(outsider.pk)) == {}


@pytest.mark.parametrize("change", ["title = 'Other words'", "votes_for = 99, votes_against = 0"])
def test_the_database_refuses_to_change_a_decision(chair, group, change):
    made = decision(chair, group)

    with (
        pytest.raises(IntegrityError, match="refused"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"UPDATE decisions_decision SET {change} WHERE id = %s", [made.pk])


def test_the_database_refuses_to_delete_a_decision(chair, group):
    made = decision(chair, group)

    with pytest.raises(IntegrityError, match="refused"), transaction.atomic():
        Decision.objects.filter(pk=made.pk)._raw_delete("default")


def test_the_level_is_that_of_the_groups_content(outsider):
    wide = factories.group("Wide", preset="open", chair=outsider)
    narrow = factories.group("Narrow", preset="secret", chair=outsider)

    assert decision(outsider, wide).level == Level.ALLIANCE
    assert decision(outsider, narrow).level == Level.MEMBERS


def test_decided_at_is_now_unless_said(chair, group):
    before = timezone.now()

    assert decision(chair, group).decided_at >= before
