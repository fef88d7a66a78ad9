"""The days of a meeting of several days, shown in lists of meetings under one heading."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from workinggroups.meetings.models import Meeting, MeetingSeries


@dataclass(frozen=True)
class Heading:
    """A meeting of several days in a list, with those of its days that the list has."""

    series: MeetingSeries
    days: list[Meeting] = field(default_factory=list)


def under_headings(meetings: Iterable[Meeting]) -> list[Meeting | Heading]:
    """Return the meetings in their order, the days of one meeting together where its first one is.

    The series must be fetched with the meetings.
    """
    entries: list[Meeting | Heading] = []
    headings: dict[int, Heading] = {}
    for meeting in meetings:
        if meeting.day_number is None or meeting.series is None:
            entries.append(meeting)
            continue
        heading = headings.get(meeting.series.heading_id)
        if heading is None:
            heading = headings[meeting.series.heading_id] = Heading(meeting.series)
            entries.append(heading)
        heading.days.append(meeting)
    return entries
