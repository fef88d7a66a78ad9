"""Lines of a meeting's notes that were marked as decision, as the register finds them."""

from dataclasses import dataclass

from common.names import equality_key
from workinggroups.decisions.choices import TITLE_MAX_CHARACTERS
from workinggroups.meetings.lines import MarkedLine
from workinggroups.meetings.models import Meeting, NotesRevision
from workinggroups.meetings.queries import latest_notes, marked_decisions


@dataclass(frozen=True, slots=True)
class SourceLine:
    """A marked line where it stood. `key` names it for ever: a revision of notes never changes."""

    revision: NotesRevision
    line: MarkedLine

    @property
    def key(self) -> str:
        return f"{self.revision.number}:{self.line.number}"


def find_line(meeting: Meeting, key: str) -> SourceLine | None:
    """The line of this key, or None for a key that names none."""
    number, _colon, place = key.partition(":")
    if not (_is_number(number) and _is_number(place)):
        return None
    revision = meeting.notes.filter(number=int(number)).first()
    if revision is None:
        return None
    lines = (line for line in marked_decisions(revision) if line.number == int(place))
    return next((SourceLine(revision, line) for line in lines), None)


def waiting_lines(meeting: Meeting) -> list[SourceLine]:
    """All lines of the latest notes of which no decision was recorded yet. Two queries.

    A page shows the first `WAITING_SHOWN` of them.
    """
    revision = latest_notes(meeting)
    if revision is None:
        return []
    recorded = set(meeting.decisions.values_list("source_line", flat=True))
    found = [SourceLine(revision, line) for line in marked_decisions(revision) if not line.mark]
    return [line for line in found if line.key not in recorded]


def line_titled(meeting: Meeting, title: str) -> SourceLine | None:
    """The one line that waits and reads like this title, or None where none or several do."""
    found = [line for line in waiting_lines(meeting) if _key(line.line.text) == _key(title)]
    return found[0] if len(found) == 1 else None


def _key(title: str) -> str:
    """The same for two titles that differ in case, spaces or a full stop at the end."""
    return equality_key(" ".join(title[:TITLE_MAX_CHARACTERS].split()).rstrip(" .。"))


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 7
