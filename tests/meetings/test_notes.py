"""Notes: nothing is lost, nothing is doubled, and a closed text stays closed."""

from datetime import date

import pyromark
import pytest

from common.errors import Conflict, Invalid, NotAllowed, WrongState
from common.record.models import Record
from notifications.models import Event
from tests import factories
from tests.committed import together
from workinggroups.groups.models import ActionItem
from workinggroups.meetings import actions, queries
from workinggroups.meetings.models import Meeting, NotesConflict, NotesRevision


@pytest.fixture
def meeting(group):
    return factories.past_meeting(group)


def save(actor, meeting, source, base=None) -> NotesRevision:
    meeting.refresh_from_db()
    base = meeting.notes_count if base is None else base
    return actions.save_notes(actor=actor, meeting=meeting, base=base, source=source)


def clash(actor, meeting, source, base) -> NotesConflict:
    with pytest.raises(actions.NotesClash) as refused:
        save(actor, meeting, source, base)
    return refused.value.conflict


def latest(meeting) -> str:
    return meeting.notes.order_by("-number").first().source


# --- saving ------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_each_save_is_a_revision(member, chair, meeting):
    save(member, meeting, "One.\r\n\r\n")
    save(chair, meeting, "One.\nTwo.")

    saved = [(one.number, one.source, one.author) for one in meeting.notes.order_by("number")]
    assert saved == [(1, "One.", member), (2, "One.\nTwo.", chair)]


@pytest.mark.django_db
def test_a_save_parses_the_text_once_and_again_only_to_number_its_lines(
    member, meeting, monkeypatch
):
    parsed = []
    parse = pyromark.events_with_range
    monkeypatch.setattr(
        pyromark, "events_with_range", lambda *args, **kw: parsed.append(1) or parse(*args, **kw)
    )

    save(member, meeting, "We spoke.\n\ndecision: The limit stays.")
    assert len(parsed) == 1
    save(member, meeting, f"action: @{member} writes the letter")
    assert len(parsed) == 3
    assert latest(meeting).endswith("[A-1]")


@pytest.mark.django_db
def test_saving_what_stands_there_makes_no_revision(member, meeting):
    first = save(member, meeting, "One.")

    assert save(member, meeting, "One.\n") == first
    assert meeting.notes.count() == 1


@pytest.mark.django_db
def test_an_empty_page_is_not_saved(member, meeting):
    with pytest.raises(Invalid):
        save(member, meeting, " \n")


@pytest.mark.django_db
@pytest.mark.parametrize("who", ["observer", "outsider", "staff"])
def test_who_does_not_write_in_the_group_does_not_write_its_notes(who, meeting, request):
    with pytest.raises(NotAllowed):
        save(request.getfixturevalue(who), meeting, "x")


# --- the conflict ------------------------------------------------------------------------------


@pytest.mark.django_db
def test_whoever_saves_second_loses_nothing(member, chair, meeting):
    save(member, meeting, "One.")
    save(chair, meeting, "One, by the chair.")

    kept = clash(member, meeting, "One, by a member.", base=1)

    assert (kept.source, kept.base_number, kept.outcome) == ("One, by a member.", 1, "open")
    assert latest(meeting) == "One, by the chair."


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("choice", "source", "text", "outcome"),
    [
        ("both", "", "One more.\nTwo.\nThree.", "merged"),
        ("mine", "", "One.\nTwo.\nThree.", "saved"),
        ("theirs", "", "One more.\nTwo.", "set_aside"),
        ("edited", "Four.", "Four.", "merged"),
    ],
)
def test_the_author_chooses_and_both_texts_stay(
    member, chair, meeting, choice, source, text, outcome
):
    save(member, meeting, "One.\nTwo.")
    save(chair, meeting, "One more.\nTwo.")
    kept = clash(member, meeting, "One.\nTwo.\nThree.", base=1)

    actions.settle_text(actor=member, conflict=kept, choice=choice, seen=2, source=source)

    kept.refresh_from_db()
    assert latest(meeting) == text
    assert (kept.outcome, kept.source) == (outcome, "One.\nTwo.\nThree.")
    assert meeting.notes.filter(source="One more.\nTwo.").exists()


@pytest.mark.django_db
def test_changes_that_contradict_each_other_cannot_both_be_kept(member, chair, meeting):
    save(member, meeting, "The limit is 500.")
    save(chair, meeting, "The limit is 600.")
    kept = clash(member, meeting, "The limit is 700.", base=1)

    with pytest.raises(Invalid):
        actions.settle_text(actor=member, conflict=kept, choice="both", seen=2)


@pytest.mark.django_db
def test_a_choice_against_a_text_that_is_not_the_latest_is_asked_again(member, chair, meeting):
    save(member, meeting, "One.")
    save(chair, meeting, "Two.")
    kept = clash(member, meeting, "Three.", base=1)
    save(chair, meeting, "Two and a half.")

    with pytest.raises(Conflict):
        actions.settle_text(actor=member, conflict=kept, choice="mine", seen=2)

    kept.refresh_from_db()
    assert kept.outcome == "open"


@pytest.mark.django_db
def test_a_choice_is_made_once_and_by_the_author(member, chair, meeting):
    save(member, meeting, "One.")
    save(chair, meeting, "Two.")
    kept = clash(member, meeting, "Three.", base=1)

    with pytest.raises(NotAllowed):
        actions.settle_text(actor=chair, conflict=kept, choice="theirs", seen=2)
    actions.settle_text(actor=member, conflict=kept, choice="theirs", seen=2)
    with pytest.raises(WrongState):
        actions.settle_text(actor=member, conflict=kept, choice="mine", seen=2)


@pytest.mark.django_db
def test_a_second_text_that_must_wait_does_not_push_out_the_first(member, chair, meeting):
    save(member, meeting, "One.")
    save(chair, meeting, "Two.")
    first = clash(member, meeting, "Three.", base=1)

    second = clash(member, meeting, "Four.", base=1)
    again = clash(member, meeting, "Four.", base=1)

    first.refresh_from_db()
    assert (first.outcome, second.outcome, again) == ("set_aside", "open", second)


def test_of_two_saves_at_once_one_is_saved_and_one_is_kept(committed_db):
    somebody = factories.member_of(factories.organization("Aurora Labs"))
    meeting = factories.past_meeting(factories.group(chair=somebody))

    outcomes = together(
        *(
            lambda text=text: actions.save_notes(
                actor=somebody, meeting=Meeting.objects.get(), base=0, source=text
            )
            for text in ("Mine.", "Yours.")
        )
    )

    assert sorted(type(one).__name__ for one in outcomes) == ["NotesClash", "NotesRevision"]
    assert meeting.notes.count() == NotesConflict.objects.count() == 1


# --- markers -----------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_line_marked_as_action_becomes_an_item_with_owner_and_date(member, chair, meeting):
    save(chair, meeting, f"action: @{member.name} writes the text by 2030-12-01")

    item = ActionItem.objects.get()
    assert (item.text, item.owner, item.due_on) == ("Writes the text", member, date(2030, 12, 1))
    assert (item.source_kind, item.source_uuid, item.level) == (
        "meeting",
        meeting.uuid,
        meeting.level,
    )
    assert latest(meeting) == (
        f"action: @{member.name} writes the text by 2030-12-01 [A-{item.number}]"
    )
    assert "action_item_assigned" in Event.objects.values_list("kind", flat=True)


@pytest.mark.django_db
def test_a_line_that_names_several_people_is_one_item_of_theirs(member, chair, meeting):
    meeting = factories.past_meeting(meeting.group, local_date=date(2026, 10, 6))
    line = f"action: @{member} and @{chair} ask the hospitals by 20 October"
    without_sign = f"action: {chair} and {member}: write to them"

    save(member, meeting, f"{line}\n\n{without_sign}")

    items = ActionItem.objects.order_by("number")
    assert [(item.text, item.owner, item.owners) for item in items] == [
        ("Ask the hospitals", member, [member, chair]),
        ("Write to them", chair, [chair, member]),
    ]
    assert latest(meeting) == f"{line} [A-1]\n\n{without_sign} [A-2]"
    html = meeting.notes.first().html
    assert [html.count(f'id="A-{item.number}"') for item in items] == [1, 1]
    notified = Event.objects.filter(kind="action_item_assigned").values_list("ref__person")
    assert sorted(person for (person,) in notified) == sorted([member.pk, chair.pk] * 2)


@pytest.mark.django_db
def test_a_line_of_before_finds_the_items_of_its_owners_again(member, chair, meeting):
    """When each owner whom a line names had an item of their own."""
    for number, owner in enumerate((member, chair), start=1):
        factories.action_item(
            meeting.group,
            owner=owner,
            text="Ask the hospitals",
            source_kind="meeting",
            source_uuid=meeting.uuid,
            source_line=f"1.{number}",
        )

    save(member, meeting, f"action: @{member} and @{chair} ask the hospitals")

    assert ActionItem.objects.count() == 2
    assert sorted(latest(meeting).split()[-2:]) == ["[A-1]", "[A-2]"]


@pytest.mark.django_db
def test_an_edit_of_the_line_makes_no_second_item(member, chair, meeting):
    save(chair, meeting, f"- [ ] @{member.name} writes the text")

    save(member, meeting, "Before.\n" + latest(meeting).replace("the text", "the whole text"))

    assert ActionItem.objects.count() == 1


@pytest.mark.django_db
def test_a_line_that_lost_its_number_finds_its_item_again(member, chair, meeting):
    line = f"action: @{member.name} writes the text by 2030-12-01"
    save(chair, meeting, line)

    save(chair, meeting, "After.\n" + line)

    assert ActionItem.objects.count() == 1
    assert latest(meeting).endswith("[A-1]")


@pytest.mark.django_db
def test_a_number_that_somebody_made_up_is_none(member, chair, meeting):
    save(chair, meeting, f"action: @{member.name} writes the text [A-99]")

    assert latest(meeting).endswith("writes the text [A-1]")


@pytest.mark.django_db
@pytest.mark.parametrize(
    "line", ["- [x] action: @{0} is done already", "- [x] @{0} asked", "- [x] @{0} asked [A-99]"]
)
def test_a_ticked_line_makes_no_item_and_waits_for_nobody(line, member, meeting):
    revision = save(member, meeting, line.format(member))

    assert not ActionItem.objects.exists()
    assert queries.unassigned_markers(revision) == []
    assert revision.source == line.format(member)


@pytest.mark.django_db
def test_a_line_that_names_nobody_waits_for_a_choice(chair, meeting):
    revision = save(chair, meeting, "action: @Nobody writes\naction: write")

    waiting = queries.markers_in_doubt(meeting, revision)

    assert [row.assignment.doubt for row in waiting] == ["unknown_name", "nobody_named"]
    assert not ActionItem.objects.exists()


@pytest.mark.django_db
def test_a_waiting_line_becomes_an_item_once_somebody_says_who(member, chair, meeting):
    revision = save(chair, meeting, "action: @Nobody writes by 2030-12-01")
    row = queries.markers_in_doubt(meeting, revision)[0]

    item = actions.assign_marker(
        actor=chair,
        meeting=meeting,
        marker=row.marker,
        owners=[member],
        due_on=row.assignment.due_on,
    )

    assert (item.owner, item.due_on) == (member, date(2030, 12, 1))
    assert latest(meeting) == "action: @Nobody writes by 2030-12-01 [A-1]"
    with pytest.raises(Conflict):
        actions.assign_marker(
            actor=chair, meeting=meeting, marker=row.marker, owners=[member], due_on=None
        )


@pytest.mark.django_db
def test_nobody_outside_the_group_is_given_a_line(chair, outsider, meeting):
    revision = save(chair, meeting, "action: write")
    row = queries.markers_in_doubt(meeting, revision)[0]

    with pytest.raises(Invalid) as refusal:
        actions.assign_marker(
            actor=chair, meeting=meeting, marker=row.marker, owners=[outsider], due_on=None
        )

    assert refusal.value.field == "owner"


@pytest.mark.django_db
def test_an_item_recorded_by_form_stands_in_the_notes(member, chair, meeting):
    save(chair, meeting, "We met.")

    item = actions.record_action(
        actor=member,
        meeting=meeting,
        text="Write the text",
        owners=[chair, member],
        due_on=date(2030, 12, 1),
    )

    assert latest(meeting) == (
        f"We met.\n\naction: @{chair.name} @{member.name} Write the text by 2030-12-01 [A-{item.number}]"
    )
    assert ActionItem.objects.count() == 1


@pytest.mark.django_db
def test_decisions_are_offered_to_the_app_above_and_carry_its_number(chair, meeting):
    revision = save(chair, meeting, "decision: We publish.\ndecision: We wait. [D-7]")
    new, known = queries.decision_markers(revision)

    actions.mark_decision(actor=chair, meeting=meeting, marker=new, reference="D-8")

    assert (new.reference, known.reference) == ("", "D-7")
    assert latest(meeting) == "decision: We publish. [D-8]\ndecision: We wait. [D-7]"


# --- restoring, closing ------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_chair_restores_an_earlier_text_as_a_new_one(chair, meeting):
    first = save(chair, meeting, "One.")
    save(chair, meeting, "Two.")

    actions.restore_notes(actor=chair, revision=first, seen=2)

    assert (meeting.notes.count(), latest(meeting)) == (3, "One.")
    assert Record.objects.get(verb="notes_restored").facts == '{"from":1,"to":3}'


@pytest.mark.django_db
def test_members_do_not_restore(member, chair, meeting):
    first = save(chair, meeting, "One.")
    save(chair, meeting, "Two.")

    with pytest.raises(NotAllowed):
        actions.restore_notes(actor=member, revision=first, seen=2)


@pytest.mark.django_db
def test_restoring_over_a_text_one_has_not_seen_is_refused(chair, meeting):
    first = save(chair, meeting, "One.")
    save(chair, meeting, "Two.")

    with pytest.raises(Conflict):
        actions.restore_notes(actor=chair, revision=first, seen=1)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("state", "who", "refusal"),
    [
        ("none", "member", None),
        ("none", "secretary", None),
        ("draft", "member", NotAllowed),
        ("draft", "secretary", None),
        ("approved", "member", WrongState),
        ("approved", "chair", WrongState),
    ],
)
def test_who_writes_in_which_state(state, who, refusal, meeting, request):
    revision = factories.notes(meeting, "One.")
    meeting.minutes_state, meeting.minutes_revision = state, revision
    meeting.minutes_approved_by = revision.author if state == "approved" else None
    meeting.save(update_fields=["minutes_state", "minutes_revision", "minutes_approved_by"])
    person = request.getfixturevalue(who)

    if refusal is None:
        assert save(person, meeting, "Two.").number == 2
    else:
        with pytest.raises(refusal):
            save(person, meeting, "Two.")


@pytest.mark.django_db
def test_a_text_that_would_make_too_many_items_makes_none(member, meeting, monkeypatch):
    monkeypatch.setattr("workinggroups.meetings.actions.revisions.ITEMS_AT_ONCE", 3)
    lines = [f"action: @{member} asks for sheet {number}" for number in range(4)]

    with pytest.raises(Invalid):
        save(member, meeting, "\n".join(lines))
    assert meeting.notes.count() == ActionItem.objects.count() == 0

    save(member, meeting, "\n".join(lines[:3]))
    assert ActionItem.objects.count() == 3


@pytest.mark.django_db
def test_of_very_many_lines_in_doubt_the_first_are_shown(member, meeting):
    revision = save(member, meeting, "\n".join(f"action: Ask {n}" for n in range(300)))

    assert len(queries.unassigned_markers(revision)) == 300
    shown = [row.marker.text for row in queries.markers_in_doubt(meeting, revision)]
    assert shown == [f"Ask {n}" for n in range(50)]
