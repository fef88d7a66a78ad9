"""Check-in, guests and claims on pages and through the API."""

from collections.abc import Callable

import pytest
from django.test import Client

from members.people.models import Person
from tests import factories
from tests.browser import queries_of
from workinggroups.groups.models import Group
from workinggroups.meetings import actions
from workinggroups.meetings.models import Attendance, Meeting

pytestmark = pytest.mark.django_db

ClientOf = Callable[..., Client]


def page(meeting: Meeting, rest: str = "") -> str:
    return f"/groups/{meeting.group.slug}/meetings/{meeting.number}/{rest}"


def test_a_person_checks_in_from_the_page_of_the_meeting(
    client_of: ClientOf, member: Person, group: Group
) -> None:
    meeting = factories.running_meeting(group)
    client = client_of(member)

    assert "Check in" in client.get(page(meeting)).text
    client.post(page(meeting, "check-in/"), {"presence": "here"})

    shown = client.get(page(meeting)).text
    assert "You are checked in." in shown
    assert "can't come" not in shown
    answer = client.post(page(meeting, "check-in/"), {"presence": "not_here"})
    assert answer.url == page(meeting)
    assert not Attendance.objects.filter(state="present").exists()


def test_undo_on_the_page_in_the_meeting_stays_there(
    client_of: ClientOf, member: Person, group: Group
) -> None:
    meeting = factories.running_meeting(group)
    client = client_of(member)
    client.post(page(meeting, "check-in/"), {"presence": "here"})

    answer = client.post(page(meeting, "check-in/"), {"presence": "not_here", "back": "live"})

    assert answer.url == page(meeting, "live/")


def test_officers_record_themselves_and_are_not_asked_to_claim(
    client_of: ClientOf, chair: Person, group: Group
) -> None:
    meeting = factories.past_meeting(group)
    client = client_of(chair)

    for where in ("", "live/", "attendance/"):
        shown = client.get(page(meeting, where), follow=True).text
        assert "I was there" not in shown
    assert "attendance/" in client.get(page(meeting)).text


def test_before_the_start_who_comes_and_who_is_here_are_counted_together(
    client_of: ClientOf, member: Person, chair: Person, group: Group
) -> None:
    meeting = factories.meeting(group, starts_at=factories.ahead(minutes=5))
    organization = member.affiliations.get().organization
    factories.attendance(meeting, chair, "coming", organization=organization)
    actions.check_in(actor=member, meeting=meeting)

    shown = client_of(member).get(page(meeting)).text

    assert "Who&#x27;s coming" in shown or "Who's coming" in shown
    assert "dashed" not in shown


def test_a_nonsense_check_in_is_refused_in_words(
    client_of: ClientOf, member: Person, group: Group
) -> None:
    meeting = factories.running_meeting(group)

    response = client_of(member).post(page(meeting, "check-in/"), {"presence": "maybe"})

    assert response.status_code == 400
    assert "Choose “Check in”" in response.text


def test_an_open_roll_does_not_undo_a_later_check_in(
    client_of: ClientOf, chair: Person, member: Person, group: Group
) -> None:
    meeting = factories.running_meeting(group)
    form = client_of(chair).get(page(meeting, "attendance/")).text
    seen_at = form.partition('name="seen_at" value="')[2].partition('"')[0]
    actions.check_in(actor=member, meeting=meeting)

    client_of(chair).post(
        page(meeting, "attendance/"), {"seen_at": seen_at, "present": str(chair.uuid)}
    )

    present = Attendance.objects.filter(state="present").values_list("person__name", flat=True)
    assert set(present) == {"Chiara Chair", "Mira Member"}


def test_an_officer_adds_and_removes_a_guest(
    client_of: ClientOf, chair: Person, member: Person, group: Group
) -> None:
    meeting = factories.running_meeting(group)
    client = client_of(chair)

    client.post(page(meeting, "attendance/guests/"), {"name": "Gwen", "affiliation": "Guild"})

    for rest in ("", "attendance/", "attendance/guests/"):
        assert "Gwen" in client_of(member).get(page(meeting, rest)).text
    guest = meeting.guests.get()
    gone = page(meeting, f"attendance/guests/{guest.uuid}/remove/")
    assert client.post(gone).status_code == 302
    assert client.post(gone).status_code == 302
    assert "No guests are listed." in client.get(page(meeting, "attendance/guests/")).text


def test_what_was_typed_of_a_guest_is_not_lost(
    client_of: ClientOf, chair: Person, group: Group
) -> None:
    meeting = factories.running_meeting(group)

    response = client_of(chair).post(
        page(meeting, "attendance/guests/"), {"name": "", "affiliation": "Guild of Guests"}
    )

    assert response.status_code == 422
    assert 'value="Guild of Guests"' in response.text


def test_a_name_is_erased_after_a_question(
    client_of: ClientOf, chair: Person, group: Group
) -> None:
    meeting = factories.past_meeting(group)
    guest = factories.guest(meeting)
    client, path = client_of(chair), page(meeting, f"attendance/guests/{guest.uuid}/name/")

    assert "You cannot undo this." in client.get(path).text
    client.post(path)

    shown = client.get(page(meeting, "attendance/guests/")).text
    assert "Gwen" not in shown
    assert "Name removed" in shown
    assert client.post(path).status_code == 409
    assert "already been removed" in client.get(path).text


def test_who_was_missed_says_so_and_an_officer_confirms(
    client_of: ClientOf, chair: Person, member: Person, group: Group
) -> None:
    meeting = factories.past_meeting(group)
    client = client_of(member)
    assert "I was there" in client.get(page(meeting)).text

    client.post(page(meeting, "attendance/claim/"))

    assert "still have to confirm it" in client.get(page(meeting)).text
    assert "They say they were there" not in client.get(page(meeting, "attendance/")).text
    officer = client_of(chair)
    assert "They say they were there" in officer.get(page(meeting, "attendance/")).text
    answer = page(meeting, f"attendance/claims/{meeting.claims.get().uuid}/")
    assert officer.get(answer).status_code == 200
    assert officer.post(answer, {"answer": "decline", "note": ""}).status_code == 422
    officer.post(answer, {"answer": "confirm"})
    assert "confirmed afterwards" in client.get(page(meeting, "attendance/")).text
    assert officer.post(answer, {"answer": "confirm"}).status_code == 409
    assert "Chiara Chair confirmed it" in officer.get(answer).text


def test_a_declined_claim_says_why(
    client_of: ClientOf, chair: Person, member: Person, group: Group
) -> None:
    meeting = factories.past_meeting(group)
    claim = actions.claim_attendance(actor=member, meeting=meeting)
    actions.answer_claim(actor=chair, claim=claim, is_confirmed=False, note="It was another day.")

    assert "It was another day." in client_of(member).get(page(meeting)).text


def test_a_claim_that_was_declined_notifies_nobody_again(
    client_of: ClientOf, chair: Person, member: Person, group: Group
) -> None:
    meeting = factories.past_meeting(group)
    claim = actions.claim_attendance(actor=member, meeting=meeting)
    actions.answer_claim(actor=chair, claim=claim, is_confirmed=False, note="Another day.")

    response = client_of(member).post(page(meeting, "attendance/claim/"), follow=True)

    assert "have been notified" not in response.text
    assert "Another day." in response.text


def test_after_approval_the_way_is_a_correction(
    client_of: ClientOf, member: Person, group: Group
) -> None:
    meeting = factories.past_meeting(group)
    factories.approve_minutes(meeting)

    shown = client_of(member).get(page(meeting, "attendance/")).text

    assert "I was there" not in shown
    assert "ask a chair to add a" in shown


def test_pages_cost_the_same_however_many_were_there(
    client_of: ClientOf, chair: Person, group: Group
) -> None:
    meeting = factories.past_meeting(group)
    factories.guest(meeting)
    missed = factories.member_of(factories.organization("Missed Labs"), "Missed 0")
    factories.seat(group, missed)
    factories.attendance_claim(meeting, missed)
    paths = [page(meeting), page(meeting, "attendance/"), page(meeting, "attendance/guests/")]
    before = {path: queries_of(client_of(chair), path) for path in paths}

    for number in range(1, 20):
        factories.guest(meeting, f"Guest {number}")
        person = factories.member_of(factories.organization(f"Labs {number}"), f"Missed {number}")
        factories.seat(group, person)
        factories.attendance_claim(meeting, person)

    assert {path: queries_of(client_of(chair), path) for path in paths} == before


# --- the API ------------------------------------------------------------------------------------


def api(meeting: Meeting, rest: str) -> str:
    return f"/api/v1/meetings/{meeting.uuid}/{rest}/"


def test_the_api_checks_in_and_tells_who_is_there(
    client_of: ClientOf, member: Person, group: Group
) -> None:
    meeting = factories.running_meeting(group)
    factories.guest(meeting)
    client = client_of(member)

    answer = client.post(api(meeting, "check-in"), {"here": True}, content_type="application/json")

    assert answer.json() == {"here": True}
    (row,) = client.get(api(meeting, "attendance")).json()["results"]
    assert row == {
        "person": {"uuid": str(member.uuid), "name": "Mira Member"},
        "organization": "aurora-labs",
        "state": "present",
        "how": "self",
    }
    (guest,) = client.get(api(meeting, "guests")).json()["results"]
    assert (guest["name"], guest["affiliation"]) == ("Gwen Guest", "Guild of Guests")
    client.post(api(meeting, "check-in"), {"here": False}, content_type="application/json")
    assert client.get(api(meeting, "attendance")).json()["results"][0]["state"] == "coming"


def test_the_api_takes_a_claim(client_of: ClientOf, member: Person, group: Group) -> None:
    meeting = factories.past_meeting(group)

    assert client_of(member).post(api(meeting, "claim")).json() == {"state": "open"}
    early = factories.running_meeting(group)
    assert client_of(member).post(api(early, "claim")).status_code == 409


def test_the_api_raises_and_lowers_a_hand(
    client_of: ClientOf, member: Person, group: Group
) -> None:
    meeting = factories.running_meeting(group)
    client, path = client_of(member), api(meeting, "hand")
    as_json = {"content_type": "application/json"}
    assert client.post(path, {"raised": True}, **as_json).status_code == 409
    actions.check_in(actor=member, meeting=meeting)

    assert client.post(path, {"raised": True}, **as_json).json() == {"raised": True}
    assert meeting.speakers.waiting().count() == 1
    assert client.post(path, {"raised": False}, **as_json).json() == {"raised": False}
    assert meeting.speakers.open().count() == 0


def test_the_api_tells_what_goes_on(
    client_of: ClientOf, chair: Person, member: Person, group: Group
) -> None:
    factories.charter(group, quorum="number", quorum_number=1)
    meeting = factories.running_meeting(group)
    item = factories.agenda_item(meeting)
    actions.check_in(actor=member, meeting=meeting)
    actions.raise_hand(actor=member, meeting=meeting)
    actions.begin_item(actor=chair, item=item)
    actions.show_competition_law(actor=chair, meeting=meeting)
    client = client_of(member)

    live = client.get(api(meeting, "live")).json()

    assert live.pop("competition_law_shown_at") is not None
    assert [one["person"]["name"] for one in live.pop("waiting")] == ["Mira Member"]
    assert live == {
        "phase": "running",
        "is_here": True,
        "people_present": 1,
        "quorum": {"present": 1, "total": 1, "needed": 1, "is_reached": True},
        "running_item": str(item.uuid),
        "speaking": None,
    }
    actions.call_next(actor=chair, meeting=meeting, after=None)
    live = client.get(api(meeting, "live")).json()
    assert live["speaking"]["person"]["name"] == "Mira Member"
    empty = client.get(api(factories.meeting(group), "live")).json()
    assert (empty["phase"], empty["running_item"], empty["competition_law_shown_at"]) == (
        "early", None, None,
    )  # fmt: skip
    assert client.get(api(meeting, "agenda")).json()["results"][0]["begun_at"] is not None
