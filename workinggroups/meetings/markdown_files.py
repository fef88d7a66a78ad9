"""The notes of a meeting as a Markdown file: written with front matter, and read back.

The front matter names the meeting and the revision. A file that comes back says so on which revision
its changes are based, so that nobody's later words are lost.
"""

import json
import re
from dataclasses import dataclass
from uuid import UUID

import yaml
from django.utils.translation import gettext as _

from common.errors import Invalid
from common.text.front_matter import front_matter
from common.text.limits import Limit
from workinggroups.meetings.models import Meeting, NotesRevision

# Signs of an alias, line breaks of YAML, and what is not printable there.
_ESCAPED = re.compile("[&*\x7f-\xa0\u2028\u2029\ufeff\ufffe\uffff\ue000-\uf8ff]")
# Front matter is short; a file is at most so much longer than the text in it.
FILE_MAX_BYTES = Limit.NOTES + 32 * 1024


@dataclass(frozen=True)
class ImportedNotes:
    """A text that was read from a file; `revision` is the one that it was begun from, if it says so."""

    source: str
    revision: int | None


def markdown_of(meeting: Meeting, revision: NotesRevision) -> str:
    """Return the revision as a Markdown file. The meeting has its group loaded."""
    facts: dict[str, str | int | None] = {
        "title": meeting.title,
        "group": meeting.group.name,
        "meeting": str(meeting.uuid),
        "number": meeting.number,
        "date": meeting.local_date.isoformat(),
        "starts_at": meeting.starts_at.isoformat(),
        "state": str(meeting.minutes_state),
        "revision": revision.number,
        "sha256": meeting.minutes_sha256,
    }
    lines = [f"{name}: {_value(value)}" for name, value in facts.items() if value not in {None, ""}]
    return "\n".join(["---", *lines, "---", "", revision.source, ""])


def _value(value: str | int | None) -> str:
    """Return a value as YAML: a text in quotes, in which what YAML or our reader could take for
    something else is escaped."""
    if not isinstance(value, str):
        return str(value)
    return _ESCAPED.sub(_escape, json.dumps(value, ensure_ascii=False))


def _escape(char: re.Match[str]) -> str:
    code = ord(char[0])
    return (
        f"\\x{code:02x}"
        if code < 0x100
        else f"\\u{code:04x}"
        if code < 0x10000
        else f"\\U{code:08x}"
    )


def read_markdown(text: str, meeting: Meeting) -> ImportedNotes:
    """Return the notes in a Markdown file, without the front matter that `markdown_of` writes.

    Front matter of another origin is part of the text. Raises Invalid for the notes of another meeting.
    """
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    front = front_matter(text)
    facts = _facts(text[: front.length]) if front else {}
    if front is None or "meeting" not in facts:
        return ImportedNotes(text, None)
    try:
        uuid = UUID(facts["meeting"])
    except ValueError:
        return ImportedNotes(text, None)
    if uuid != meeting.uuid:
        raise Invalid(_("This file has the notes of another meeting."), "file")
    number = facts.get("revision", "")
    is_number = number.isascii() and number.isdigit() and len(number) < 10
    return ImportedNotes(text[front.length :].lstrip("\n"), int(number) if is_number else None)


def _facts(block: str) -> dict[str, str]:
    """Return the plain values of front matter that was found to be valid."""
    lines = [line for line in block.splitlines() if line.strip() not in {"---", "..."}]
    loaded = yaml.load("\n".join(lines), Loader=yaml.CBaseLoader)  # noqa: S506  (strings only)
    if not isinstance(loaded, dict):
        return {}
    return {
        key: value
        for key, value in loaded.items()
        if isinstance(key, str) and isinstance(value, str)
    }


def decoded(content: bytes) -> str:
    """Return the text of an uploaded file. Raises Invalid for one that is too long or not UTF-8."""
    if len(content) > FILE_MAX_BYTES:
        raise Invalid(
            _("This file is too long: notes can have at most %(limit)d KB.")
            % {"limit": Limit.NOTES // 1024},
            "file",
        )
    try:
        return content.decode()
    except UnicodeDecodeError:
        raise Invalid(
            _("This file is not text in UTF-8. Save it as UTF-8, then try again."), "file"
        ) from None
