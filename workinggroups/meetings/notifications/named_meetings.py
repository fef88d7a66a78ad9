"""What reminders about several meetings have in common: their payload names them by uuid."""

from collections.abc import Iterable, Iterator
from typing import Protocol, TypeVar

from workinggroups.meetings.models import Meeting

# A reminder names so many meetings at most.
MEETINGS_NAMED = 20


class NamesMeetings(Protocol):
    """A payload with the uuids of meetings, with commas between."""

    @property
    def meetings(self) -> str: ...


Payload = TypeVar("Payload", bound=NamesMeetings)


def join_uuids(meetings: Iterable[Meeting]) -> str:
    """Return the uuids of the first MEETINGS_NAMED of these meetings, as a payload has them."""
    return ",".join([str(meeting.uuid) for meeting in meetings][:MEETINGS_NAMED])


def uuids_in(payloads: Iterable[NamesMeetings]) -> set[str]:
    """Return the uuids of all meetings that these payloads name."""
    return {uuid for each in payloads for uuid in each.meetings.split(",")}


def by_payload(
    payloads: Iterable[Payload], meetings: Iterable[Meeting]
) -> Iterator[tuple[Payload, list[Meeting]]]:
    """Yield each payload with those of the meetings that it names, in its order, if there are any."""
    by_uuid = {str(meeting.uuid): meeting for meeting in meetings}
    for each in payloads:
        named = [by_uuid[uuid] for uuid in each.meetings.split(",") if uuid in by_uuid]
        if named:
            yield each, named
