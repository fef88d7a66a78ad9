"""Decision markers in the notes of a meeting, of which the register records decisions."""

from collections.abc import Iterable
from dataclasses import dataclass

from common.names import equality_key
from workinggroups.decisions.choices import TITLE_MAX_CHARACTERS
from workinggroups.decisions.models import Decision
from workinggroups.meetings.markers import Marker
from workinggroups.meetings.models import Meeting, NotesRevision
from workinggroups.meetings.queries import decision_markers, latest_notes


@dataclass(frozen=True, slots=True)
class SourceMarker:
    """A marker with its revision. `key` always names it, since a revision never changes."""

    revision: NotesRevision
    marker: Marker

    @property
    def key(self) -> str:
        return f"{self.revision.number}:{self.marker.number}"


def find_marker(meeting: Meeting, key: str) -> SourceMarker | None:
    """Return the marker with this key, or None."""
    number, _colon, place = key.partition(":")
    if not (_is_number(number) and _is_number(place)):
        return None
    revision = meeting.notes.filter(number=int(number)).first()
    if revision is None:
        return None
    markers = (one for one in decision_markers(revision) if one.number == int(place))
    return next((SourceMarker(revision, marker) for marker in markers), None)


def unrecorded_markers(
    notes: NotesRevision | None, decisions: Iterable[Decision]
) -> list[SourceMarker]:
    """Return the decision markers of these notes that none of their meeting's decisions records.

    A page shows the first `WAITING_SHOWN` of them.
    """
    if notes is None:
        return []
    recorded = {decision.source_line for decision in decisions}
    sources = (SourceMarker(notes, one) for one in decision_markers(notes) if not one.reference)
    return [source for source in sources if source.key not in recorded]


def marker_titled(meeting: Meeting, title: str) -> SourceMarker | None:
    """Return the one unrecorded marker of the latest notes that reads like this title, or None."""
    markers = unrecorded_markers(latest_notes(meeting), meeting.decisions.all())
    same = [source for source in markers if _key(source.marker.text) == _key(title)]
    return same[0] if len(same) == 1 else None


def _key(title: str) -> str:
    """Return the same key for titles that differ in case, spaces or a full stop at the end."""
    return equality_key(" ".join(title[:TITLE_MAX_CHARACTERS].split()).rstrip(" .。"))


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 7
