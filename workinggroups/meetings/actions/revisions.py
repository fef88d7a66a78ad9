"""Writing a revision of the notes: its markers become action items."""

from collections.abc import Sequence
from datetime import date

from django.utils.translation import gettext as _

from common.access import viewer_for
from common.errors import Invalid
from common.text.rendered import html_fields
from members.people.models import Person
from workinggroups.groups.actions import create_action_item
from workinggroups.groups.models import ActionItem
from workinggroups.groups.permissions import is_running
from workinggroups.groups.queries import members_of
from workinggroups.meetings.actions.locking import refuse_approved, refuse_cancelled, touch
from workinggroups.meetings.assignment import assignment
from workinggroups.meetings.choices import ITEMS_AT_ONCE
from workinggroups.meetings.markers import Marker, MarkerKind, ParsedNotes, parse_notes
from workinggroups.meetings.models import Meeting, NotesRevision
from workinggroups.meetings.permissions import can_write_notes
from workinggroups.meetings.rendering import document_of

SOURCE_KIND = "meeting"


def refuse_closed(*, actor: Person, meeting: Meeting) -> None:
    """Refuse to write notes: first for the meeting's state, which closes them to everybody."""
    refuse_cancelled(meeting)
    refuse_approved(meeting)
    can_write_notes.require(viewer_for(actor.pk), meeting)


def latest_revision(meeting: Meeting) -> NotesRevision | None:
    return meeting.notes.order_by("-number").first()


def source_of(revision: NotesRevision | None) -> str:
    return revision.source if revision else ""


def add_revision(*, actor: Person, meeting: Meeting, source: str) -> NotesRevision:
    """Save the text as the next revision, and create the action items of its new markers.

    The caller holds the locks of the group and the meeting.
    """
    number = meeting.notes_count + 1
    notes = parse_notes(source)
    if references := _create_items(actor, meeting, notes):
        notes = parse_notes(notes.with_references(references))
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


def create_item(
    *,
    actor: Person,
    meeting: Meeting,
    text: str,
    owners: Sequence[Person],
    due_on: date | None,
    number: int,
) -> ActionItem:
    """Create an item that points back to its marker, which has this number, in the next revision."""
    return create_action_item(
        actor=actor,
        group=meeting.group,
        text=_fitting(text),
        owners=owners,
        due_on=due_on,
        level=meeting.level,
        source_kind=SOURCE_KIND,
        source_uuid=meeting.uuid,
        source_line=f"{meeting.notes_count + 1}.{number}",
    )


def _create_items(
    actor: Person, meeting: Meeting, notes: ParsedNotes
) -> dict[int, tuple[str, ...]]:
    """Create the items of every action marker that is not in doubt; return references by number.

    A ticked marker gets no item, even with a made-up reference at its end, nor do the notes of a
    meeting entered afterwards or of a concluded group. Raises Invalid for more than ITEMS_AT_ONCE new items.
    """
    if meeting.is_entered_afterwards or not is_running(meeting.group):
        return {}
    actions = [marker for marker in notes.markers if marker.kind == MarkerKind.ACTION]
    known = _known_references(meeting, actions)
    new = [one for one in actions if known.isdisjoint(one.references) and not one.is_done]
    if not new:
        return {}
    people = list(members_of(meeting.group_id))
    earlier = ActionItem.objects.filter(source_uuid=meeting.uuid).with_owners()
    numbers = {(item.text, item.owner_ids, item.due_on): f"A-{item.number}" for item in earlier}
    references: dict[int, tuple[str, ...]] = {}
    most = len(numbers) + ITEMS_AT_ONCE
    for marker in new:
        assigned = assignment(marker, people, meeting.local_date)
        if assigned.doubt is not None:
            continue
        text, due_on = assigned.text, assigned.due_on
        key = (_fitting(text), frozenset(owner.pk for owner in assigned.owners), due_on)
        # A line from when each owner had an item of their own finds those again.
        single = [numbers.get((key[0], frozenset([owner]), due_on), "") for owner in key[1]]
        if key not in numbers and all(single):
            references[marker.number] = tuple(single)
            continue
        if key not in numbers:
            if len(numbers) == most:
                raise Invalid(
                    _(
                        "You can create at most %(most)d action items at once. Save the text in "
                        "parts and mark some of the actions later."
                    )
                    % {"most": ITEMS_AT_ONCE},
                    "source",
                )
            item = create_item(
                actor=actor,
                meeting=meeting,
                text=text,
                owners=assigned.owners,
                due_on=due_on,
                number=marker.number,
            )
            numbers[key] = f"A-{item.number}"
        references[marker.number] = (numbers[key],)
    return references


def _known_references(meeting: Meeting, markers: list[Marker]) -> set[str]:
    """Return the references that name an item of the group, without made-up ones."""
    references = {one for marker in markers for one in marker.references if one.startswith("A-")}
    if not references:
        return set()
    numbers = [int(one.removeprefix("A-")) for one in references]
    items = ActionItem.objects.filter(group=meeting.group_id, number__in=numbers)
    return {f"A-{number}" for number in items.values_list("number", flat=True)}


def _fitting(text: str) -> str:
    """Shorten the words of an item to what its field holds, and begin them with a capital."""
    most = ActionItem._meta.get_field("text").max_length or 300
    text = " ".join(text.split())
    text = text[:1].upper() + text[1:]
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"
