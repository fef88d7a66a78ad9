"""Who speaks in a meeting, and who waits."""

from dataclasses import dataclass

from workinggroups.meetings.models import Meeting, SpeakerRequest
from workinggroups.meetings.speaking_order import Turn, speaking_order


@dataclass(frozen=True)
class Speakers:
    """Who speaks now, and who waits in the order in which they are called."""

    speaking: SpeakerRequest | None
    waiting: list[SpeakerRequest]
    # Who has spoken in this meeting, as ids of people.
    have_spoken: frozenset[int]

    def request_of(self, person_id: int | None) -> SpeakerRequest | None:
        """Return the open request of this person."""
        own = [self.speaking] if self.speaking else []
        requests = (one for one in [*own, *self.waiting] if one.person_id == person_id)
        return next(requests, None)


def turn_of(request: SpeakerRequest) -> Turn:
    party = (request.organization_id, None if request.organization_id else request.person_id)
    return Turn(request.pk, request.person_id, party, request.raised_at, request.called_at)


def speakers_of(meeting: Meeting) -> Speakers:
    """Return the speakers with their organizations. One query."""
    rows = meeting.speakers.filter(withdrawn_at__isnull=True)
    requests = {row.pk: row for row in rows.select_related("person", "organization")}
    order = speaking_order(map(turn_of, requests.values()))
    called = [row for row in requests.values() if row.called_at]
    return Speakers(
        speaking=next((row for row in called if row.done_at is None), None),
        waiting=[requests[turn.pk] for turn in order],
        have_spoken=frozenset(row.person_id for row in called),
    )
