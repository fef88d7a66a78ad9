"""Minutes with a clock: final by the charter, or approved at the next meeting; corrections answered."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from common.errors import Conflict, Invalid, NotAllowed, WrongState
from common.record.models import Record
from common.times import since
from demo.clock import Clock, set_back
from members.people.models import Person
from notifications.models import Event
from tests import factories
from tests.committed import together
from tests.factories.files import attached
from workinggroups.decisions.actions import record_decision
from workinggroups.groups.choices import GroupState
from workinggroups.groups.models import Group
from workinggroups.meetings import actions, tasks
from workinggroups.meetings.actions.minutes_steps import STEPS
from workinggroups.meetings.models import AgendaItem, Correction, Meeting, NotesRevision
from workinggroups.meetings.sealing import checksum

BY_RULE = {"minutes_rule": "by_rule", "correction_days": 7}
RULES: dict[str, dict[str, Any]] = {
    "none": {},
    "by_rule": BY_RULE,
    "next_meeting": {"minutes_rule": "next_meeting"},
}


def under(group: Group, rule: str = "by_rule") -> Meeting:
    """A meeting that is over, with notes, of a group whose charter has this rule for minutes."""
    factories.charter(group, **RULES[rule])
    meeting = factories.past_meeting(group)
    factories.notes(meeting, "We met.")
    return meeting


def offered(actor: Person, meeting: Meeting, days: int = 7) -> Meeting:
    return actions.offer_minutes(actor=actor, meeting=meeting, correction_days=days)


def reload(meeting: Meeting) -> Meeting:
    return Meeting.objects.select_related("group").get(pk=meeting.pk)


def at(moment: datetime | None) -> Any:
    assert moment is not None
    return set_back(Clock(moment))


def asked(member: Person, meeting: Meeting, text: str = "Line 2 is wrong.") -> Correction:
    return actions.ask_for_correction(actor=member, meeting=meeting, text=text)


def answered(actor: Person, correction: Correction, answer: str = "taken_up") -> Correction:
    return actions.answer_correction(
        actor=actor, correction=correction, answer=answer, note="Line 2 now says so."
    )


# --- the table: state, step, who, effect, notification ------------------------------------------


def take(step: str, actor: Person, meeting: Meeting, later: Meeting) -> object:
    correction = meeting.corrections.filter(kind="asked").first()
    match step:
        case "offer":
            return offered(actor, meeting, 7)
        case "reopen":
            return actions.reopen_notes(actor=actor, meeting=meeting)
        case "ask":
            return asked(actor, meeting)
        case "answer":
            assert correction is not None
            return answered(actor, correction)
        case "approve":
            return actions.approve_minutes(actor=actor, meeting=meeting, seen=1)
        case "approve_at":
            return actions.approve_at_meeting(actor=actor, meeting=meeting, at=later, seen=1)
        case "become_final":
            return actions.make_final(meeting)
        case "note":
            return actions.note_correction(actor=actor, meeting=meeting, text="Line 2.")
        case "unlock":
            return actions.unlock_minutes(actor=actor, meeting=meeting, reason="A number.")
    raise AssertionError(step)


def in_state(state: str, rule: str, chair: Person, group: Group) -> tuple[Meeting, Meeting]:
    """The meeting with minutes in this state, a late request among them, and a later meeting."""
    meeting = under(group, rule)
    later = factories.meeting(group, "Later", starts_at=timezone.now() - timedelta(hours=1))
    Correction.objects.create(
        meeting=meeting, kind="asked", author=chair, text="Late.", in_time=False
    )
    if state == "none":
        return meeting, later
    offered(chair, meeting)
    Meeting.objects.filter(pk=meeting.pk).update(corrections_until=factories.ago(hours=1))
    meeting = reload(meeting)
    if state == "approved":
        step = {"none": "approve", "by_rule": "become_final", "next_meeting": "approve_at"}[rule]
        take(step, chair, meeting, later)
    elif rule == "by_rule":
        # One request in time waits; else the draft would be final.
        Correction.objects.create(
            meeting=meeting, kind="asked", author=chair, text="In time.", in_time=True
        )
    return reload(meeting), later


TAKEN = {
    "offer": {"chair", "co_chair", "secretary"},
    "reopen": {"chair", "co_chair", "secretary"},
    "ask": {"chair", "co_chair", "secretary", "member"},
    "answer": {"chair", "co_chair", "secretary"},
    "approve": {"chair", "co_chair"},
    "approve_at": {"chair", "co_chair", "secretary"},
    "note": {"chair", "co_chair"},
    "unlock": {"chair", "co_chair"},
}


@pytest.mark.django_db
@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("state", ["none", "draft", "approved"])
@pytest.mark.parametrize("name", STEPS)
def test_each_step_in_each_state_under_each_rule(
    name: str, state: str, rule: str, chair: Person, group: Group
) -> None:
    meeting, later = in_state(state, rule, chair, group)
    step = STEPS[name]
    before = Event.objects.count()
    leads = state == step.start and (step.rules is None or rule in step.rules)

    if name == "become_final":
        # While a request in time waits, the rule waits too.
        assert take(name, chair, meeting, later) is None
        if leads:
            Correction.objects.filter(in_time=True).update(in_time=False)
            assert take(name, chair, meeting, later) is not None
    elif leads:
        take(name, chair, meeting, later)
    else:
        with pytest.raises(WrongState):
            take(name, chair, meeting, later)

    assert reload(meeting).minutes_state == (step.end if leads else state)
    kinds = list(Event.objects.order_by("pk").values_list("kind", flat=True)[before:])
    assert kinds == ([step.notified.name] if leads and step.notified else [])


@pytest.mark.django_db
@pytest.mark.parametrize(
    "who", ["chair", "co_chair", "secretary", "member", "observer", "outsider", "staff"]
)
@pytest.mark.parametrize("name", TAKEN)
def test_who_takes_which_step(
    name: str, who: str, chair: Person, group: Group, request: pytest.FixtureRequest
) -> None:
    rule = "next_meeting" if name == "approve_at" else "none"
    meeting, later = in_state(STEPS[name].start, rule, chair, group)
    person = request.getfixturevalue(who)

    if who in TAKEN[name]:
        take(name, person, meeting, later)
    else:
        with pytest.raises(NotAllowed):
            take(name, person, meeting, later)


# --- final by rule -----------------------------------------------------------------------------


@pytest.mark.django_db
def test_minutes_become_final_at_the_end_of_the_time_for_corrections(
    secretary: Person, group: Group
) -> None:
    meeting = offered(secretary, under(group))
    end = meeting.corrections_until
    assert end is not None

    with at(end - timedelta(microseconds=1)):
        assert tasks.make_minutes_final() == 0
    with at(end):
        assert tasks.make_minutes_final() == 1
    with at(end + timedelta(hours=5)):
        assert tasks.make_minutes_final() == 0

    minutes = reload(meeting)
    assert (minutes.minutes_state, minutes.minutes_approved_by) == ("approved", None)
    assert minutes.minutes_approved_at == end
    row = Record.objects.get(verb="minutes_approved")
    facts = json.loads(row.facts)
    assert row.actor_uuid is None
    assert minutes.minutes_charter is not None
    assert (facts["rule"], facts["charter"]) == ("by_rule", str(minutes.minutes_charter.uuid))
    assert Event.objects.filter(kind="minutes_approved").count() == 1


@pytest.mark.django_db
def test_a_late_worker_makes_them_final_as_of_the_end(chair: Person, group: Group) -> None:
    meeting = offered(chair, under(group))
    assert meeting.corrections_until is not None

    with at(meeting.corrections_until + timedelta(hours=9)):
        actions.make_due_final()

    assert reload(meeting).minutes_approved_at == meeting.corrections_until


@pytest.mark.django_db
def test_nothing_changes_a_draft_that_is_final_before_the_worker_comes(
    chair: Person, member: Person, group: Group
) -> None:
    meeting = offered(chair, under(group))
    assert meeting.corrections_until is not None

    with at(meeting.corrections_until):
        for act in (
            lambda: actions.save_notes(actor=chair, meeting=meeting, base=1, source="Else."),
            lambda: actions.reopen_notes(actor=chair, meeting=meeting),
            lambda: asked(member, meeting),
            lambda: actions.record_attendance(actor=chair, meeting=meeting, roster=[], present=[]),
            lambda: actions.add_agenda_item(actor=chair, meeting=meeting, title="More"),
        ):
            with pytest.raises(WrongState, match="approved"):
                act()


@pytest.mark.django_db
def test_nothing_changes_who_was_there_nor_the_files_before_the_worker_comes(
    chair: Person, member: Person, observer: Person, group: Group
) -> None:
    meeting = under(group)
    guest, claim = factories.guest(meeting), factories.attendance_claim(meeting, member)
    minutes = offered(chair, meeting)

    with at(minutes.corrections_until):
        for act in (
            lambda: actions.add_guest(actor=chair, meeting=meeting, name="Gil", affiliation=""),
            lambda: actions.remove_guest(actor=chair, guest=guest),
            lambda: actions.answer_claim(actor=chair, claim=claim, is_confirmed=True),
            lambda: actions.claim_attendance(actor=observer, meeting=meeting),
            lambda: attached(chair, "meeting", meeting.uuid),
        ):
            with pytest.raises(WrongState, match="approved"):
                act()


@pytest.mark.django_db
def test_a_correction_asked_for_in_time_delays_them_until_it_is_answered(
    chair: Person, member: Person, group: Group
) -> None:
    meeting = offered(chair, under(group))
    end = meeting.corrections_until
    assert end is not None
    with at(end - timedelta(seconds=1)):
        correction = asked(member, meeting)
    with at(end + timedelta(hours=1)):
        late = asked(member, meeting, "And line 3.")
    assert (correction.in_time, late.in_time) == (True, False)

    with at(end + timedelta(days=1)):
        assert actions.make_due_final() == 0
        actions.save_notes(actor=chair, meeting=meeting, base=1, source="We met twice.")
    with at(end + timedelta(days=2)):
        answered(chair, correction)

    minutes = reload(meeting)
    assert minutes.minutes_state == "approved"
    assert minutes.minutes_approved_at == end + timedelta(days=2)
    assert minutes.minutes_revision is not None
    assert minutes.minutes_revision.source == "We met twice."
    assert late.is_open


@pytest.mark.django_db
def test_an_answer_within_the_time_leaves_the_time_to_run(
    chair: Person, member: Person, group: Group
) -> None:
    meeting = offered(chair, under(group))
    answered(chair, asked(member, meeting))
    assert reload(meeting).minutes_state == "draft"

    with at(meeting.corrections_until):
        assert actions.make_due_final() == 1

    assert reload(meeting).minutes_approved_at == meeting.corrections_until


@pytest.mark.django_db
def test_the_rule_holds_for_meetings_that_begin_after_its_adoption(
    chair: Person, group: Group
) -> None:
    now = timezone.now()
    before = factories.meeting(group, starts_at=now - timedelta(days=3))
    factories.notes(before)
    factories.charter(group, **BY_RULE, during=since(now - timedelta(days=2)))
    after = factories.past_meeting(group)
    factories.notes(after)

    rules = [offered(chair, meeting).minutes_rule for meeting in (before, after)]

    assert rules == ["none", "by_rule"]
    with at(now + timedelta(days=30)):
        assert actions.make_due_final() == 1
        actions.approve_minutes(actor=chair, meeting=before, seen=1)


@pytest.mark.django_db
def test_days_of_either_charter_are_kept(chair: Person, group: Group) -> None:
    meeting = under(group)

    with pytest.raises(Invalid, match="at least 7 days"):
        offered(chair, meeting, 6)


def test_two_workers_at_once_make_minutes_final_once(committed_db: None) -> None:
    chair = factories.member_of(factories.organization("Aurora Labs"))
    group = factories.group(chair=chair)
    meeting = offered(chair, under(group))
    Meeting.objects.filter(pk=meeting.pk).update(corrections_until=factories.ago(seconds=1))

    outcomes = together(actions.make_due_final, actions.make_due_final)

    assert sorted(outcomes) == [0, 1]
    assert Record.objects.filter(verb="minutes_approved").count() == 1
    assert meeting.sealed_minutes.count() == 1


def test_a_text_saved_at_the_last_moment_is_sealed_or_refused(committed_db: None) -> None:
    chair = factories.member_of(factories.organization("Aurora Labs"))
    group = factories.group(chair=chair)
    meeting = offered(chair, under(group))
    Meeting.objects.filter(pk=meeting.pk).update(corrections_until=factories.ago(seconds=1))

    together(
        actions.make_due_final,
        lambda: actions.save_notes(actor=chair, meeting=meeting, base=1, source="Late words."),
    )

    assert reload(meeting).notes_count == 1
    assert NotesRevision.objects.filter(meeting=meeting).count() == 1


@pytest.mark.django_db
def test_one_that_fails_holds_up_no_other(
    chair: Person, group: Group, monkeypatch: pytest.MonkeyPatch, caplog: Any
) -> None:
    first, second = offered(chair, under(group)), factories.past_meeting(group)
    factories.notes(second)
    offered(chair, second)
    Meeting.objects.update(corrections_until=factories.ago(hours=1))
    # A revision that is gone: nothing our actions could do.
    with connection.cursor() as cursor:
        cursor.execute("UPDATE meetings_meeting SET notes_count = 9 WHERE id = %s", [first.pk])

    assert actions.make_due_final() == 1

    assert reload(second).minutes_state == "approved"
    assert "could not be made final" in caplog.text


# --- approval at the next meeting --------------------------------------------------------------


@pytest.mark.django_db
def test_approval_at_the_next_meeting_names_it(secretary: Person, group: Group) -> None:
    meeting, later = in_state("draft", "next_meeting", secretary, group)

    minutes = actions.approve_at_meeting(actor=secretary, meeting=meeting, at=later, seen=1)

    assert minutes.minutes_approved_at_meeting == later
    facts = json.loads(Record.objects.get(verb="minutes_approved").facts)
    assert (facts["at_meeting"], facts["rule"]) == (str(later.uuid), "next_meeting")


@pytest.mark.django_db
def test_only_a_later_meeting_that_has_begun_approves(chair: Person, group: Group) -> None:
    meeting, _later = in_state("draft", "next_meeting", chair, group)
    now = timezone.now()
    refused = [
        meeting,
        factories.meeting(group, starts_at=now - timedelta(days=9)),
        factories.meeting(group, starts_at=now + timedelta(hours=1)),
        factories.meeting(group, starts_at=now - timedelta(hours=2), state="cancelled"),
        factories.meeting(factories.group(), starts_at=now - timedelta(hours=1)),
    ]

    for at_meeting in refused:
        with pytest.raises(Invalid):
            actions.approve_at_meeting(actor=chair, meeting=meeting, at=at_meeting, seen=1)
    with pytest.raises(Conflict):
        actions.approve_at_meeting(actor=chair, meeting=meeting, at=_later, seen=0)


@pytest.mark.django_db
def test_a_request_without_an_answer_delays_that_approval_too(
    chair: Person, member: Person, group: Group
) -> None:
    meeting = offered(chair, under(group, "next_meeting"))
    correction = asked(member, meeting)
    later = factories.meeting(group, starts_at=timezone.now() + timedelta(days=8))

    with at(later.ends_at):
        with pytest.raises(WrongState, match="no answer"):
            actions.approve_at_meeting(actor=chair, meeting=meeting, at=later, seen=1)
        answered(chair, correction, "declined")
        actions.approve_at_meeting(actor=chair, meeting=meeting, at=later, seen=1)

    assert reload(meeting).is_approved


@pytest.mark.django_db
def test_a_chair_approves_what_no_next_meeting_will(chair: Person, group: Group) -> None:
    meeting, _later = in_state("draft", "next_meeting", chair, group)
    Group.objects.filter(pk=group.pk).update(state=GroupState.CONCLUDED)

    actions.approve_minutes(actor=chair, meeting=meeting, seen=1)

    assert reload(meeting).is_approved


# --- corrections -------------------------------------------------------------------------------


@pytest.mark.django_db
def test_an_answer_is_on_record_and_tells_who_asked(
    chair: Person, member: Person, group: Group
) -> None:
    meeting = offered(chair, under(group))
    correction = asked(member, meeting)

    answer = answered(chair, correction, "declined")

    assert (answer.answer, answer.answered_by) == ("declined", chair)
    facts = json.loads(Record.objects.get(verb="correction_answered").facts)
    assert (facts["correction"], facts["answer"]) == (str(correction.uuid), "declined")
    with pytest.raises(WrongState, match="already been answered"):
        answered(chair, correction)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("answer", "note", "field"),
    [("declined", " ", "note"), ("open", "x", "answer"), ("taken_up", "x" * 2001, "note")],
)
def test_answers_that_say_nothing_are_refused(
    chair: Person, member: Person, group: Group, answer: str, note: str, field: str
) -> None:
    correction = asked(member, offered(chair, under(group)))

    with pytest.raises(Invalid) as refused:
        actions.answer_correction(actor=chair, correction=correction, answer=answer, note=note)

    assert refused.value.field == field


@pytest.mark.django_db
def test_so_many_requests_wait_at_once(
    chair: Person, member: Person, group: Group, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("workinggroups.meetings.actions.corrections.OPEN_MAX", 1)
    meeting = offered(chair, under(group))
    asked(member, meeting)

    with pytest.raises(WrongState, match="Too many requests"):
        asked(member, meeting)


# --- unlocking and the seal --------------------------------------------------------------------


@pytest.mark.django_db
def test_unlocking_begins_the_time_for_corrections_again(chair: Person, group: Group) -> None:
    meeting, _later = in_state("approved", "by_rule", chair, group)

    actions.unlock_minutes(actor=chair, meeting=meeting, reason="A number is wrong.")

    draft = reload(meeting)
    assert draft.takes_corrections
    assert actions.make_due_final() == 0
    with at(draft.corrections_until):
        assert actions.make_due_final() == 1
    numbers = [seal.number for seal in meeting.sealed_minutes.all()]
    assert (numbers, reload(meeting).minutes_state) == ([2, 1], "approved")


@pytest.mark.django_db
def test_the_seal_has_text_roll_agenda_and_decisions_by_ids(
    chair: Person, member: Person, group: Group
) -> None:
    meeting = under(group, "none")
    factories.agenda_item(meeting, "Results")
    factories.attendance(meeting, member)
    guest = factories.guest(meeting)
    decision = record_decision(
        actor=chair, group=group, title="We publish.", method="consensus", meeting=meeting
    )
    offered(chair, meeting, 0)

    minutes = actions.approve_minutes(actor=chair, meeting=meeting, seen=1)

    seal = minutes.sealed_minutes.get()
    content = json.loads(seal.content)
    assert content["roll"] == [
        {"person": str(member.uuid), "organization": None, "state": "present"}
    ]
    assert content["guests"] == [{"uuid": str(guest.uuid)}]
    assert content["competition_notice"] == []
    assert content["agenda"] == [{"position": 1, "title": "Results"}]
    assert content["decisions"][0]["uuid"] == str(decision.uuid)
    assert member.name not in seal.content
    assert guest.name not in seal.content
    assert seal.sha256 == checksum(seal.content) == minutes.minutes_sha256
    assert list(content) == sorted(content)


APPROVED_COLUMNS = {
    "title": "'x'",
    "starts_at": "starts_at - interval '1 hour'",
    "notes_count": "9",
    "state": "'planned'",
    "minutes_state": "'none'",
    "minutes_offered_at": "now()",
    "corrections_until": "now()",
    "minutes_approved_at": "now()",
    "minutes_approved_by_id": "created_by_id",
    "minutes_approved_at_meeting_id": "id",
    "minutes_sha256": "'x'",
    "minutes_rule": "'by_rule'",
}


@pytest.mark.django_db
@pytest.mark.parametrize("column", APPROVED_COLUMNS)
def test_the_database_keeps_an_approval(column: str, chair: Person, group: Group) -> None:
    meeting, _later = in_state("approved", "none", chair, group)

    refuses(
        f"UPDATE meetings_meeting SET {column} = {APPROVED_COLUMNS[column]} WHERE id = {meeting.pk}"
    )


@pytest.mark.django_db
def test_the_database_keeps_roll_agenda_notes_and_seal(
    chair: Person, member: Person, group: Group
) -> None:
    meeting = under(group, "none")
    factories.attendance(meeting, member)
    item = factories.agenda_item(meeting)
    offered(chair, meeting, 0)
    actions.approve_minutes(actor=chair, meeting=meeting, seen=1)
    other = factories.meeting(group)
    theirs = factories.attendance(other, chair)

    for statement in (
        "UPDATE meetings_attendance SET state = 'absent'",
        "DELETE FROM meetings_attendance",
        f"UPDATE meetings_attendance SET meeting_id = {meeting.pk} WHERE id = {theirs.pk}",
        f"UPDATE meetings_agendaitem SET title = 'x' WHERE id = {item.pk}",
        "DELETE FROM meetings_agendaitem",
        "DELETE FROM meetings_meeting",
        "UPDATE meetings_sealedminutes SET content = 'x'",
        "UPDATE meetings_sealedminutes SET sha256 = 'x'",
        "UPDATE meetings_sealedminutes SET unlocked_at = now()",
        "DELETE FROM meetings_sealedminutes",
    ):
        refuses(statement)
    with pytest.raises(IntegrityError), transaction.atomic():
        factories.notes(reload(meeting))
    with pytest.raises(IntegrityError), transaction.atomic():
        factories.attendance(meeting, chair)
    # What is no part of the minutes goes on changing: derived HTML, who reads them, a later version.
    AgendaItem.objects.filter(pk=item.pk).update(html="<p>x</p>", renderer_version=9)
    Meeting.objects.filter(pk=meeting.pk).update(level=0, version=9, changed_at=timezone.now())


def refuses(statement: str) -> None:
    with (
        pytest.raises(IntegrityError),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


@pytest.mark.django_db
def test_minutes_from_before_keep_the_checksum_of_their_text(chair: Person, group: Group) -> None:
    """What the migration makes of minutes that were approved before there were seals."""
    meeting = factories.past_meeting(group)
    revision = factories.notes(meeting, "Grüße.")
    meeting.minutes_revision, meeting.minutes_state = revision, "approved"
    meeting.minutes_approved_by, meeting.minutes_approved_at = chair, timezone.now()
    meeting.minutes_sha256 = checksum("Grüße.")
    meeting.save()

    with connection.cursor() as cursor:
        cursor.execute(seals_of_the_migration())

    seal = meeting.sealed_minutes.get()
    assert (seal.form, seal.content, seal.sha256) == (1, "Grüße.", meeting.minutes_sha256)
    actions.unlock_minutes(actor=chair, meeting=meeting, reason="A number.")


def seals_of_the_migration() -> str:
    from importlib import import_module

    module = import_module("workinggroups.meetings.migrations.0015_approved_minutes_stand")
    return str(module.SEALS)


# --- reminders ---------------------------------------------------------------------------------


def reminded() -> list[str]:
    """Return who was reminded, by name, with the number of meetings."""
    events = Event.objects.filter(kind="minutes_due").order_by("pk")
    return sorted(
        f"{Person.objects.get(pk=event.ref['person']).name}: {event.ref['meetings'].count(',') + 1}"
        for event in events
    )


def held(group: Group, days: int, author: Person | None = None, **fields: Any) -> Meeting:
    starts_at = timezone.now() - timedelta(days=days, hours=1)
    meeting = factories.meeting(group, starts_at=starts_at, **fields)
    if author:
        factories.notes(meeting, author=author)
    return meeting


@pytest.mark.django_db
def test_who_wrote_last_is_reminded_once_and_the_chairs_of_what_is_late(
    chair: Person, secretary: Person, member: Person, group: Group
) -> None:
    held(group, 4, member)
    meeting = held(group, 6, member)
    held(group, 6, None)
    held(group, 6, None, state="cancelled")

    assert tasks.remind_of_minutes() == 2
    assert tasks.remind_of_minutes() == 0
    assert reminded() == [f"{member.name}: 1", f"{secretary.name}: 1"]

    with at(meeting.ends_at + timedelta(days=21, minutes=1)):
        assert tasks.remind_of_minutes() >= 2
        assert f"{chair.name}: 2" in reminded()
        assert tasks.remind_of_minutes() == 0


@pytest.mark.django_db
def test_the_first_run_sends_a_person_one_reminder_with_the_count(
    secretary: Person, chair: Person, group: Group
) -> None:
    for days in (10, 20, 40, 60, 200):
        held(group, days, secretary)

    tasks.remind_of_minutes()

    assert reminded() == sorted([f"{secretary.name}: 4", f"{chair.name}: 2"])


@pytest.mark.django_db
def test_a_draft_is_reminded_of_only_when_late_and_to_the_chairs(
    secretary: Person, chair: Person, group: Group
) -> None:
    meeting = held(group, 10, secretary)
    offered(secretary, meeting, 0)
    assert tasks.remind_of_minutes() == 0

    with at(meeting.ends_at + timedelta(days=22)):
        tasks.remind_of_minutes()

    assert reminded() == [f"{chair.name}: 1"]


def test_two_runs_at_once_remind_once(committed_db: None) -> None:
    chair = factories.member_of(factories.organization("Aurora Labs"))
    group = factories.group(chair=chair)
    held(group, 6, chair)

    together(actions.remind_of_minutes, actions.remind_of_minutes)

    assert Event.objects.filter(kind="minutes_due").count() == 1


# --- pages -------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_pages_say_where_the_minutes_are_and_offer_the_next_step(
    client_of: Callable[..., Client], chair: Person, member: Person, group: Group
) -> None:
    meeting = under(group)
    officer, writer = client_of(chair), client_of(member)
    place = [group.slug, meeting.address]
    assert "the minutes become final by themselves" in officer.get(
        reverse("minutes-offer", args=place)
    ).content.decode().replace("\n", " ")

    officer.post(reverse("minutes-offer", args=place), {"correction_days": "7"})
    writer.post(reverse("minutes-correct", args=place), {"text": "Line 2 is wrong."})
    correction = meeting.corrections.get()
    page = officer.get(meeting.get_absolute_url())
    answer = reverse("correction-answer", args=[*place, correction.uuid])
    assert answer in page.content.decode()
    assert answer not in writer.get(meeting.get_absolute_url()).content.decode()

    refused = officer.post(answer, {"answer": "declined", "note": ""})
    assert (refused.status_code, "Give a reason" in refused.content.decode()) == (422, True)
    officer.post(answer, {"answer": "taken_up", "note": "Corrected."})
    with at(reload(meeting).corrections_until):
        actions.make_due_final()

    final = writer.get(meeting.get_absolute_url()).content.decode()
    assert "by the rules of" in final
    assert "Corrected." in final
    assert officer.get(answer).status_code == 200


@pytest.mark.django_db
def test_the_next_meeting_offers_to_record_the_approval(
    client_of: Callable[..., Client], secretary: Person, member: Person, group: Group
) -> None:
    meeting, later = in_state("draft", "next_meeting", secretary, group)
    officer = client_of(secretary)
    url = reverse("minutes-approve", args=[group.slug, meeting.address])

    page = officer.get(later.get_absolute_url()).content.decode()
    assert f"{url}?at={later.address}" in page
    assert url not in client_of(member).get(later.get_absolute_url()).content.decode()
    form = officer.get(url, {"at": later.address})
    assert form.context["form"]["at"].value() == later.address
    assert officer.post(url, {"seen": "1", "at": "999"}).status_code == 422
    officer.post(url, {"seen": "1", "at": later.address})

    shown = officer.get(meeting.get_absolute_url()).content.decode()
    assert later.get_absolute_url() in shown
    assert reload(meeting).is_approved


# --- the API -----------------------------------------------------------------------------------


@pytest.mark.django_db
def test_api_tells_the_state_and_takes_requests(
    client_of: Callable[..., Client], chair: Person, member: Person, group: Group
) -> None:
    meeting = offered(chair, under(group))
    client, base = client_of(member), f"/api/v1/meetings/{meeting.uuid}"

    created = client.post(
        f"{base}/corrections/", {"text": "It was Tuesday."}, content_type="application/json"
    )
    assert created.status_code == 201
    assert created.json()["in_time"] is True
    answered(chair, Correction.objects.get())
    listed = client.get(f"{base}/corrections/").json()["results"]
    assert [(one["text"], one["answer"]) for one in listed] == [("It was Tuesday.", "taken_up")]
    state = client.get(f"{base}/minutes/").json()
    assert (state["state"], state["rule"], state["sealed"]) == ("draft", "by_rule", None)

    with at(meeting.corrections_until):
        actions.make_due_final()
    final = client.get(f"{base}/minutes/").json()
    assert checksum(final["sealed"]) == final["sha256"] == reload(meeting).minutes_sha256
    assert (final["approved_by"], final["revision"], final["form"]) == (None, 1, 2)
    late = client.post(f"{base}/corrections/", {"text": "No."}, content_type="application/json")
    assert late.status_code == 409


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("who", "is_shown"), [("secretary", True), ("chair", True), ("member", False)]
)
def test_my_work_lists_missing_minutes_for_officers(
    client_of: Callable[..., Client],
    group: Group,
    who: str,
    is_shown: bool,
    request: pytest.FixtureRequest,
) -> None:
    request.getfixturevalue("chair")
    held(group, 6, title="Fortnightly call")

    page = client_of(request.getfixturevalue(who)).get("/my/").text

    assert ("Minutes of Fortnightly call" in page) is is_shown
