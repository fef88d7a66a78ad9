"""Pages and API on which people propose items for an agenda, and officers answer."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from members.people.models import Person
from tests import factories
from tests.meetings.test_proposals import ended, later_in
from workinggroups.groups.models import BreakGlassRead, Group
from workinggroups.meetings import actions
from workinggroups.meetings.models import AgendaProposal, Meeting

pytestmark = pytest.mark.django_db
Browser = Callable[..., Client]
API = "/api/v1/agenda-proposals/"


@pytest.fixture
def meeting(group: Group) -> Meeting:
    return factories.meeting(group)


def at(name: str, meeting: Meeting, *more: object) -> str:
    return reverse(name, args=[meeting.group.slug, meeting.address, *more])


def words(response: Any) -> str:
    return " ".join(response.content.decode().split())


def test_a_member_proposes_edits_and_withdraws(
    client_of: Browser, member: Person, chair: Person, meeting: Meeting
) -> None:
    mine, officer = client_of(member), client_of(chair)
    new = at("agenda-proposal-new", meeting)
    assert new in words(mine.get(meeting.get_absolute_url()))
    assert mine.get(new).status_code == 200

    refused = mine.post(new, {"title": "", "minutes": "15", "text": "Which ones?"})
    assert (refused.status_code, "Which ones?" in words(refused)) == (422, True)
    mine.post(new, {"title": "Licences", "minutes": "15", "text": "Which ones?"})
    proposal = AgendaProposal.objects.get()

    agenda = words(officer.get(at("meeting-agenda", meeting)))
    assert "Licences" in agenda
    assert "asks for 15 minutes" in agenda
    assert at("agenda-proposal-answer", meeting, proposal.uuid) in agenda
    assert at("agenda-proposal-withdraw", meeting, proposal.uuid) not in agenda
    assert "1 proposed item" in words(officer.get(meeting.get_absolute_url()))

    edit = at("agenda-proposal-edit", meeting, proposal.uuid)
    assert 'value="Licences"' in words(mine.get(edit))
    mine.post(edit, {"title": "Licences of test data", "text": "", "version": "1"})
    proposal.refresh_from_db()
    assert (proposal.title, proposal.minutes, proposal.version) == (
        "Licences of test data",
        None,
        2,
    )

    mine.post(at("agenda-proposal-withdraw", meeting, proposal.uuid))
    assert "Withdrawn" in words(mine.get(at("meeting-agenda", meeting)))
    assert "withdrawn in the meantime" in words(
        mine.post(at("agenda-proposal-withdraw", meeting, proposal.uuid))
    )
    assert "Withdrawn" in words(mine.get(edit))


def test_an_officer_puts_it_on_the_agenda_where_they_choose(
    client_of: Browser, member: Person, chair: Person, meeting: Meeting
) -> None:
    item = factories.agenda_item(meeting, "Minutes")
    proposal = factories.agenda_proposal(meeting, member, "Licences", minutes=15)
    officer, url = client_of(chair), at("agenda-proposal-answer", meeting, proposal.uuid)
    form = officer.get(url).context["form"]
    assert (form["minutes"].value(), str(form["presenter"].value())) == (15, str(member.uuid))
    assert "Before 1. Minutes" in words(officer.get(url))

    answer = {"answer": "accept", "before": str(item.uuid), "goal": "discuss", "version": "1"}
    answered = officer.post(url, answer)

    assert answered.status_code == 302
    assert [each.title for each in meeting.agenda.all()] == ["Licences", "Minutes"]
    shown = words(client_of(member).get(meeting.get_absolute_url()))
    assert "proposed by Mira Member" in shown
    agenda = words(client_of(member).get(at("meeting-agenda", meeting)))
    assert "Accepted" in agenda
    assert "Answered by Chiara Chair" in agenda
    assert "already been answered" in words(officer.post(url, answer))
    assert "Save answer" not in words(officer.get(url))


def test_who_presents_what_they_proposed_is_named_once(
    client_of: Browser, member: Person, chair: Person, meeting: Meeting
) -> None:
    proposal = factories.agenda_proposal(meeting, member)
    actions.accept_proposal(actor=chair, proposal=proposal, version=1, presenter=member)

    for person in (member, chair):
        assert "proposed by" not in words(client_of(person).get(at("meeting-agenda", meeting)))


def test_a_refused_answer_keeps_what_was_typed(
    client_of: Browser, member: Person, chair: Person, meeting: Meeting
) -> None:
    item = factories.agenda_item(meeting)
    proposal = factories.agenda_proposal(meeting, member)
    officer, url = client_of(chair), at("agenda-proposal-answer", meeting, proposal.uuid)

    nameless = officer.post(url, {"answer": "decline", "goal": "discuss", "version": "1"})
    assert (nameless.status_code, "Give a reason" in words(nameless)) == (422, True)
    item.delete()
    gone = officer.post(
        url,
        {
            "answer": "accept",
            "before": str(item.uuid),
            "goal": "decide",
            "reason": "Typed before",
            "version": "1",
        },
    )
    assert gone.status_code == 422
    assert "no longer on the agenda" in words(gone)
    assert "Typed before" in words(gone)
    actions.edit_proposal(actor=member, proposal=proposal, version=1, title="Something else")
    changed = officer.post(url, {"answer": "accept", "goal": "decide", "version": "1"})
    assert changed.status_code == 409
    assert "Read it again" in words(changed)


def test_a_declined_item_says_why(
    client_of: Browser, member: Person, chair: Person, observer: Person, meeting: Meeting
) -> None:
    proposal = factories.agenda_proposal(meeting, member)

    client_of(chair).post(
        at("agenda-proposal-answer", meeting, proposal.uuid),
        {"answer": "decline", "goal": "discuss", "reason": "Decided in May.", "version": "1"},
    )

    for person in (member, observer):
        shown = words(client_of(person).get(at("meeting-agenda", meeting)))
        assert "Declined" in shown
        assert "Decided in May." in shown


def test_readers_outside_the_group_see_the_agenda_without_proposals(
    client_of: Browser, outsider: Person, chair: Person
) -> None:
    group = factories.group("Open benchmarks", preset="open", chair=chair)
    meeting = factories.meeting(group)
    proposal = factories.agenda_proposal(meeting, chair, "Licences")
    other = client_of(outsider)

    for page in (at("meeting-agenda", meeting), meeting.get_absolute_url()):
        shown = words(other.get(page))
        assert "Licences" not in shown
        assert "Proposed items" not in shown
        assert "proposed item" not in shown
    assert other.get(at("agenda-proposal-answer", meeting, proposal.uuid)).status_code == 404
    assert other.get(at("agenda-proposal-new", meeting)).status_code == 403
    assert other.get(f"{API}{proposal.uuid}/").status_code == 404
    assert other.get(API).json()["results"] == []


def test_what_was_not_answered_says_so(
    client_of: Browser, member: Person, chair: Person, group: Group
) -> None:
    meeting = ended(factories.meeting(group))
    proposal = factories.agenda_proposal(meeting, member)
    officer = client_of(chair)

    assert "Not answered in time" in words(client_of(member).get(at("meeting-agenda", meeting)))
    assert "is closed" in words(client_of(member).get(at("agenda-proposal-new", meeting)))
    url = at("agenda-proposal-answer", meeting, proposal.uuid)
    assert "Put it on the agenda" not in words(officer.get(url))
    officer.post(url, {"answer": "decline", "reason": "No time.", "version": "1"})
    proposal.refresh_from_db()
    assert proposal.state == "declined"


def test_a_link_from_before_leads_to_the_meeting_to_which_it_moved(
    client_of: Browser, member: Person, chair: Person, group: Group
) -> None:
    series = factories.meeting_series(group)
    first, second = series.meetings.get(), later_in(series)
    proposal = factories.agenda_proposal(first, member, "Licences")
    stays = factories.agenda_proposal(second, member)
    actions.cancel_meeting(actor=chair, meeting=first, reason="Holiday")
    officer, url = client_of(chair), at("agenda-proposal-answer", first, proposal.uuid)

    page = officer.get(url)

    assert page.context["meeting"] == second
    assert "moved on from" in words(officer.get(at("meeting-agenda", second)))
    officer.post(url, {"answer": "accept", "goal": "discuss", "version": "1"})
    assert [item.title for item in second.agenda.all()] == ["Licences"]
    assert officer.get(at("agenda-proposal-answer", first, stays.uuid)).status_code == 404


def test_the_page_of_a_series_leads_to_the_next_agenda(
    client_of: Browser, member: Person, observer: Person, group: Group
) -> None:
    series = factories.meeting_series(group)
    link = at("agenda-proposal-new", series.meetings.get())

    assert link in words(client_of(member).get(series.get_absolute_url()))
    assert link not in words(client_of(observer).get(series.get_absolute_url()))


@pytest.mark.parametrize("page", ["meeting-agenda", "meeting"])
def test_pages_take_as_many_queries_for_many_proposals(
    client_of: Browser, member: Person, chair: Person, meeting: Meeting, page: str
) -> None:
    browser, url = client_of(chair), at(page, meeting)

    def queries(count: int) -> int:
        for _each in range(count):
            factories.agenda_proposal(meeting, member)
            accepted = factories.agenda_proposal(meeting, member)
            actions.accept_proposal(actor=chair, proposal=accepted, version=1)
        browser.get(url)
        with CaptureQueriesContext(connection) as captured:
            browser.get(url)
        return len(captured)

    assert queries(1) == queries(5)


# --- the API -----------------------------------------------------------------------------------


def test_members_propose_edit_and_withdraw_by_api(
    client_of: Browser, member: Person, observer: Person, chair: Person, meeting: Meeting
) -> None:
    client, json = client_of(member), {"content_type": "application/json"}
    body = {"agenda_of": str(meeting.uuid), "title": "Licences", "minutes": 15, "text": "*Which?*"}

    created = client.post(API, body, **json)
    assert created.status_code == 201
    own = created.json()
    assert (own["meeting"], own["state"], own["author"]["name"]) == (
        str(meeting.uuid), "open", "Mira Member",
    )  # fmt: skip
    one = f"{API}{own['uuid']}/"
    edited = client.put(one, {"title": "Better", "version": 1}, **json)
    assert (edited.json()["title"], edited.json()["text"], edited.json()["version"]) == (
        "Better", "", 2,
    )  # fmt: skip
    assert client.put(one, {"title": "Again", "version": 1}, **json).status_code == 409
    assert client_of(chair).put(one, {"title": "X", "version": 2}, **json).status_code == 403
    assert client_of(observer).post(API, body, **json).status_code == 403
    listed = client_of(observer).get(API, {"meeting": str(meeting.uuid), "state": "open"})
    assert [each["title"] for each in listed.json()["results"]] == ["Better"]
    assert client.post(f"{one}withdraw/").json()["state"] == "withdrawn"
    assert client.post(f"{one}withdraw/").status_code == 409


def test_for_the_next_meeting_of_a_series_by_api(
    client_of: Browser, member: Person, observer: Person, group: Group
) -> None:
    client, json = client_of(member), {"content_type": "application/json"}
    series = factories.meeting_series(group)
    meeting = series.meetings.get()

    body = {"agenda_of": str(series.uuid), "title": "Licences"}

    assert client.post(API, body, **json).json()["meeting"] == str(meeting.uuid)

    assert client.post(API, {"title": "X"}, **json).status_code == 400
    unknown = {"agenda_of": "0190a0e0-0000-7000-8000-000000000001", "title": "X"}
    assert client.post(API, unknown, **json).status_code == 404
    ended(meeting)
    assert client.post(API, body, **json).status_code == 409
    assert client_of(observer).post(API, body, **json).status_code == 403


def test_the_api_names_who_proposed_an_item(
    client_of: Browser, member: Person, chair: Person, meeting: Meeting
) -> None:
    proposal = factories.agenda_proposal(meeting, member)
    item = actions.accept_proposal(actor=chair, proposal=proposal, version=1)
    client = client_of(member)

    agenda = client.get(f"/api/v1/meetings/{meeting.uuid}/agenda/").json()["results"]
    shown = client.get(f"{API}{proposal.uuid}/").json()

    assert agenda[0]["proposed_by"]["name"] == "Mira Member"
    assert (shown["state"], shown["item"]) == ("accepted", str(item.uuid))


def test_what_staff_read_of_an_opened_group_is_logged(
    client_of: Browser, member: Person, staff: Person, group: Group, meeting: Meeting
) -> None:
    proposal = factories.agenda_proposal(meeting, member)
    factories.break_glass(group, staff)

    assert client_of(staff).get(f"{API}{proposal.uuid}/").status_code == 200

    logged = BreakGlassRead.objects.values_list("address", flat=True)
    assert list(logged) == [at("meeting-agenda", meeting)]


def test_the_page_says_that_an_item_is_for_the_next_meeting(
    client_of: Browser, member: Person, group: Group
) -> None:
    series = factories.meeting_series(group)
    first = series.meetings.get()
    second = later_in(series)
    client = client_of(member)
    assert "for the next one" not in words(client.get(at("agenda-proposal-new", first)))
    ended(first)

    assert "Propose an item" in words(client.get(at("meeting-agenda", first)))
    page = words(client.get(at("agenda-proposal-new", first)))
    assert "This meeting is over." in page
    assert "Your item is proposed for the next one" in page
    answer = client.post(at("agenda-proposal-new", first), {"title": "Late", "once": ""})

    proposal = AgendaProposal.objects.get()
    assert proposal.meeting == second
    assert answer.status_code == 302
    assert second.address in answer.url
