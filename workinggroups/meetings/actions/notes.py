"""Writing notes together. Whoever saves second loses nothing and chooses."""

from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from common.access import viewer_for
from common.errors import Conflict, Invalid, WrongState
from common.record.actions import record
from common.text import markdown
from common.text.limits import Limit
from common.text.rendered import html_fields
from members.people.models import Person
from workinggroups.groups.actions import create_action_item
from workinggroups.groups.models import ActionItem
from workinggroups.groups.queries import members_of
from workinggroups.meetings.actions.locking import (
    locked_with_group,
    refuse_approved,
    refuse_cancelled,
    touch,
)
from workinggroups.meetings.assignment import assignment
from workinggroups.meetings.choices import ITEMS_AT_ONCE, MeetingAct, TextOutcome
from workinggroups.meetings.lines import (
    LineKind,
    MarkedLine,
    ParsedNotes,
    parse_notes,
)
from workinggroups.meetings.merging import merge
from workinggroups.meetings.models import Meeting, NotesConflict, NotesRevision
from workinggroups.meetings.permissions import can_restore_notes, can_settle_text, can_write_notes
from workinggroups.meetings.rendering import document_of

SOURCE_KIND = "meeting"


class NotesClash(Conflict):
    """Somebody saved first; the second text is kept as `kept` until its author chooses."""

    def __init__(self, conflict: NotesConflict) -> None:
        super().__init__(_("Somebody saved these notes while you wrote. Your text is kept."))
        self.conflict = conflict


def tidy(source: str) -> str:
    """One kind of line end, and no empty lines after the text: so that equal texts are equal."""
    return source.replace("\r\n", "\n").replace("\r", "\n").rstrip()


def save_notes(*, actor: Person, meeting: Meeting, base: int, source: str) -> NotesRevision:
    """The text is the next revision, and its lines marked as action have become items.

    `base` is the number of the revision the actor began from, 0 for an empty page. Raises
    NotesClash when another one was saved meanwhile: then the text is kept, not saved. Saving what
    already stands there makes no revision. Locks the meeting; a clash of two savers is decided by
    that lock, and the unique number is the last guard.
    """
    source = tidy(source)
    markdown.check(source, Limit.NOTES)
    with transaction.atomic():
        meeting = locked_with_group(meeting)
        _refuse_closed(actor, meeting)
        current = _current(meeting)
        if source == (current.source if current else ""):
            if current is None:
                raise Invalid(_("There is nothing to save yet."), "source")
            return current
        if base == meeting.notes_count:
            return _add_revision(actor, meeting, source)
        conflict = _keep(actor, meeting, base, source)
    raise NotesClash(conflict)


def settle_text(
    *, actor: Person, conflict: NotesConflict, choice: str, seen: int, source: str = ""
) -> NotesRevision:
    """The author of a kept text has chosen; the notes say so, and both texts stay in the history.

    `choice` is "both" (the two changes in one text), "mine", "theirs", or "edited" with `source`.
    `seen` is the revision the choice was made against: raises Conflict when it is not the latest
    any more, WrongState when the choice was made already or the notes are closed, and Invalid for
    "both" where the changes contradict each other.
    """
    if choice == "edited":
        source = tidy(source)
        markdown.check(source, Limit.NOTES)
    with transaction.atomic():
        meeting = locked_with_group(conflict.meeting)
        can_settle_text.require(viewer_for(actor.pk), conflict)
        conflict = NotesConflict.objects.select_for_update(no_key=True).get(pk=conflict.pk)
        if conflict.outcome != TextOutcome.OPEN:
            raise WrongState(_("You have chosen already; this text stands in the history."))
        current = _current(meeting)
        if current is None or current.number != seen:
            raise Conflict(_("Somebody saved once more. Compare again, then choose."))
        if choice != "theirs":
            _refuse_closed(actor, meeting)
            current = _add_revision(actor, meeting, _chosen(conflict, current, choice, source))
        conflict.outcome = {
            "theirs": TextOutcome.SET_ASIDE,
            "mine": TextOutcome.SAVED,
        }.get(choice, TextOutcome.MERGED)
        conflict.settled_at = timezone.now()
        conflict.save(update_fields=["outcome", "settled_at"])
        return current


@transaction.atomic
def restore_notes(*, actor: Person, revision: NotesRevision, seen: int) -> NotesRevision:
    """The notes say again what this revision said, as a new revision; nothing is taken away.

    `seen` is the latest revision the actor knew: raises Conflict when it is not the latest.
    """
    meeting = locked_with_group(revision.meeting)
    can_restore_notes.require(viewer_for(actor.pk), meeting)
    _refuse_closed(actor, meeting)
    if meeting.notes_count != seen:
        raise Conflict(_("Somebody saved meanwhile. Look at the latest text, then restore."))
    if revision.number == meeting.notes_count:
        raise WrongState(_("The notes say this already."))
    restored = _add_revision(actor, meeting, revision.source)
    facts = {"from": revision.number, "to": restored.number}
    record(actor, MeetingAct.NOTES_RESTORED, meeting, facts=facts)
    return restored


@transaction.atomic
def assign_line(
    *,
    actor: Person,
    meeting: Meeting,
    line: MarkedLine,
    owner: Person | None,
    due_on: date | None,
) -> ActionItem:
    """The line that was in doubt is an action item of this owner, and carries its number.

    `owner` None means that nobody has taken it on yet. Raises Conflict when the line does not
    stand in the notes any more.
    """
    meeting = locked_with_group(meeting)
    _refuse_closed(actor, meeting)
    current = parse_notes(_source(_current(meeting)))
    number = _find(current, line, LineKind.ACTION)
    _check_member(meeting, owner)
    said = assignment(line, list(members_of(meeting.group_id)), meeting.local_date)
    item = _create_item(actor, meeting, said.text, owner, due_on, number)
    _add_revision(actor, meeting, current.with_marks({number: (f"A-{item.number}",)}))
    return item


@transaction.atomic
def record_action(
    *, actor: Person, meeting: Meeting, text: str, owner: Person | None, due_on: date | None
) -> ActionItem:
    """The action item exists, and a line that says so is the last of the notes."""
    meeting = locked_with_group(meeting)
    _refuse_closed(actor, meeting)
    _check_member(meeting, owner)
    source = _source(_current(meeting))
    number = source.count("\n") + 3 if source else 1
    item = _create_item(actor, meeting, text, owner, due_on, number)
    name = f"@{owner} " if owner else ""
    due = f" by {due_on.isoformat()}" if due_on else ""
    written = f"action: {name}{' '.join(item.text.split())}{due} [A-{item.number}]"
    _add_revision(actor, meeting, f"{source}\n\n{written}" if source else written)
    return item


@transaction.atomic
def mark_decision(*, actor: Person, meeting: Meeting, line: MarkedLine, mark: str) -> None:
    """The decision line carries the number of the recorded decision, such as "D-145".

    For the room of decisions, which records it. Approved minutes are not touched. Raises Conflict
    when the line does not stand in the notes any more.
    """
    meeting = locked_with_group(meeting)
    if meeting.is_approved:
        return
    current = parse_notes(_source(_current(meeting)))
    number = _find(current, line, LineKind.DECISION)
    _add_revision(actor, meeting, current.with_marks({number: (mark,)}))


def _refuse_closed(actor: Person, meeting: Meeting) -> None:
    """The state before the right: approved minutes are closed to everybody."""
    refuse_cancelled(meeting)
    refuse_approved(meeting)
    can_write_notes.require(viewer_for(actor.pk), meeting)


def _current(meeting: Meeting) -> NotesRevision | None:
    return meeting.notes.order_by("-number").first()


def _source(revision: NotesRevision | None) -> str:
    return revision.source if revision else ""


def _add_revision(actor: Person, meeting: Meeting, source: str) -> NotesRevision:
    number = meeting.notes_count + 1
    notes = parse_notes(source)
    if marks := _marks_of_new_items(actor, meeting, notes):
        notes = parse_notes(notes.with_marks(marks))
    revision = NotesRevision.objects.create(
        meeting=meeting,
        number=number,
        source=notes.source,
        **html_fields(document_of(notes).html),
        author=actor,
    )
    meeting.notes_count = number
    touch(meeting, "notes_count")
    return revision


def _keep(actor: Person, meeting: Meeting, base: int, source: str) -> NotesConflict:
    """The text waits for its author; an older one that still waited stays in the history."""
    waiting = NotesConflict.objects.filter(meeting=meeting, author=actor, outcome=TextOutcome.OPEN)
    same = waiting.filter(source=source, base_number=base).first()
    if same is not None:
        return same
    waiting.update(outcome=TextOutcome.SET_ASIDE, settled_at=timezone.now())
    return NotesConflict.objects.create(
        meeting=meeting, author=actor, base_number=base, source=source
    )


def _chosen(conflict: NotesConflict, current: NotesRevision, choice: str, source: str) -> str:
    if choice == "mine":
        return conflict.source
    if choice == "edited":
        return source
    merged = merge(base_source(conflict), current.source, conflict.source)
    if choice != "both" or merged is None:
        raise Invalid(_("Both change the same words. Choose one text, or write one from both."))
    return merged


def base_source(conflict: NotesConflict) -> str:
    """The text from which the kept one began."""
    base = NotesRevision.objects.filter(
        meeting=conflict.meeting_id, number=conflict.base_number
    ).first()
    return _source(base)


def _marks_of_new_items(
    actor: Person, meeting: Meeting, notes: ParsedNotes
) -> dict[int, tuple[str, ...]]:
    """Create an item for every certain line marked as action; return their numbers by line.

    A ticked line makes none, whatever number somebody typed at its end. Old minutes moved in make
    nobody something to do.
    """
    if meeting.is_entered_afterwards:
        return {}
    lines = [line for line in notes.lines if line.kind == LineKind.ACTION]
    known = _known_marks(meeting, lines)
    new = [line for line in lines if known.isdisjoint(line.marks) and not line.is_done]
    if not new:
        return {}
    people = list(members_of(meeting.group_id))
    made: dict[tuple[str, int | None, date | None], int] = {
        (item.text, item.owner_id, item.due_on): item.number
        for item in ActionItem.objects.filter(source_uuid=meeting.uuid)
    }
    marks: dict[int, tuple[str, ...]] = {}
    known_items = len(made)
    for line in new:
        said = assignment(line, people, meeting.local_date)
        if said.doubt is not None:
            continue
        for place, owner in enumerate(said.owners, start=1):
            key = (_fitting(said.text), owner.pk, said.due_on)
            if key not in made:
                if len(made) - known_items == ITEMS_AT_ONCE:
                    raise Invalid(
                        _(
                            "At most %(most)d action items can be made at once. Save the text in "
                            "parts, some of the lines marked as action later."
                        )
                        % {"most": ITEMS_AT_ONCE},
                        "source",
                    )
                item = _create_item(
                    actor, meeting, said.text, owner, said.due_on, line.number, place
                )
                made[key] = item.number
            marks[line.number] = (*marks.get(line.number, ()), f"A-{made[key]}")
    return marks


def _known_marks(meeting: Meeting, lines: list[MarkedLine]) -> set[str]:
    """Marks that name an item of the group; a number somebody made up is none."""
    marks = [mark for line in lines for mark in line.marks if mark.startswith("A-")]
    numbers = [int(mark.removeprefix("A-")) for mark in marks]
    found = ActionItem.objects.filter(group=meeting.group_id, number__in=numbers)
    return (
        {f"A-{number}" for number in found.values_list("number", flat=True)} if numbers else set()
    )


def _create_item(
    actor: Person,
    meeting: Meeting,
    text: str,
    owner: Person | None,
    due_on: date | None,
    line: int,
    place: int = 1,
) -> ActionItem:
    """Create an item that points back to the line, by revision and number, it was made of.

    `place` counts the owners that the line names: each has an item of their own.
    """
    source_line = f"{meeting.notes_count + 1}.{line}"
    return create_action_item(
        actor=actor,
        group=meeting.group,
        text=_fitting(text),
        owner=owner,
        due_on=due_on,
        level=meeting.level,
        source_kind=SOURCE_KIND,
        source_uuid=meeting.uuid,
        source_line=source_line if place == 1 else f"{source_line}.{place}",
    )


def _fitting(text: str) -> str:
    """The words of an item, begun like a sentence; a longer line stands whole in the minutes."""
    most = ActionItem._meta.get_field("text").max_length or 300
    text = " ".join(text.split())
    text = text[:1].upper() + text[1:]
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"


def _find(current: ParsedNotes, line: MarkedLine, kind: LineKind) -> int:
    """The number of this unmarked line in the latest text, also where it has moved since."""
    same = [
        found.number
        for found in current.lines
        if found.kind == kind and found.text == line.text and not found.mark
    ]
    if not same:
        raise Conflict(_("This line was changed or taken on meanwhile. Look at the latest notes."))
    return line.number if line.number in same else same[0]


def _check_member(meeting: Meeting, owner: Person | None) -> None:
    if owner is not None and not members_of(meeting.group_id).filter(pk=owner.pk).exists():
        raise Invalid(_("Choose somebody who is in the group."), "owner")
