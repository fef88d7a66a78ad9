"""Items that people propose for an agenda, and what becomes of them."""

from datetime import timedelta

import pytest
from django.utils import timezone

from common.access import viewer_for
from common.errors import Conflict, Invalid, NotAllowed, WrongState
from common.record.models import Record
from members.people.models import Person
from notifications.models import Event
from notifications.registry import payload_of
from tests import factories
from workinggroups.groups.models import Group
from workinggroups.meetings import actions
from workinggroups.meetings.choices import (
    AGENDA_MAX_ITEMS,
    AGENDA_TEXT_MAX_CHARACTERS,
    PROPOSALS_OPEN_EACH,
)
from workinggroups.meetings.models import AgendaProposal, Meeting, MeetingSeries

pytestmark = pytest.mark.django_db


@pytest.fixture
def meeting(group: Group) -> Meeting:
    return factories.meeting(group)


def notified(name: str) -> list[set[str]]:
    """Return the names of the recipients of each event of this type."""
    events = Event.objects.filter(kind=name).order_by("pk")
    return [{person.name for person in payload_of(event).recipients()} for event in events]


def read_by(person: Person, name: str) -> tuple[str, str]:
    """Return title and detail of the last notification of this type as the person reads it."""
    payload = payload_of(Event.objects.filter(kind=name).latest("pk"))
    viewer = viewer_for(person.pk)
    content = payload.content(type(payload).find_targets([payload], viewer)[payload], viewer)
    assert content is not None
    return content.title, content.detail


def titles(meeting: Meeting) -> list[str]:
    return [f"{item.position} {item.title}" for item in meeting.agenda.all()]


def verbs() -> list[str]:
    return list(Record.objects.filter(verb__contains="propos").values_list("verb", flat=True))


def later_in(series: MeetingSeries, days: int = 14) -> Meeting:
    """The next meeting of the series."""
    first = series.meetings.order_by("-starts_at")[0]
    return factories.meeting(
        series.group,
        series.title,
        starts_at=first.starts_at + timedelta(days=days),
        series=series,
        in_series="extra",
    )


def ended(meeting: Meeting) -> Meeting:
    """The meeting, which is over now."""
    meeting.starts_at = factories.ago(hours=3)
    meeting.ends_at = factories.ago(hours=2)
    meeting.save()
    return meeting


# --- proposing ---------------------------------------------------------------------------------


def test_a_participant_proposes_an_item_and_the_officers_are_notified(
    chair: Person, secretary: Person, member: Person, observer: Person, meeting: Meeting
) -> None:
    proposal = actions.propose_item(
        actor=member, meeting=meeting, title=" Licences ", minutes=15, text="Which *ones*?"
    )

    assert (proposal.title, proposal.minutes, proposal.state) == ("Licences", 15, "open")
    assert "<em>ones</em>" in proposal.html
    assert proposal.organization is not None
    assert notified("agenda_item_proposed") == [{chair.name, secretary.name}]
    assert read_by(chair, "agenda_item_proposed")[0] == "Mira Member proposes an item: Licences"
    assert verbs() == ["item_proposed"]
    assert titles(meeting) == []


@pytest.mark.parametrize("who", ["observer", "outsider", "staff"])
def test_who_writes_nothing_in_the_group_proposes_nothing(
    who: str, meeting: Meeting, request: pytest.FixtureRequest
) -> None:
    with pytest.raises(NotAllowed):
        actions.propose_item(actor=request.getfixturevalue(who), meeting=meeting, title="X")


@pytest.mark.parametrize(
    ("details", "field"),
    [
        ({"title": "  "}, "title"),
        ({"title": "x" * 161}, "title"),
        ({"title": "X", "minutes": 0}, "minutes"),
        ({"title": "X", "minutes": 1441}, "minutes"),
        ({"title": "X", "text": "x" * (AGENDA_TEXT_MAX_CHARACTERS + 1)}, "text"),
    ],
)
def test_what_an_agenda_cannot_have_is_refused_at_its_field(
    member: Person, meeting: Meeting, details: dict[str, object], field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        actions.propose_item(actor=member, meeting=meeting, **details)  # type: ignore[arg-type]

    assert refused.value.field == field


def test_nothing_is_proposed_for_a_closed_agenda(member: Person, group: Group) -> None:
    for closed in (
        factories.meeting(group, state="cancelled"),
        factories.past_meeting(group),
    ):
        with pytest.raises(WrongState):
            actions.propose_item(actor=member, meeting=closed, title="X")


def test_a_concluded_group_takes_no_proposals(member: Person, group: Group) -> None:
    meeting = factories.meeting(group)
    proposal = factories.agenda_proposal(meeting, member)
    group.state = "concluded"
    group.save()

    with pytest.raises(WrongState):
        actions.propose_item(actor=member, meeting=meeting, title="X")
    with pytest.raises(WrongState):
        actions.withdraw_proposal(actor=member, proposal=proposal)


def test_a_running_meeting_still_takes_proposals(member: Person, group: Group) -> None:
    """One without a series: a later agenda is not known."""
    meeting = factories.running_meeting(group)

    assert actions.propose_item(actor=member, meeting=meeting, title="Late").meeting == meeting


@pytest.mark.parametrize("state", ["running", "over", "cancelled"])
def test_in_a_series_what_comes_late_is_for_the_next_meeting(
    member: Person, group: Group, state: str
) -> None:
    series = factories.meeting_series(group)
    first = series.meetings.get()
    second = later_in(series)
    later_in(series)
    assert actions.propose_item(actor=member, meeting=first, title="In time").meeting == first

    if state == "over":
        ended(first)
    elif state == "running":
        start = timezone.now() - timedelta(minutes=5)
        Meeting.objects.filter(pk=first.pk).update(
            starts_at=start, ends_at=start + timedelta(hours=1)
        )
    else:
        Meeting.objects.filter(pk=first.pk).update(state="cancelled")
    first.refresh_from_db()

    proposal = actions.propose_item(actor=member, meeting=first, title="Late")
    assert proposal.meeting == second
    assert proposal.moved_from is None


def test_one_person_cannot_fill_the_list(member: Person, chair: Person, meeting: Meeting) -> None:
    for _each in range(PROPOSALS_OPEN_EACH):
        own = factories.agenda_proposal(meeting, member)

    with pytest.raises(WrongState, match="wait for an answer"):
        actions.propose_item(actor=member, meeting=meeting, title="One more")

    actions.withdraw_proposal(actor=member, proposal=own)
    actions.propose_item(actor=member, meeting=meeting, title="One more")


# --- the author's changes ----------------------------------------------------------------------


def test_the_author_edits_until_it_is_answered(
    member: Person, chair: Person, meeting: Meeting
) -> None:
    proposal = factories.agenda_proposal(meeting, member)

    edited = actions.edit_proposal(
        actor=member, proposal=proposal, version=1, title="Better", minutes=None, text="*So*"
    )

    assert (edited.title, edited.version) == ("Better", 2)
    assert "<em>" in edited.html
    with pytest.raises(Conflict):
        actions.edit_proposal(actor=member, proposal=proposal, version=1, title="Other tab")
    actions.decline_proposal(actor=chair, proposal=proposal, reason="No time.")
    with pytest.raises(WrongState, match="already been answered"):
        actions.edit_proposal(actor=member, proposal=proposal, version=2, title="Too late")


@pytest.mark.parametrize("who", ["chair", "secretary", "observer", "outsider"])
def test_nobody_else_edits_or_withdraws_it(
    who: str, member: Person, meeting: Meeting, request: pytest.FixtureRequest
) -> None:
    proposal = factories.agenda_proposal(meeting, member)
    other = request.getfixturevalue(who)

    with pytest.raises(NotAllowed):
        actions.edit_proposal(actor=other, proposal=proposal, version=1, title="Mine")
    with pytest.raises(NotAllowed):
        actions.withdraw_proposal(actor=other, proposal=proposal)


def test_a_withdrawn_proposal_is_not_accepted(
    member: Person, chair: Person, meeting: Meeting
) -> None:
    proposal = factories.agenda_proposal(meeting, member)
    actions.withdraw_proposal(actor=member, proposal=proposal)

    with pytest.raises(WrongState, match="withdrawn"):
        actions.accept_proposal(actor=chair, proposal=proposal, version=1)
    assert titles(meeting) == []
    assert notified("agenda_proposal_answered") == []
    assert verbs() == ["proposal_withdrawn"]


# --- the answer --------------------------------------------------------------------------------


def test_an_accepted_proposal_is_an_item_at_the_end_credited_to_its_author(
    member: Person, secretary: Person, meeting: Meeting
) -> None:
    factories.agenda_item(meeting, "Minutes")
    proposal = factories.agenda_proposal(meeting, member, "Licences", text="*Which?*", minutes=15)

    item = actions.accept_proposal(
        actor=secretary, proposal=proposal, version=1, minutes=10, presenter=member, goal="decide"
    )

    assert titles(meeting) == ["1 Minutes", "2 Licences"]
    item.refresh_from_db()
    assert (item.proposed_by, item.presenter, item.minutes, item.goal) == (
        member, member, 10, "decide",
    )  # fmt: skip
    assert (item.source, item.html) == (proposal.source, proposal.html)
    proposal.refresh_from_db()
    assert (proposal.state, proposal.item, proposal.closed_by) == ("accepted", item, secretary)
    assert notified("agenda_proposal_answered") == [{"Mira Member"}]
    assert read_by(member, "agenda_proposal_answered")[0] == (
        "Sefa Secretary put your item on the agenda: Licences"
    )
    assert verbs() == ["proposal_accepted"]
    assert notified("agenda_item_proposed") == []


def test_it_is_placed_where_the_officer_chooses(
    member: Person, chair: Person, meeting: Meeting
) -> None:
    items = [factories.agenda_item(meeting, name) for name in ("a", "b", "c")]
    proposal = factories.agenda_proposal(meeting, member, "new")

    actions.accept_proposal(actor=chair, proposal=proposal, version=1, before=items[1].uuid)

    assert titles(meeting) == ["1 a", "2 new", "3 b", "4 c"]


def test_a_place_that_is_gone_is_refused_and_nothing_happens(
    member: Person, chair: Person, meeting: Meeting
) -> None:
    item = factories.agenda_item(meeting, "a")
    proposal = factories.agenda_proposal(meeting, member, "new")
    actions.remove_agenda_item(actor=chair, item=item)

    with pytest.raises(Invalid) as refused:
        actions.accept_proposal(actor=chair, proposal=proposal, version=1, before=item.uuid)

    assert refused.value.field == "before"
    assert titles(meeting) == []
    proposal.refresh_from_db()
    assert proposal.is_open


def test_an_officer_accepts_what_they_have_read(
    member: Person, chair: Person, meeting: Meeting
) -> None:
    proposal = factories.agenda_proposal(meeting, member)
    actions.edit_proposal(actor=member, proposal=proposal, version=1, title="Something else")

    with pytest.raises(Conflict, match="Mira Member changed"):
        actions.accept_proposal(actor=chair, proposal=proposal, version=1)


def test_accepting_begins_the_agenda_with_its_template(
    member: Person, chair: Person, group: Group
) -> None:
    series = factories.meeting_series(group)
    factories.template_item(series, "Welcome")
    meeting = series.meetings.get()
    proposal = factories.agenda_proposal(meeting, member, "new")

    actions.accept_proposal(actor=chair, proposal=proposal, version=1)

    assert titles(meeting) == ["1 Welcome", "2 new"]


def test_a_full_agenda_takes_no_more(member: Person, chair: Person, meeting: Meeting) -> None:
    for number in range(AGENDA_MAX_ITEMS):
        factories.agenda_item(meeting, f"Item {number}")
    proposal = factories.agenda_proposal(meeting, member)

    with pytest.raises(Invalid):
        actions.accept_proposal(actor=chair, proposal=proposal, version=1)
    proposal.refresh_from_db()
    assert proposal.is_open


def test_declining_needs_a_reason_which_the_author_reads(
    member: Person, chair: Person, meeting: Meeting
) -> None:
    proposal = factories.agenda_proposal(meeting, member, "Licences")
    with pytest.raises(Invalid) as refused:
        actions.decline_proposal(actor=chair, proposal=proposal, reason="  ")
    assert refused.value.field == "reason"

    actions.decline_proposal(actor=chair, proposal=proposal, reason="Decided in May.")

    assert read_by(member, "agenda_proposal_answered") == (
        "Chiara Chair declined your item: Licences",
        "Decided in May.",
    )
    assert verbs() == ["proposal_declined"]
    with pytest.raises(WrongState, match="already been answered"):
        actions.accept_proposal(actor=chair, proposal=proposal, version=1)


@pytest.mark.parametrize("who", ["member", "observer", "outsider", "staff"])
def test_only_officers_answer(
    who: str, member: Person, meeting: Meeting, request: pytest.FixtureRequest
) -> None:
    proposal = factories.agenda_proposal(meeting, member)
    other = request.getfixturevalue(who)

    with pytest.raises(NotAllowed):
        actions.accept_proposal(actor=other, proposal=proposal, version=1)
    with pytest.raises(NotAllowed):
        actions.decline_proposal(actor=other, proposal=proposal, reason="No.")


def test_after_the_meeting_it_can_be_declined_and_not_accepted(
    member: Person, chair: Person, group: Group
) -> None:
    proposal = factories.agenda_proposal(factories.past_meeting(group), member)

    with pytest.raises(WrongState, match="over"):
        actions.accept_proposal(actor=chair, proposal=proposal, version=1)
    actions.decline_proposal(actor=chair, proposal=proposal, reason="We ran out of time.")


def test_a_removed_item_leaves_the_answer(member: Person, chair: Person, meeting: Meeting) -> None:
    proposal = factories.agenda_proposal(meeting, member)
    item = actions.accept_proposal(actor=chair, proposal=proposal, version=1)

    actions.remove_agenda_item(actor=chair, item=item)

    proposal.refresh_from_db()
    assert (proposal.state, proposal.item) == ("accepted", None)


# --- who sees it -------------------------------------------------------------------------------


@pytest.mark.parametrize("preset", ["open", "listed", "closed", "secret"])
def test_only_the_people_of_the_group_see_proposals(
    preset: str, chair: Person, outsider: Person, staff: Person, stranger: Person
) -> None:
    group = factories.group("Other benchmarks", preset=preset, chair=chair)
    meeting = factories.meeting(group)
    factories.agenda_proposal(meeting, chair)

    def sees(person: Person | None) -> bool:
        viewer = viewer_for(person.pk if person else None)
        return AgendaProposal.objects.visible_to(viewer).exists()

    assert sees(chair)
    assert not any(sees(person) for person in (outsider, staff, stranger, None))


def test_who_left_the_group_is_not_notified(
    member: Person, chair: Person, group: Group, meeting: Meeting
) -> None:
    proposal = factories.agenda_proposal(meeting, member)
    actions.decline_proposal(actor=chair, proposal=proposal, reason="No.")
    group.participations.filter(person=member).update(
        during=(factories.ago(days=9), factories.ago(days=1))
    )

    assert notified("agenda_proposal_answered") == [set()]


# --- moving on ---------------------------------------------------------------------------------


def test_what_nobody_answered_moves_to_the_next_meeting_of_the_series(
    member: Person, chair: Person, group: Group
) -> None:
    series = factories.meeting_series(group)
    first = series.meetings.get()
    second = later_in(series)
    later_in(series)
    waiting = factories.agenda_proposal(first, member, "waiting")
    declined = factories.agenda_proposal(first, member, "declined")
    actions.decline_proposal(actor=chair, proposal=declined, reason="No.")
    assert actions.move_open_proposals() == 0

    ended(first)

    assert actions.move_open_proposals() == 1
    assert actions.move_open_proposals() == 0
    waiting.refresh_from_db()
    declined.refresh_from_db()
    assert (waiting.meeting, waiting.moved_from, waiting.state) == (second, first, "open")
    assert declined.meeting == first
    with pytest.raises(WrongState, match="moved"):
        actions.accept_proposal(
            actor=chair, proposal=AgendaProposal(pk=waiting.pk, meeting=first), version=1
        )
    actions.accept_proposal(actor=chair, proposal=waiting, version=1)
    assert titles(second) == ["1 waiting"]


def test_a_cancelled_meeting_hands_its_proposals_on_at_once(
    member: Person, chair: Person, group: Group
) -> None:
    series = factories.meeting_series(group)
    first, second = series.meetings.get(), later_in(series)
    proposal = factories.agenda_proposal(second, member)
    third = later_in(series)

    actions.cancel_meeting(actor=chair, meeting=second, reason="Holiday")

    proposal.refresh_from_db()
    assert (proposal.meeting, proposal.moved_from) == (third, second)
    assert first.proposals.count() == 0


def test_without_a_next_meeting_it_stays_as_not_answered(
    member: Person, chair: Person, group: Group
) -> None:
    alone = factories.meeting(group)
    proposal = factories.agenda_proposal(alone, member)
    factories.meeting(group, starts_at=factories.ahead(days=9))

    actions.cancel_meeting(actor=chair, meeting=alone, reason="Holiday")

    assert actions.move_open_proposals() == 0
    proposal.refresh_from_db()
    assert (proposal.meeting, proposal.state) == (alone, "open")


def test_an_ended_series_keeps_them(member: Person, chair: Person, group: Group) -> None:
    series = factories.meeting_series(group)
    first = series.meetings.get()
    later_in(series)
    proposal = factories.agenda_proposal(first, member)

    actions.end_series(actor=chair, series=series, reason="Done")

    assert actions.move_open_proposals() == 0
    proposal.refresh_from_db()
    assert proposal.meeting == first


def test_a_series_that_goes_on_by_another_rule_is_the_same_one(
    member: Person, group: Group
) -> None:
    before = factories.meeting_series(group)
    after = factories.meeting_series(
        group, continues=before, first_on=factories.ahead(days=9).date()
    )
    turn = factories.meeting_series(group, first_on=factories.ahead(days=11).date())
    proposal = factories.agenda_proposal(ended(before.meetings.get()), member)

    actions.move_open_proposals()

    proposal.refresh_from_db()
    assert proposal.meeting == after.meetings.get()
    assert actions.next_meeting_of(before) == after.meetings.get()
    rotation = "0190a0e0-0000-7000-8000-000000000001"
    MeetingSeries.objects.filter(pk__in=[after.pk, turn.pk]).update(rotation=rotation)
    ended(after.meetings.get())
    actions.move_open_proposals()
    proposal.refresh_from_db()
    assert proposal.meeting == turn.meetings.get()


def test_a_series_without_a_coming_meeting_has_no_next_one(group: Group) -> None:
    series = factories.meeting_series(group)
    ended(series.meetings.get())

    with pytest.raises(WrongState, match="No meeting of this series"):
        actions.next_meeting_of(series)


def test_carrying_over_takes_as_many_queries_for_many_meetings(
    member: Person, group: Group, django_assert_max_num_queries: object
) -> None:
    series = factories.meeting_series(group)
    meetings = [later_in(series) for _each in range(5)]
    factories.agenda_proposal(meetings[0], member)
    Meeting.objects.filter(pk__in=[one.pk for one in meetings]).update(
        starts_at=timezone.now() - timedelta(hours=3), ends_at=timezone.now() - timedelta(hours=2)
    )

    with django_assert_max_num_queries(8):  # type: ignore[operator]
        assert actions.move_open_proposals() == 1
