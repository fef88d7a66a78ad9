"""How much of everything."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sizes:
    """Two groups are measured, which differ in their meetings alone: the usual one has `meetings`,
    the other `many_meetings`. A third has `many_seats`; the rest have less of everything."""

    organizations: int = 400
    people: int = 10_000
    groups: int = 300
    many_seats: int = 1200
    seats: int = 120
    many_meetings: int = 5000
    meetings: int = 200
    agenda_items: int = 20
    notes_bytes: int = 8192
    revisions: int = 10_000
    many_revisions: int = 400
    decisions: int = 200
    action_items: int = 200
    topics: int = 100
    many_posts: int = 200
    notifications: int = 200
