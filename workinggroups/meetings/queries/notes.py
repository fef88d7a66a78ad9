"""The notes of a meeting, and the action items and decisions marked in them."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from common.access import Level, Viewer
from common.errors import Invalid
from common.prepared_statements import prepared
from members.people.models import Person
from workinggroups.groups.models import ActionItem
from workinggroups.groups.queries import members_of
from workinggroups.meetings.assignment import Assignment, assignment
from workinggroups.meetings.markers import Marker, MarkerKind, markers_in
from workinggroups.meetings.models import (
    Meeting,
    NotesRevision,
)


def unassigned_markers(revision: NotesRevision | None) -> list[Marker]:
    """Return the action markers that have no item yet, in order. No query."""
    actions = (one for one in _markers_of(revision) if one.kind == MarkerKind.ACTION)
    return [marker for marker in actions if not marker.reference]


# Each has a form of its own, and a text can hold tens of thousands.
WAITING_SHOWN = 50


@dataclass(frozen=True)
class MarkerInDoubt:
    """An action marker that has no item yet, and what could be read in it."""

    marker: Marker
    assignment: Assignment[Person]


def markers_in_doubt(meeting: Meeting, revision: NotesRevision | None) -> list[MarkerInDoubt]:
    """Return the first action markers whose owner or date a person has to choose.

    The next ones follow once these have items. At most one query.
    """
    new = unassigned_markers(revision)[:WAITING_SHOWN]
    if not new:
        return []
    people = list(members_of(meeting.group_id))
    return [MarkerInDoubt(one, assignment(one, people, meeting.local_date)) for one in new]


def decision_markers(revision: NotesRevision) -> list[Marker]:
    """Return the decision markers; one without a `reference` has no recorded decision yet."""
    return [marker for marker in _markers_of(revision) if marker.kind == MarkerKind.DECISION]


def _markers_of(revision: NotesRevision | None) -> list[Marker]:
    """Return the markers of a stored text; none if the text would be refused today."""
    try:
        return markers_in(revision.source) if revision else []
    except Invalid:
        return []


@prepared
def notes_of(meeting: int) -> QuerySet[NotesRevision]:
    rows = NotesRevision.objects.filter(meeting=meeting).select_related("author")
    return rows.order_by("-number")[:1]


@prepared
def items_from(group: int, read_level: Level, meeting: UUID) -> QuerySet[ActionItem]:
    items = ActionItem.objects.within(group, read_level).filter(source_uuid=meeting)
    return items.with_owner_names().order_by("number")


def latest_notes(meeting: Meeting) -> NotesRevision | None:
    return notes_of.first(meeting.pk)


def items_of(meeting: Meeting, viewer: Viewer) -> list[ActionItem]:
    """Return the action items from the meeting that this viewer can read."""
    read_level = viewer.read_level(meeting.group_id)
    return items_from(group=meeting.group_id, read_level=read_level, meeting=meeting.uuid)
