"""Read the events of a calendar file (RFC 5545) of another system, within bounds.

icalendar reads single lines and rules. Its whole calendars are not used: they expand the rules of time
zones without a bound, and a process keeps zones by names that the file chooses. Only what a series can
have is read; attendees and alarms are left out (`kept_lines`), and so go into no form and no draft.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _
from icalendar.parser import Contentline

from common.errors import Invalid
from workinggroups.meetings.choices import (
    CALENDAR_FILE_MAX_BYTES,
    CALENDAR_FILE_MAX_EVENTS,
    CALENDAR_LINE_MAX_CHARACTERS,
)

EVENT, ZONE = "VEVENT", "VTIMEZONE"
# Calendar, event or zone, alarm or change of clocks: nothing that we know is deeper.
MAX_DEPTH = 5
KEPT = {
    EVENT: {
        "UID", "DTSTART", "DTEND", "DURATION", "RRULE", "EXRULE", "RDATE", "EXDATE", "RECURRENCE-ID",
        "SUMMARY", "DESCRIPTION", "LOCATION", "URL", "STATUS", "SEQUENCE", "CONFERENCE",
        "X-GOOGLE-CONFERENCE", "X-MICROSOFT-SKYPETEAMSMEETINGURL",
    },
    ZONE: {"TZID", "X-LIC-LOCATION"},
    "STANDARD": {"DTSTART", "TZOFFSETFROM", "TZOFFSETTO", "RRULE", "RDATE"},
    "DAYLIGHT": {"DTSTART", "TZOFFSETFROM", "TZOFFSETTO", "RRULE", "RDATE"},
}  # fmt: skip
# Where each kind of component can be.
INSIDE = {EVENT: "VCALENDAR", ZONE: "VCALENDAR", "STANDARD": ZONE, "DAYLIGHT": ZONE}
# Time zones of Outlook begin in 1601; beyond, moments cannot be computed in all zones.
YEARS = range(1600, 2201)
NAME = re.compile(r"[A-Za-z0-9-]+")
LOCAL = re.compile(r"(\d{8})T(\d{6})(Z?)")
DURATION = re.compile(
    r"P(?:(\d{1,4})W)?(?:(\d{1,5})D)?(?:T(?:(\d{1,5})H)?(?:(\d{1,6})M)?(?:\d{1,7}S)?)?"
)


@dataclass(frozen=True, slots=True)
class Property:
    """A line of a component: its parameters by name in capitals, and its value."""

    value: str
    parameters: dict[str, str]


@dataclass(slots=True)
class Component:
    """An event, a time zone, or one of the rules of a time zone."""

    kind: str
    properties: dict[str, list[Property]] = field(default_factory=dict)
    parts: list["Component"] = field(default_factory=list)

    def one(self, name: str) -> Property | None:
        """Return the first property of this name."""
        return next(iter(self.properties.get(name, [])), None)

    def text(self, name: str) -> str:
        first = self.one(name)
        return first.value.strip() if first else ""

    def listed(self, name: str) -> list[Property]:
        """Return the properties of this name, one for each value in a list."""
        return [
            Property(value, each.parameters)
            for each in self.properties.get(name, [])
            for value in each.value.split(",")
        ]


@dataclass(frozen=True, slots=True)
class LocalMoment:
    """A time as a file writes it: local, in the zone that `zone` names; "" for one of no zone."""

    at: datetime
    zone: str


def decoded(content: bytes) -> str:
    """Return the text of a file. Raises Invalid for a file that is too large, or no calendar."""
    if len(content) > CALENDAR_FILE_MAX_BYTES:
        raise Invalid(
            _("The file is larger than %(most)d KB. Export only the calendar with this series.")
            % {"most": CALENDAR_FILE_MAX_BYTES // 1024},
            "file",
        )
    encoding = "utf-16" if content[:2] in {b"\xff\xfe", b"\xfe\xff"} else "utf-8-sig"
    return content.decode(encoding, errors="replace").replace("\0", "")


def kept_lines(text: str) -> str:
    """Return the lines of a calendar from which series can be read, and no others.

    Raises Invalid for what is no calendar, or has too much in it.
    """
    lines: list[str] = []
    open_: list[str] = []
    events = 0
    for line in _unfolded(text):
        name = _name(line)
        kind = line.partition(":")[2].strip().upper()
        if name == "BEGIN":
            open_.append(kind)
            events += kind == EVENT
            if len(open_) > MAX_DEPTH:
                raise Invalid(_("This file is nested too deeply for a calendar."), "file")
            if events > CALENDAR_FILE_MAX_EVENTS:
                raise Invalid(
                    _("The file has more than %(most)d events. Export only this series.")
                    % {"most": CALENDAR_FILE_MAX_EVENTS},
                    "file",
                )
        is_known = bool(open_) and (open_[-1] == "VCALENDAR" or _is_in_place(open_))
        is_mark = name in {"BEGIN", "END"}
        is_kept = is_mark or bool(open_ and name in KEPT.get(open_[-1], ()))
        if is_known and is_kept and len(line) <= CALENDAR_LINE_MAX_CHARACTERS:
            lines.append(line)
        if name == "END" and open_ and open_[-1] == kind:
            open_.pop()
    if not lines:
        raise Invalid(_("This is not a calendar file. Choose one whose name ends in .ics."), "file")
    return "\n".join(lines)


def components_of(text: str) -> list[Component]:
    """Return the events and time zones in lines that `kept_lines` returned."""
    components: list[Component] = []
    open_: list[Component] = []
    for line in text.split("\n"):
        name, _sep, value = line.partition(":")
        if name in {"BEGIN", "END"}:
            kind = value.strip().upper()
            if name == "BEGIN":
                open_.append(Component(kind))
            elif open_ and open_[-1].kind == kind:
                closed = open_.pop()
                if kind in {EVENT, ZONE}:
                    components.append(closed)
                elif kind != "VCALENDAR" and open_:
                    open_[-1].parts.append(closed)
            continue
        if open_ and (read := _property(line)):
            open_[-1].properties.setdefault(read[0], []).append(read[1])
    return components


# Its constructor has no types.
_content_line: Callable[[str], Contentline] = Contentline


def _property(line: str) -> tuple[str, Property] | None:
    """Return the name and the rest of a line; None for one that cannot be read."""
    try:
        name, parameters, value = _content_line(line).parts()
        flat = {str(key).upper(): _first(each) for key, each in parameters.items()}
    except (ValueError, KeyError, IndexError):
        return None
    return str(name).upper(), Property(str(value), flat)


def _first(value: object) -> str:
    return str(value[0]) if isinstance(value, list | tuple) and value else str(value)


def _unfolded(text: str) -> Iterator[str]:
    """Yield the lines of a file, joined where they were folded (RFC 5545, 3.1)."""
    pieces: list[str] = []
    for line in re.split(r"\r\n|\n|\r", text):
        if line[:1] in {" ", "\t"} and pieces:
            pieces.append(line[1:])
            continue
        if pieces:
            yield "".join(pieces)
        pieces = [line] if line.strip() else []
    if pieces:
        yield "".join(pieces)


def _name(line: str) -> str:
    match = NAME.match(line)
    return match[0].upper() if match else ""


def _is_in_place(open_: list[str]) -> bool:
    """Tell whether the innermost open component is one that we read, where it belongs."""
    inside = INSIDE.get(open_[-1])
    return inside is not None and len(open_) > 1 and open_[-2] == inside


def moment_in(written: Property) -> LocalMoment | None:
    """Return the time in a property; None for a date without an hour, and for what is no time.

    Of a period, its start.
    """
    match = LOCAL.fullmatch(written.value.strip().partition("/")[0])
    if match is None:
        return None
    try:
        at = datetime.strptime(match[1] + match[2], "%Y%m%d%H%M%S")
    except ValueError:
        return None
    if at.year not in YEARS:
        return None
    return LocalMoment(at, "UTC" if match[3] else written.parameters.get("TZID", "").strip())


def date_in(written: Property) -> date | None:
    """Return the date in a property of a whole day; None for anything else."""
    value = written.value.strip()
    try:
        day = datetime.strptime(value, "%Y%m%d").date() if len(value) == 8 else None
    except ValueError:
        return None
    return day if day and day.year in YEARS else None


def duration_in(written: Property) -> timedelta | None:
    """Return a duration in minutes, hours, days and weeks; None for another one."""
    match = DURATION.fullmatch(written.value.strip().lstrip("+"))
    if match is None:
        return None
    weeks, days, hours, minutes = (int(part or 0) for part in match.groups())
    return timedelta(weeks=weeks, days=days, hours=hours, minutes=minutes)
