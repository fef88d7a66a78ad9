"""How much of everything."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sizes:
    """Two groups are measured, which differ in their meetings alone: the usual one has `meetings`,
    the other `many_meetings`. A third has `many_seats`, and a meeting of `many_items` on the agenda
    with `attendees`; a fourth has a series of `occurrences`. The rest have less of everything."""

    organizations: int = 400
    people: int = 10_000
    groups: int = 300
    many_seats: int = 1200
    seats: int = 120
    many_meetings: int = 5000
    meetings: int = 200
    agenda_items: int = 20
    many_items: int = 60
    attendees: int = 200
    occurrences: int = 260
    notes_bytes: int = 8192
    revisions: int = 10_000
    many_revisions: int = 400
    decisions: int = 200
    action_items: int = 200
    topics: int = 100
    many_posts: int = 200
    notifications: int = 200
