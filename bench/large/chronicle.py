"""What was made so far, and what the record and search are to hold of it."""

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID

from django.db import connection
from django.db.models import Model

from bench.large.progress import Progress
from bench.large.sizes import Sizes
from common.links.models import Link
from common.record.actions import canonical
from common.record.models import Record
from common.record.registry import kind_for, kind_of
from common.record.verbs import Verb
from common.search.models import SearchEntry
from common.times import since
from members.organizations.models import Organization
from members.people.models import Person
from workinggroups.decisions.models import Decision
from workinggroups.deliverables.models import (
    Authorship,
    Deliverable,
    Editorship,
    Publication,
    ReviewComment,
    Revision,
)
from workinggroups.groups.models import CharterVersion, Group
from workinggroups.meetings.models import Meeting

Row = TypeVar("Row", bound=Model)
Thing = TypeVar("Thing")

BATCH = 1000
# How long ago the alliance of this demo began, in days.
AGE = 1900


@dataclass(frozen=True, slots=True)
class Colleague:
    """A person who is inside the alliance now, through which organization and since when."""

    person: Person
    organization: Organization
    since: datetime
    may_write: bool


@dataclass(frozen=True, slots=True)
class Place:
    """Somebody's seat in a group."""

    person: Person
    organization: Organization | None
    since: datetime
    may_write: bool


@dataclass(slots=True)
class Circle:
    """A group with its people, and the time in which it was at work."""

    group: Group
    began: datetime
    until: datetime
    chair: Person
    secretary: Person
    places: list[Place]
    charters: list[CharterVersion] = field(default_factory=list)
    meetings: list[Meeting] = field(default_factory=list)
    decisions: list[Decision] = field(default_factory=list)

    @property
    def writers(self) -> list[Place]:
        return [place for place in self.places if place.may_write]

    def held_before(self, at: datetime) -> Meeting | None:
        """The last meeting that was held by then."""
        held = [one for one in self.meetings if one.state == "held" and one.ends_at <= at]
        return held[-1] if held else None


@dataclass(slots=True)
class Written:
    """A work with its rows, and the revisions that a decision approves, with the moment."""

    circle: Circle
    work: Deliverable
    revisions: list[Revision] = field(default_factory=list)
    editorships: list[Editorship] = field(default_factory=list)
    authorships: list[Authorship] = field(default_factory=list)
    comments: list[ReviewComment] = field(default_factory=list)
    versions: list[tuple[Revision, datetime]] = field(default_factory=list)


def reserved_ids(model: type[Model], count: int) -> list[int]:
    """Ids of rows that are still to be written, so that others can name them before."""
    table, key = model._meta.db_table, "id"
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)",
            [table, key, count],
        )
        return [row[0] for row in cursor.fetchall()]


class Chronicle:
    """The one source of chance, time and ids, and the hand that writes rows."""

    def __init__(self, sizes: Sizes, now: datetime, seed: int, progress: Progress) -> None:
        self.sizes = sizes
        self.now = now
        self.dice = random.Random(seed)
        self.progress = progress
        self.staff = Person()
        self.colleagues: list[Colleague] = []
        # Of another demo, who sit in the measured groups as well.
        self.guests: list[Colleague] = []
        self.organizations: list[Organization] = []
        # Those that have accepted the agreements at some time.
        self.signed: set[Organization] = set()
        self.circles: list[Circle] = []
        self.written: list[Written] = []
        # By the uuid of the revision.
        self.approvals: dict[UUID, Decision] = {}
        self.publications: list[Publication] = []
        self.acts: list[Record] = []
        self.entries: list[SearchEntry] = []
        self.links: list[Link] = []

    @property
    def member(self) -> Colleague:
        """The ordinary member whom the bench signs in."""
        return self.colleagues[0]

    @property
    def large(self) -> Circle:
        return self.circles[1]

    @property
    def usual(self) -> Circle:
        return self.circles[0]

    @property
    def crowded(self) -> Circle:
        """The group with most people."""
        return self.circles[2]

    @property
    def in_turn(self) -> Circle:
        """The group with the long series."""
        return self.circles[3]

    # --- chance and time ------------------------------------------------------------------------

    def ago(self, days: float) -> datetime:
        return self.now - timedelta(days=days)

    def between(self, start: datetime, end: datetime) -> datetime:
        """A moment from `start` to before `end`, to the second; `start` where there is none."""
        seconds = int((end - start).total_seconds())
        return start + timedelta(seconds=self.dice.randrange(seconds) if seconds > 0 else 0)

    def soon_after(self, moment: datetime, days: float) -> datetime:
        """Within so many days of it, and not to come."""
        return self.between(moment, min(moment + timedelta(days=days), self.now))

    def happens(self, share: float) -> bool:
        return self.dice.random() < share

    def some(self, things: Sequence[Thing], count: int) -> list[Thing]:
        """So many of them, or all where there are fewer."""
        return self.dice.sample(things, min(count, len(things)))

    def uuid(self, at: datetime) -> UUID:
        """A version 7 UUID of that moment, so that lists by id are in the order of time."""
        milliseconds = int(at.timestamp() * 1000)
        return UUID(
            int=milliseconds << 80
            | 7 << 76
            | self.dice.getrandbits(12) << 64
            | 2 << 62
            | self.dice.getrandbits(62)
        )

    # --- rows -----------------------------------------------------------------------------------

    def save(self, rows: Iterable[Row], part: float = 1.0) -> list[Row]:
        """Writes rows of one table; `part` of the subject is done with them, from 0 to 1."""
        listed = list(rows)
        for start in range(0, len(listed), BATCH):
            batch = listed[start : start + BATCH]
            type(batch[0])._default_manager.bulk_create(batch)
            self.progress.step(part * (start + len(batch)) / len(listed))
        return listed

    def act(
        self,
        verb: Verb,
        thing: Any,
        at: datetime,
        actor: Person | None,
        **facts: Any,
    ) -> None:
        """The record will say that this was done."""
        self.acts.append(
            Record(
                uuid=self.uuid(at),
                at=at,
                actor_uuid=actor.uuid if actor else None,
                verb=verb.value,
                kind=kind_for(verb, thing),
                object_uuid=thing.uuid,
                facts=canonical(facts),
            )
        )

    def link(self, thing: Any, relation: str, other: Any, at: datetime, actor: Person) -> None:
        """The things are joined in the graph from that moment on."""
        self.links.append(
            Link(
                uuid=self.uuid(at),
                from_kind=kind_of(thing),
                from_uuid=thing.uuid,
                relation=relation,
                to_kind=kind_of(other),
                to_uuid=other.uuid,
                during=since(at),
                actor_uuid=actor.uuid,
            )
        )
