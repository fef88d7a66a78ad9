"""Pages of the minutes say why a step cannot be taken, and show no form that would be refused."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from common.errors import WrongState
from members.people.models import Person
from tests import factories
from tests.meetings.test_minutes_clock import (
    RULES,
    answered,
    asked,
    at,
    in_state,
    offered,
    reload,
    take,
    under,
)
from workinggroups.groups.models import Group
from workinggroups.meetings import actions
from workinggroups.meetings.actions.minutes_steps import STEPS, why_not
from workinggroups.meetings.models import Correction, Meeting

pytestmark = pytest.mark.django_db


def page(client: Client, name: str, meeting: Meeting, *more: object) -> str:
    response = client.get(reverse(name, args=[meeting.group.slug, meeting.address, *more]))
    assert response.status_code == 200
    text: str = response.text
    return " ".join(text[text.index("<main") : text.index("</main>")].split())


def has_form(text: str) -> bool:
    """Tell whether the page has a form of its own, beside none of the frame."""
    return 'method="post"' in text


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("state", ["none", "draft", "approved"])
@pytest.mark.parametrize("name", STEPS)
def test_why_not_says_what_the_step_would(
    name: str, state: str, rule: str, chair: Person, group: Group
) -> None:
    meeting, later = in_state(state, rule, chair, group)
    words = why_not(name, meeting)

    if name == "become_final":
        return
    if words:
        with pytest.raises(WrongState) as refused:
            take(name, chair, meeting, later)
        assert refused.value.message == words
    else:
        take(name, chair, meeting, later)


# --- approving ---------------------------------------------------------------------------------


def test_where_the_charter_makes_minutes_final_nobody_is_offered_to_approve_them(
    client_of: Callable[..., Client], chair: Person, member: Person, group: Group
) -> None:
    meeting = offered(chair, under(group))
    correction = asked(member, meeting)
    end = meeting.corrections_until
    assert end is not None

    during = page(client_of(chair), "minutes-approve", meeting)
    with at(end + timedelta(hours=1)):
        waiting = page(client_of(chair), "minutes-approve", meeting)
        Correction.objects.filter(pk=correction.pk).update(in_time=False)
        final = page(client_of(chair), "minutes-approve", meeting)
    answered(chair, correction)
    with at(end + timedelta(hours=1)):
        actions.make_due_final()
        approved = page(client_of(chair), "minutes-approve", reload(meeting))

    assert "Participants can ask for corrections until" in during
    assert "Then the minutes become final, by the charter" in during
    assert "once every correction requested in time has an answer" in waiting
    assert "The minutes become final within a minute." in final
    assert "Approved minutes." in approved
    assert "by the rules of" in approved
    for text in (during, waiting, final, approved):
        assert not has_form(text)
        assert "Approve minutes</button>" not in text


def test_the_api_says_when_they_become_final(
    client_of: Callable[..., Client], chair: Person, member: Person, group: Group
) -> None:
    meeting = offered(chair, under(group))
    correction = asked(member, meeting)
    url = f"/api/v1/meetings/{meeting.uuid}/minutes/"
    assert meeting.corrections_until is not None

    draft = client_of(member).get(url).json()
    answered(chair, correction)
    after = client_of(member).get(url).json()
    with at(meeting.corrections_until):
        actions.make_due_final()
    approved = client_of(member).get(url).json()

    assert draft["becomes_final_at"] == draft["corrections_until"] is not None
    assert (draft["unanswered_in_time"], after["unanswered_in_time"]) == (1, 0)
    assert approved["becomes_final_at"] is None


@pytest.mark.parametrize("rule", ["none", "next_meeting"])
def test_the_api_promises_no_moment_where_people_approve(
    client_of: Callable[..., Client], chair: Person, group: Group, rule: str
) -> None:
    meeting, _later = in_state("draft", rule, chair, group)

    answer = client_of(chair).get(f"/api/v1/meetings/{meeting.uuid}/minutes/").json()

    assert answer["becomes_final_at"] is None


def test_a_chair_approves_where_no_rule_does(
    client_of: Callable[..., Client], chair: Person, group: Group
) -> None:
    meeting, _later = in_state("draft", "none", chair, group)

    assert "Approve minutes</button>" in page(client_of(chair), "minutes-approve", meeting)

    actions.approve_minutes(actor=chair, meeting=meeting, seen=1)
    text = page(client_of(chair), "minutes-approve", reload(meeting))
    assert f"{chair.name} approved revision 1" in text
    assert not has_form(text)


def test_a_later_meeting_approves_once_all_requests_in_time_have_an_answer(
    client_of: Callable[..., Client], chair: Person, member: Person, group: Group
) -> None:
    meeting = offered(chair, under(group, "next_meeting"))
    correction = asked(member, meeting)
    factories.meeting(group, "Later", starts_at=timezone.now() + timedelta(days=8))

    with at(timezone.now() + timedelta(days=8, hours=1)):
        delayed = page(client_of(chair), "minutes-approve", meeting)
        answered(chair, correction)
        ready = page(client_of(chair), "minutes-approve", meeting)

    assert "A requested correction has no answer yet." in delayed
    assert "Record the approval</button>" not in delayed
    assert "Record the approval</button>" in ready


@pytest.mark.parametrize("rule", RULES)
def test_notes_that_were_not_offered_cannot_be_approved(
    client_of: Callable[..., Client], chair: Person, group: Group, rule: str
) -> None:
    meeting = under(group, rule)

    text = page(client_of(chair), "minutes-approve", meeting)

    assert "The notes have not been offered as minutes yet." in text
    assert not has_form(text)


# --- answering ---------------------------------------------------------------------------------


def answer_page(client: Client, meeting: Meeting, correction: Correction) -> str:
    return page(client, "correction-answer", meeting, correction.uuid)


def test_after_approval_a_request_without_answer_can_be_answered_no_more(
    client_of: Callable[..., Client], chair: Person, member: Person, group: Group
) -> None:
    meeting = offered(chair, under(group, "none"), 0)
    correction = asked(member, meeting)
    assert has_form(answer_page(client_of(chair), meeting, correction))
    actions.approve_minutes(actor=chair, meeting=meeting, seen=1)

    text = answer_page(client_of(chair), meeting, correction)

    assert "was not answered before the minutes were approved" in text
    assert f"{chair.name} approved revision 1" in text
    assert not has_form(text)
    posted = client_of(chair).post(
        reverse("correction-answer", args=[group.slug, meeting.address, correction.uuid]),
        {"answer": "declined", "note": "The booking says otherwise."},
    )
    assert posted.status_code == 409
    assert "The booking says otherwise." in posted.text


def test_an_answered_request_shows_who_answered_and_when(
    client_of: Callable[..., Client], chair: Person, member: Person, group: Group
) -> None:
    meeting = offered(chair, under(group))
    correction = answered(chair, asked(member, meeting))

    text = answer_page(client_of(chair), meeting, correction)

    assert "Line 2 now says so." in text
    assert f"Answered by {chair.name}" in text
    assert not has_form(text)


def other_states(chair: Person, meeting: Meeting) -> dict[str, tuple[Callable[[], Any], str]]:
    return {
        "reopened": (
            lambda: actions.reopen_notes(actor=chair, meeting=meeting),
            "The notes have not been offered as minutes yet.",
        ),
        "final within a minute": (
            lambda: Meeting.objects.filter(pk=meeting.pk).update(
                corrections_until=factories.ago(hours=1)
            ),
            "The minutes become final within a minute.",
        ),
        "cancelled": (
            lambda: Meeting.objects.filter(pk=meeting.pk).update(
                state="cancelled", minutes_state="none"
            ),
            "This meeting was cancelled.",
        ),
    }


@pytest.mark.parametrize("state", ["reopened", "final within a minute", "cancelled"])
def test_in_any_other_state_the_page_says_what_happened(
    client_of: Callable[..., Client], chair: Person, member: Person, group: Group, state: str
) -> None:
    meeting = offered(chair, under(group))
    correction = asked(member, meeting)
    # Of after the time: it delays nothing.
    Correction.objects.filter(pk=correction.pk).update(in_time=False)
    change, words = other_states(chair, meeting)[state]
    change()

    text = answer_page(client_of(chair), reload(meeting), correction)

    assert words in text
    assert not has_form(text)


# --- the other forms ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "name", "words"),
    [
        ("draft", "minutes-offer", "Draft minutes."),
        ("approved", "minutes-offer", "Approved minutes."),
        ("none", "minutes-unlock", "These minutes have not been approved yet."),
        ("draft", "minutes-unlock", "Draft minutes."),
        ("none", "minutes-correct", "The notes have not been offered as minutes yet."),
    ],
)
def test_a_page_whose_act_would_be_refused_says_so(
    client_of: Callable[..., Client],
    chair: Person,
    group: Group,
    state: str,
    name: str,
    words: str,
) -> None:
    meeting, _later = in_state(state, "none", chair, group)

    text = page(client_of(chair), name, meeting)

    assert words in text
    assert not has_form(text)


def test_minutes_can_be_offered_once_there_is_something_to_offer(
    client_of: Callable[..., Client], chair: Person, group: Group
) -> None:
    coming, empty = factories.meeting(group), factories.past_meeting(group)

    early = page(client_of(chair), "minutes-offer", coming)
    without = page(client_of(chair), "minutes-offer", empty)

    assert "You can offer minutes once the meeting has begun." in early
    assert "There are no notes yet. Write them first." in without
    assert not has_form(early)
    assert not has_form(without)


def test_a_request_after_the_time_for_corrections_is_told_so(
    client_of: Callable[..., Client], chair: Person, member: Person, group: Group
) -> None:
    meeting = offered(chair, under(group))
    asked(member, meeting)
    words = "The time for corrections is over: the minutes may be approved before"

    assert words not in page(client_of(member), "minutes-correct", meeting)
    Meeting.objects.filter(pk=meeting.pk).update(corrections_until=factories.ago(hours=1))
    assert words in page(client_of(member), "minutes-correct", meeting)


@pytest.mark.parametrize(("rule", "is_said"), [("none", False), ("by_rule", True)])
def test_unlocking_says_whether_there_is_a_new_time_for_corrections(
    client_of: Callable[..., Client], chair: Person, group: Group, rule: str, is_said: bool
) -> None:
    meeting, _later = in_state("approved", rule, chair, group)

    text = page(client_of(chair), "minutes-unlock", meeting)

    assert ("Participants get a new time" in text) is is_said


def test_the_page_of_a_draft_that_is_final_within_a_minute_offers_nothing_that_is_refused(
    client_of: Callable[..., Client], chair: Person, group: Group
) -> None:
    meeting = offered(chair, under(group))
    before = page(client_of(chair), "meeting", meeting)
    Meeting.objects.filter(pk=meeting.pk).update(corrections_until=factories.ago(hours=1))

    text = page(client_of(chair), "meeting", meeting)

    for button in ("Ask for a correction", "Reopen notes", "Continue editing"):
        assert button in before
        assert button not in text
    assert "The minutes become final within a minute." in text
