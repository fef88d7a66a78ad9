"""What is recorded from a meeting, with the marker in its notes: an action item, a decision."""

from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from common.errors import Conflict
from members.people.models import Person
from workinggroups.groups.actions.guards import require_running
from workinggroups.groups.models import ActionItem
from workinggroups.groups.queries import members_of
from workinggroups.meetings.actions.locking import lock_meeting_with_group
from workinggroups.meetings.actions.revisions import (
    add_revision,
    create_item,
    latest_revision,
    refuse_closed,
    source_of,
)
from workinggroups.meetings.assignment import assignment
from workinggroups.meetings.markers import Marker, MarkerKind, ParsedNotes, parse_notes
from workinggroups.meetings.models import Meeting
from workinggroups.meetings.queries.minutes import is_final_by_rule


@transaction.atomic
def assign_marker(
    *,
    actor: Person,
    meeting: Meeting,
    marker: Marker,
    owners: Sequence[Person],
    due_on: date | None,
) -> ActionItem:
    """Create the action item of a marker that was in doubt, and add its number to the marker.

    `owners` is empty while nobody has taken the item on. Raises Conflict when the notes no longer
    contain the marker.
    """
    meeting = lock_meeting_with_group(meeting)
    refuse_closed(actor=actor, meeting=meeting)
    require_running(meeting.group)
    current = parse_notes(source_of(latest_revision(meeting)))
    number = _find(current, marker, MarkerKind.ACTION)
    assigned = assignment(marker, list(members_of(meeting.group_id)), meeting.local_date)
    item = create_item(
        actor=actor,
        meeting=meeting,
        text=assigned.text,
        owners=owners,
        due_on=due_on,
        number=number,
    )
    source = current.with_references({number: (f"A-{item.number}",)})
    add_revision(actor=actor, meeting=meeting, source=source)
    return item


@transaction.atomic
def record_action(
    *, actor: Person, meeting: Meeting, text: str, owners: Sequence[Person], due_on: date | None
) -> ActionItem:
    """Create an action item, and add a marker that says so at the end of the notes."""
    meeting = lock_meeting_with_group(meeting)
    refuse_closed(actor=actor, meeting=meeting)
    require_running(meeting.group)
    source = source_of(latest_revision(meeting))
    number = source.count("\n") + 3 if source else 1
    item = create_item(
        actor=actor, meeting=meeting, text=text, owners=owners, due_on=due_on, number=number
    )
    names = "".join(f"@{owner} " for owner in owners)
    due = f" by {due_on.isoformat()}" if due_on else ""
    marker = f"action: {names}{' '.join(item.text.split())}{due} [A-{item.number}]"
    add_revision(actor=actor, meeting=meeting, source=f"{source}\n\n{marker}" if source else marker)
    return item


@transaction.atomic
def mark_decision(*, actor: Person, meeting: Meeting, marker: Marker, reference: str) -> None:
    """Add the number of a recorded decision, such as "D-145", to the decision's marker.

    Leaves approved minutes as they are. Raises Conflict when the notes no longer contain the
    marker.
    """
    meeting = lock_meeting_with_group(meeting)
    if meeting.is_approved or is_final_by_rule(meeting):
        return
    current = parse_notes(source_of(latest_revision(meeting)))
    number = _find(current, marker, MarkerKind.DECISION)
    source = current.with_references({number: (reference,)})
    add_revision(actor=actor, meeting=meeting, source=source)


def _find(current: ParsedNotes, marker: Marker, kind: MarkerKind) -> int:
    """Return the number of the marker in the latest text, where it may have moved since."""
    numbers = [
        one.number
        for one in current.markers
        if one.kind == kind and one.text == marker.text and not one.reference
    ]
    if not numbers:
        raise Conflict(
            _("This line has been changed or recorded in the meantime. Read the latest notes.")
        )
    return marker.number if marker.number in numbers else numbers[0]
