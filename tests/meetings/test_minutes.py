"""From notes to approved minutes: who, in which state, and what the record keeps."""

import json
from collections.abc import Callable
from datetime import timedelta
from hashlib import sha256

import pytest
from django.test import Client
from django.utils import timezone

from common.errors import Conflict, Invalid, NotAllowed, WrongState
from common.record.models import Record
from members.people.models import Person
from notifications.models import Event
from tests import factories
from tests.committed import together
from workinggroups.groups.models import Group
from workinggroups.meetings import actions
from workinggroups.meetings.models import Meeting


@pytest.fixture
def meeting(group):
    held = factories.past_meeting(group)
    factories.notes(held, "We met.")
    return held


def offered(actor, meeting, days=0) -> Meeting:
    return actions.offer_minutes(actor=actor, meeting=meeting, correction_days=days)


def approved(actor, meeting) -> Meeting:
    return actions.approve_minutes(actor=actor, meeting=offered(actor, meeting), seen=1)


@pytest.mark.django_db
def test_offered_minutes_are_a_draft_for_some_days(secretary, meeting):
    draft = offered(secretary, meeting, days=7)

    assert (draft.state, draft.minutes_state) == ("held", "draft")
    assert draft.corrections_until - draft.minutes_offered_at == timedelta(days=7)
    assert list(Event.objects.values_list("kind", flat=True)) == ["minutes_offered"]


@pytest.mark.django_db
def test_approved_minutes_are_recorded_with_their_checksum(chair, meeting):
    minutes = approved(chair, meeting)

    facts = json.loads(Record.objects.get(verb="minutes_approved").facts)
    sealed = minutes.sealed_minutes.get()
    digest = sha256(sealed.content.encode()).hexdigest()
    assert facts["sha256"] == minutes.minutes_sha256 == sealed.sha256 == digest
    assert facts["form"] == sealed.form == 2
    assert json.loads(sealed.content)["text"] == "We met."
    assert facts["revision"] == minutes.minutes_revision.number == 1
    assert (minutes.minutes_state, minutes.minutes_approved_by) == ("approved", chair)


ACTS = {
    "offer": lambda actor, meeting: actions.offer_minutes(
        actor=actor, meeting=meeting, correction_days=0
    ),
    "reopen": lambda actor, meeting: actions.reopen_notes(actor=actor, meeting=meeting),
    "approve": lambda actor, meeting: actions.approve_minutes(actor=actor, meeting=meeting, seen=1),
    "unlock": lambda actor, meeting: actions.unlock_minutes(
        actor=actor, meeting=meeting, reason="A wrong number"
    ),
    "ask": lambda actor, meeting: actions.ask_for_correction(
        actor=actor, meeting=meeting, text="Line 2"
    ),
    "note": lambda actor, meeting: actions.note_correction(
        actor=actor, meeting=meeting, text="Line 2"
    ),
}
# The state table of the actions, both ways: what leads where, and all else is refused.
LEADS_TO = {
    ("none", "offer"): "draft",
    ("draft", "reopen"): "none",
    ("draft", "approve"): "approved",
    ("draft", "ask"): "draft",
    ("approved", "unlock"): "draft",
    ("approved", "note"): "approved",
}


def in_state(meeting, chair, state) -> Meeting:
    if state == "draft":
        return offered(chair, meeting)
    return approved(chair, meeting) if state == "approved" else meeting


@pytest.mark.django_db
@pytest.mark.parametrize("state", ["none", "draft", "approved"])
@pytest.mark.parametrize("act", ACTS)
def test_each_act_in_each_state(state, act, chair, meeting):
    meeting = in_state(meeting, chair, state)

    if (state, act) in LEADS_TO:
        ACTS[act](chair, meeting)
        meeting.refresh_from_db()
        assert meeting.minutes_state == LEADS_TO[state, act]
    else:
        with pytest.raises(WrongState):
            ACTS[act](chair, meeting)


MAY = {
    "offer": {"chair", "co_chair", "secretary"},
    "reopen": {"chair", "co_chair", "secretary"},
    "approve": {"chair", "co_chair"},
    "unlock": {"chair", "co_chair"},
    "ask": {"chair", "co_chair", "secretary", "member"},
    "note": {"chair", "co_chair"},
}
FROM = {"offer": "none", "unlock": "approved", "note": "approved"}


@pytest.mark.django_db
@pytest.mark.parametrize(
    "who", ["chair", "co_chair", "secretary", "member", "observer", "outsider", "staff"]
)
@pytest.mark.parametrize("act", ACTS)
def test_who_may_do_which_act(who, act, chair, meeting, request):
    meeting = in_state(meeting, chair, FROM.get(act, "draft"))
    person = request.getfixturevalue(who)

    if who in MAY[act]:
        ACTS[act](person, meeting)
    else:
        with pytest.raises(NotAllowed):
            ACTS[act](person, meeting)


@pytest.mark.django_db
def test_the_time_for_corrections_runs_before_approval(chair, meeting):
    offered(chair, meeting, days=7)

    with pytest.raises(WrongState):
        actions.approve_minutes(actor=chair, meeting=meeting, seen=1)


@pytest.mark.django_db
def test_a_text_that_changed_meanwhile_is_not_approved_unread(chair, secretary, meeting):
    offered(chair, meeting)
    actions.save_notes(actor=secretary, meeting=meeting, base=1, source="We met twice.")

    with pytest.raises(Conflict):
        actions.approve_minutes(actor=chair, meeting=meeting, seen=1)


@pytest.mark.django_db
@pytest.mark.parametrize("days", [-1, 61])
def test_the_time_for_corrections_has_bounds(chair, meeting, days):
    with pytest.raises(Invalid):
        offered(chair, meeting, days=days)


@pytest.mark.django_db
def test_a_meeting_without_notes_or_to_come_has_no_minutes(chair, group):
    to_come = factories.meeting(group)
    factories.notes(to_come)

    for meeting in (factories.past_meeting(group), to_come):
        with pytest.raises(WrongState):
            offered(chair, meeting)


@pytest.mark.django_db
def test_unlocking_keeps_the_reason_and_what_was_approved(chair, meeting):
    minutes = approved(chair, meeting)

    actions.unlock_minutes(actor=chair, meeting=minutes, reason="A wrong number")

    minutes.refresh_from_db()
    assert (minutes.minutes_state, minutes.minutes_sha256) == ("draft", "")
    assert minutes.corrections.get().text == "A wrong number"
    facts = json.loads(Record.objects.get(verb="minutes_unlocked").facts)
    sealed = minutes.sealed_minutes.get()
    assert facts["sha256"] == sealed.sha256
    assert (sealed.unlocked_by, sealed.unlocked_reason) == (chair, "A wrong number")


@pytest.mark.django_db
def test_a_correction_is_a_dated_addition_on_behalf_of_an_organization(
    chair, organization, meeting
):
    minutes = approved(chair, meeting)

    note = actions.note_correction(actor=chair, meeting=minutes, text="Line 2 reads may.")

    assert (note.kind, note.organization) == ("note", organization)
    assert minutes.notes.get().source == "We met."


@pytest.mark.django_db
def test_minutes_are_late_three_weeks_after_the_meeting(group):
    now = timezone.now()
    late = factories.meeting(group, starts_at=now - timedelta(days=22))
    in_time = factories.meeting(group, starts_at=now - timedelta(days=20))
    cancelled = factories.meeting(group, starts_at=now - timedelta(days=22), state="cancelled")

    flags = [one.minutes_are_late for one in (late, in_time, cancelled)]

    assert flags == [True, False, False]
    assert list(Meeting.objects.minutes_late()) == [late]


def test_of_two_approvals_at_once_one_takes_effect(committed_db):
    chair = factories.member_of(factories.organization("Aurora Labs"))
    meeting = factories.past_meeting(factories.group(chair=chair))
    factories.notes(meeting)
    offered(chair, meeting)

    outcomes = together(
        *(
            lambda: actions.approve_minutes(actor=chair, meeting=Meeting.objects.get(), seen=1)
            for _person in range(2)
        )
    )

    assert sorted(type(one).__name__ for one in outcomes) == ["Meeting", "WrongState"]
    assert Record.objects.filter(verb="minutes_approved").count() == 1


def test_corrections_take_at_least_the_days_of_the_charter(
    client_of: Callable[..., Client], chair: Person, group: Group
) -> None:
    factories.charter(group, correction_days=10)
    meeting = factories.past_meeting(group)
    factories.notes(meeting, "We met.", author=chair)
    client, url = client_of(chair), f"/groups/{group.slug}/meetings/{meeting.number}/minutes/offer/"

    assert client.get(url).context["form"]["correction_days"].value() == 10
    refused = client.post(url, {"correction_days": 9})
    assert (refused.status_code, "The charter asks for at least 10 days." in refused.text) == (
        422,
        True,
    )
    assert client.post(url, {"correction_days": 10}).status_code == 302
