"""The page "In the meeting" and its state: what it shows whom, what it costs, what changes its tag."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from common.errors import NotAllowed, WrongState
from members.people.models import Person
from tests import factories
from workinggroups.groups.models import Group
from workinggroups.meetings import actions
from workinggroups.meetings.models import AgendaItem, Meeting, NotesConflict
from workinggroups.meetings.queries.live import LiveAgenda, LiveItem

pytestmark = pytest.mark.django_db

ClientOf = Callable[..., Client]


@pytest.fixture
def meeting(group: Group) -> Meeting:
    return factories.running_meeting(group)


def path(meeting: Meeting, name: str = "meeting-live", *more: object) -> str:
    return reverse(name, args=[meeting.group.slug, meeting.address, *more])


def in_browser(client: Client, meeting: Meeting, tag: str = "", **query: str) -> object:
    headers = {"If-None-Match": tag} if tag else {}
    return client.get(path(meeting, "meeting-live-state"), query, headers=headers)


# --- items of the agenda ------------------------------------------------------------------------


def test_one_item_runs_at_a_time(chair: Person, meeting: Meeting) -> None:
    first, second = (factories.agenda_item(meeting, title) for title in ("One", "Two"))

    actions.begin_item(actor=chair, item=first)
    actions.begin_item(actor=chair, item=first)
    actions.begin_item(actor=chair, item=second)

    first.refresh_from_db()
    second.refresh_from_db()
    assert first.ended_at is not None
    assert second.is_running
    meeting.refresh_from_db()
    assert meeting.state == "held"
    actions.end_item(actor=chair, item=second)
    actions.end_item(actor=chair, item=second)
    second.refresh_from_db()
    assert second.ended_at is not None


def test_an_item_taken_up_again_keeps_the_time_it_took(chair: Person, meeting: Meeting) -> None:
    item = factories.agenda_item(
        meeting, begun_at=factories.ago(minutes=9), ended_at=factories.ago(minutes=4), minutes=10
    )

    item = actions.begin_item(actor=chair, item=item)

    assert item.spent_seconds == 300
    shown = LiveItem(item, item.begun_at + timedelta(minutes=2))
    assert (shown.minutes_left, shown.is_over_time) == (3, False)
    late = LiveItem(item, item.begun_at + timedelta(minutes=8))
    assert (late.minutes_left, late.minutes_over, late.is_over_time) == (0, 3, True)


def test_officers_run_the_agenda_while_the_meeting_runs(
    chair: Person, member: Person, meeting: Meeting, group: Group
) -> None:
    item = factories.agenda_item(meeting)
    with pytest.raises(NotAllowed):
        actions.begin_item(actor=member, item=item)
    with pytest.raises(WrongState):
        actions.begin_item(actor=chair, item=factories.agenda_item(factories.past_meeting(group)))
    item.delete()
    item.pk = 0
    with pytest.raises(WrongState, match="removed"):
        actions.begin_item(actor=chair, item=item)


def agenda(count: int, running: int | None = None) -> LiveAgenda:
    now = timezone.now()
    items = []
    for place in range(count):
        is_begun = running is not None and place <= running
        items.append(
            AgendaItem(
                pk=place,
                position=place + 1,
                begun_at=now if is_begun else None,
                ended_at=now if is_begun and place != running else None,
            )
        )
    return LiveAgenda([LiveItem(item, now) for item in items])


def places(items: list[LiveItem]) -> list[int]:
    return [one.item.position for one in items]


def test_a_short_agenda_is_shown_whole() -> None:
    shown = agenda(8, running=6)

    assert (places(shown.before), len(shown.shown), places(shown.after)) == ([], 8, [])
    assert shown.following is not None
    assert shown.following.item.position == 8


@pytest.mark.parametrize("running", [None, 0, 30, 57, 59])
def test_a_long_agenda_is_shown_around_what_runs(running: int | None) -> None:
    shown = agenda(60, running)

    assert places([*shown.before, *shown.shown, *shown.after]) == list(range(1, 61))
    assert len(shown.shown) <= 5
    assert (running or 0) + 1 in places(shown.shown)


def test_after_the_last_item_none_follows() -> None:
    over = agenda(3, running=2)
    assert over.following is None
    assert agenda(3).following is not None


# --- the page -----------------------------------------------------------------------------------


def test_who_is_here_and_what_runs_is_on_one_page(
    client_of: ClientOf, chair: Person, member: Person, group: Group, meeting: Meeting
) -> None:
    factories.charter(group, quorum="number", quorum_number=1)
    organization = member.affiliations.get().organization
    factories.attendance(meeting, chair, organization=organization)
    factories.guest(meeting)
    item = factories.agenda_item(meeting, "The limit", minutes=20)
    actions.begin_item(actor=chair, item=item)
    factories.notes(meeting, "# The limit\n\ndecision: No limit.\n\naction: @Nobody asks again")

    shown = client_of(member).get(path(meeting)).text

    for words in (
        "Quorum: 1 of 1 that count, 1 needed",
        "20 minutes left",
        "Gwen Guest",
        "Nobody waits to speak.",
        "Decision, not recorded yet",
        "This is a meeting of competitors.",
        "Check in",
    ):
        assert words in shown, words
    for words in ("Next item", "Record as shown", "Add a guest", "Put someone on the list"):
        assert words not in shown, words


def test_officers_have_the_controls(
    client_of: ClientOf, chair: Person, member: Person, meeting: Meeting
) -> None:
    factories.agenda_item(meeting)
    factories.attendance(meeting, member)
    actions.raise_hand(actor=member, meeting=meeting)

    shown = client_of(chair).get(path(meeting)).text

    for words in (
        "Begin “Minutes of the last",
        "Record as shown",
        "Call the first",
        "Put someone on the list",
        "Record someone as present",
        "Add a guest",
        "Take notes",
    ):
        assert words in shown, words


def test_outside_its_time_the_page_is_that_of_the_meeting(
    client_of: ClientOf, member: Person, group: Group
) -> None:
    for closed in (
        factories.meeting(group),
        factories.past_meeting(group, starts_at=factories.ago(days=3)),
        factories.running_meeting(group, state="cancelled"),
    ):
        response = client_of(member).get(path(closed))
        assert (response.status_code, response["Location"]) == (302, closed.get_absolute_url())
        assert "In the meeting" not in client_of(member).get(closed.get_absolute_url()).text
        assert in_browser(client_of(member), closed).status_code == 200


def test_the_page_of_the_meeting_leads_there(
    client_of: ClientOf, member: Person, meeting: Meeting
) -> None:
    assert path(meeting) in client_of(member).get(meeting.get_absolute_url()).text


def test_a_meeting_that_is_over_shows_what_was_and_takes_claims(
    client_of: ClientOf, member: Person, group: Group
) -> None:
    meeting = factories.meeting(group, starts_at=factories.ago(hours=4))
    item = factories.agenda_item(meeting, begun_at=factories.ago(hours=4))

    shown = client_of(member).get(path(meeting)).text

    assert "I was there" in shown
    assert item.title in shown
    assert "data-live" not in shown
    client_of(member).post(path(meeting, "meeting-claim"))
    assert meeting.claims.count() == 1


def test_a_day_of_queue_by_forms_alone(
    client_of: ClientOf, chair: Person, member: Person, observer: Person, meeting: Meeting
) -> None:
    officer, speaker = client_of(chair), client_of(member)
    speaker.post(path(meeting, "meeting-check-in"), {"presence": "here"})
    client_of(observer).post(path(meeting, "meeting-check-in"), {"presence": "here"})
    speaker.post(path(meeting, "meeting-hand"), {"hand": "raise"})
    assert "You are number 1 on the list." in speaker.get(path(meeting)).text

    response = officer.post(path(meeting, "meeting-speaker-next"), {"after": ""})

    assert response["Location"] == path(meeting)
    shown = speaker.get(path(meeting)).text
    assert "You have the floor." in shown
    current = meeting.speakers.speaking().get()
    officer.post(path(meeting, "meeting-speaker-add"), {"person": str(observer.uuid)})
    officer.post(path(meeting, "meeting-speaker-next"), {"after": str(current.uuid)})
    assert meeting.speakers.speaking().get().person == observer
    officer.post(path(meeting, "meeting-speaker-close", meeting.speakers.speaking().get().uuid))
    assert not meeting.speakers.open().exists()


def test_a_wrong_hand_or_next_is_refused_in_words(
    client_of: ClientOf, chair: Person, member: Person, meeting: Meeting
) -> None:
    assert client_of(member).post(path(meeting, "meeting-hand")).status_code == 400
    answer = client_of(chair).post(path(meeting, "meeting-speaker-next"), {"after": "nobody"})
    assert (answer.status_code, "Reload the page" in answer.text) == (400, True)


def test_an_officer_records_one_more_person(
    client_of: ClientOf, chair: Person, member: Person, meeting: Meeting
) -> None:
    client = client_of(chair)

    assert client.post(path(meeting, "meeting-mark-present"), {"attendee": ""}).status_code == 422
    client.post(path(meeting, "meeting-mark-present"), {"attendee": str(member.uuid)})

    assert meeting.attendance.get().person == member
    assert client.get(path(meeting, "meeting-mark-present")).status_code == 200
    assert client.get(path(meeting, "meeting-speaker-add")).status_code == 200


# --- the notes ----------------------------------------------------------------------------------


def test_notes_are_written_on_the_page(
    client_of: ClientOf, member: Person, meeting: Meeting
) -> None:
    factories.agenda_item(meeting, "The limit")
    client = client_of(member)
    form = client.get(path(meeting) + "?write=1").text
    assert "# 1. The limit" in form

    response = client.post(
        path(meeting) + "?write=1", {"base": "0", "source": "# 1. The limit\n\nAgreed."}
    )

    assert response["Location"] == f"{path(meeting)}?write=1#notes"
    assert "Agreed." in client.get(path(meeting)).text


def test_of_two_texts_none_is_lost(
    client_of: ClientOf, chair: Person, member: Person, meeting: Meeting
) -> None:
    client_of(chair).post(path(meeting), {"base": "0", "source": "By the chair."})

    response = client_of(member).post(path(meeting), {"base": "0", "source": "By a member."})

    kept = NotesConflict.objects.get()
    assert kept.source == "By a member."
    assert response["Location"] == path(meeting, "notes-clash", kept.uuid)


def test_a_refused_text_comes_back(client_of: ClientOf, member: Person, meeting: Meeting) -> None:
    response = client_of(member).post(path(meeting), {"base": "0", "source": "   "})

    assert response.status_code == 422
    assert "There is nothing to save yet." in response.text


def test_a_text_is_saved_though_it_got_late(
    client_of: ClientOf, member: Person, group: Group
) -> None:
    meeting = factories.past_meeting(group, starts_at=factories.ago(days=3))

    response = client_of(member).post(path(meeting), {"base": "0", "source": "Typed for days."})

    assert response["Location"] == f"{meeting.get_absolute_url()}#notes"
    assert meeting.notes.get().source == "Typed for days."


def test_observers_write_no_notes(client_of: ClientOf, observer: Person, meeting: Meeting) -> None:
    client = client_of(observer)

    assert "<textarea" not in client.get(path(meeting) + "?write=1").text
    assert client.post(path(meeting), {"base": "0", "source": "Mine."}).status_code == 403


# --- the state that browsers ask for ------------------------------------------------------------


def test_nothing_new_is_a_304_and_costs_four_queries(
    client_of: ClientOf, member: Person, meeting: Meeting
) -> None:
    client = client_of(member)
    tag = in_browser(client, meeting)["ETag"]

    with CaptureQueriesContext(connection) as asked:
        response = in_browser(client, meeting, tag)

    assert (response.status_code, response.content) == (304, b"")
    assert response["Cache-Control"] == "private, no-cache"
    # The session, its person, the viewer, the meeting.
    assert len(asked) == 4, [query["sql"][:80] for query in asked]
    assert not [query for query in asked if not query["sql"].startswith(("SELECT", "EXECUTE"))]


@pytest.mark.parametrize(
    "act",
    [
        lambda chair, member, meeting: actions.check_in(actor=member, meeting=meeting),
        lambda chair, member, meeting: actions.answer_meeting(
            actor=member, meeting=meeting, is_coming=False
        ),
        lambda chair, member, meeting: actions.record_attendance(
            actor=chair, meeting=meeting, roster=[member.pk], present=[member.pk]
        ),
        lambda chair, member, meeting: actions.add_guest(
            actor=chair, meeting=meeting, name="Gwen", affiliation=""
        ),
        lambda chair, member, meeting: actions.show_competition_law(actor=chair, meeting=meeting),
        lambda chair, member, meeting: actions.add_agenda_item(
            actor=chair, meeting=meeting, title="One more"
        ),
        lambda chair, member, meeting: actions.begin_item(
            actor=chair, item=meeting.agenda.get(title="Waits")
        ),
        lambda chair, member, meeting: actions.end_item(
            actor=chair, item=meeting.agenda.get(title="Runs")
        ),
        lambda chair, member, meeting: actions.raise_hand(actor=chair, meeting=meeting),
        lambda chair, member, meeting: actions.call_next(actor=chair, meeting=meeting, after=None),
        lambda chair, member, meeting: actions.close_request(
            actor=chair, request=meeting.speakers.get()
        ),
        lambda chair, member, meeting: actions.undo_check_in(actor=chair, meeting=meeting),
        lambda chair, member, meeting: actions.remove_guest(
            actor=chair, guest=meeting.guests.get()
        ),
        lambda chair, member, meeting: actions.anonymise_guest(
            actor=chair, guest=meeting.guests.get()
        ),
        lambda chair, member, meeting: actions.save_notes(
            actor=member, meeting=meeting, base=0, source="We begin."
        ),
    ],
)
def test_every_act_changes_the_tag(
    client_of: ClientOf,
    chair: Person,
    member: Person,
    meeting: Meeting,
    act: Callable[[Person, Person, Meeting], object],
) -> None:
    actions.check_in(actor=chair, meeting=meeting)
    factories.agenda_item(meeting, "Waits")
    factories.agenda_item(meeting, "Runs", begun_at=factories.ago(minutes=1))
    factories.guest(meeting)
    speaker = factories.member_of(factories.organization("Org of Sam"), "Sam")
    factories.attendance(meeting, speaker)
    factories.speaker_request(meeting, speaker)
    client = client_of(member)
    tag = in_browser(client, meeting)["ETag"]
    assert in_browser(client, meeting, tag).status_code == 304

    act(chair, member, meeting)

    assert in_browser(client, meeting, tag).status_code == 200


def test_people_and_their_rights_have_tags_of_their_own(
    client_of: ClientOf, chair: Person, member: Person, observer: Person, meeting: Meeting
) -> None:
    tags = {in_browser(client_of(who), meeting)["ETag"] for who in (chair, member, observer)}

    assert len(tags) == 3


def test_the_notes_come_only_where_they_are_new(
    client_of: ClientOf, member: Person, meeting: Meeting
) -> None:
    factories.notes(meeting, "We begin.")
    client = client_of(member)

    assert 'id="live-notes"' in in_browser(client, meeting, notes="0").text
    assert 'id="live-notes"' not in in_browser(client, meeting, notes="1").text
    writing = in_browser(client, meeting, notes="0", write="1").text
    assert 'id="live-notes"' not in writing
    assert "saved the notes at" in writing
    assert "saved the notes at" not in in_browser(client, meeting, notes="1", write="1").text


@pytest.mark.parametrize("query", [{"notes": "x" * 3000}, {"notes": "\0"}, {"write": "perhaps"}])
def test_a_nonsense_question_has_an_answer(
    client_of: ClientOf, member: Person, meeting: Meeting, query: dict[str, str]
) -> None:
    assert in_browser(client_of(member), meeting, **query).status_code in {200, 400}


def crowd(group: Group, meeting: Meeting, first: int, last: int) -> None:
    for number in range(first, last):
        organization = factories.organization(f"Crowd {number}")
        person = factories.member_of(organization, f"Person {number}")
        factories.seat(group, person)
        factories.attendance(meeting, person, organization=organization)
        factories.speaker_request(meeting, person)
        factories.guest(meeting, f"Guest {number}")
        factories.agenda_item(meeting, f"Item {number}", presenter=person)


def test_the_page_costs_the_same_with_two_and_with_sixty_of_everything(
    client_of: ClientOf, chair: Person, group: Group, meeting: Meeting
) -> None:
    factories.charter(group, quorum="majority")
    factories.notes(meeting, "We begin.")
    client = client_of(chair)

    def counts() -> tuple[int, int]:
        meeting.live_version += 1
        meeting.save()
        client.get(path(meeting))
        with CaptureQueriesContext(connection) as page:
            client.get(path(meeting))
        with CaptureQueriesContext(connection) as state:
            in_browser(client, meeting)
        return len(page), len(state)

    crowd(group, meeting, 0, 2)
    with_two = counts()
    crowd(group, meeting, 2, 60)

    assert counts() == with_two
    assert with_two[0] <= 16
    assert with_two[1] <= 14


def test_a_page_of_a_large_meeting_is_not_large(
    client_of: ClientOf, chair: Person, group: Group, meeting: Meeting
) -> None:
    crowd(group, meeting, 0, 60)

    assert len(client_of(chair).get(path(meeting)).content) < 100_000
