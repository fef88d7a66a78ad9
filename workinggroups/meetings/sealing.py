"""What is sealed when minutes are approved: text, roll and decisions, in a form anyone can check.

Form 1, of minutes approved before there was a roll in the seal, is the text alone as UTF-8. Form 2 is
JSON as UTF-8, with sorted keys, without spaces and without escapes beyond those that JSON needs. The
checksum is the SHA-256 of those bytes, which are offered as a file. People, guests and organizations are
named by their ids, so that a person's name can be erased and the checksum stays right.

An app above this one, or another part of this one, adds what it keeps of a meeting with `add_section`.
A section that a later version adds, or a value in the entries of one, is part of the seals made from
then on and of none before: what was sealed is kept as it was.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from hashlib import sha256
from typing import NamedTuple, TypeAlias

from workinggroups.meetings.choices import SEAL_MINUTES, SEAL_TEXT, AttendanceState
from workinggroups.meetings.models import (
    Attendance,
    CompetitionNotice,
    Guest,
    Meeting,
    NotesRevision,
)

# Plain values by name: what JSON holds.
Entry: TypeAlias = Mapping[str, object]
Section: TypeAlias = Callable[[Meeting], Sequence[Entry]]

_sections: dict[str, Section] = {}


class Seal(NamedTuple):
    """The form of a seal, the exact content, and its SHA-256 in hexadecimal digits."""

    form: int
    content: str
    sha256: str


def add_section(name: str, section: Section) -> None:
    """Add a list of entries to the seals made from now on. Called from `apps.ready`.

    Raises ValueError for a name that is taken.
    """
    if name in _sections and _sections[name] is not section:
        raise ValueError(f"The seal of minutes has a section {name!r} already.")
    _sections[name] = section


def seal_of(meeting: Meeting, revision: NotesRevision) -> Seal:
    """Return the seal of this revision as the minutes of the meeting, as everything is now."""
    content = {
        "form": SEAL_MINUTES,
        "meeting": {
            "uuid": str(meeting.uuid),
            "group": str(meeting.group.uuid),
            "number": meeting.number,
            "title": meeting.title,
            "starts_at": meeting.starts_at.isoformat(),
            "ends_at": meeting.ends_at.isoformat(),
        },
        "revision": revision.number,
        "text": revision.source,
        **{name: list(section(meeting)) for name, section in _sections.items()},
    }
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return Seal(SEAL_MINUTES, text, checksum(text))


def seal_of_text(revision: NotesRevision) -> Seal:
    """Return a seal of form 1: of the text alone."""
    return Seal(SEAL_TEXT, revision.source, checksum(revision.source))


def checksum(content: str) -> str:
    """Return the SHA-256 of the content in UTF-8, in hexadecimal digits."""
    return sha256(content.encode()).hexdigest()


def _roll(meeting: Meeting) -> list[Entry]:
    """Return who was present, absent or had sent regrets, and on whose behalf."""
    recorded = Attendance.objects.filter(meeting=meeting).exclude(state=AttendanceState.COMING)
    rows = recorded.values_list("person__uuid", "organization__uuid", "state")
    return [
        {
            "person": str(person),
            "organization": str(organization) if organization else None,
            "state": state,
        }
        for person, organization, state in sorted(rows, key=lambda row: str(row[0]))
    ]


def _guests(meeting: Meeting) -> list[Entry]:
    rows = Guest.objects.filter(meeting=meeting).order_by("pk")
    return [{"uuid": str(uuid)} for uuid in rows.values_list("uuid", flat=True)]


def _competition_law(meeting: Meeting) -> list[Entry]:
    """Return which version of the notice was shown and when, as a list of none or one."""
    rows = CompetitionNotice.objects.filter(meeting=meeting)
    return [
        {"version": version, "shown_at": shown_at.isoformat(), "shown_by": str(person)}
        for version, shown_at, person in rows.values_list("version", "shown_at", "shown_by__uuid")
    ]


def _agenda(meeting: Meeting) -> list[Entry]:
    items = meeting.agenda.values_list("position", "title")
    return [{"position": position, "title": title} for position, title in items]


def register_sections() -> None:
    """Called from `apps.ready`."""
    add_section("roll", _roll)
    add_section("guests", _guests)
    add_section("competition_notice", _competition_law)
    add_section("agenda", _agenda)
