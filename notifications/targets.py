"""Lines of events that name one thing, as most do: found for the reader, then put into words."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.db.models import Model, QuerySet

from common.access import Viewer
from common.access.content import sees, visible_content
from members.people.models import Person
from notifications.models import Event
from notifications.registry import Line, Lines

Thing = TypeVar("Thing", bound=Model)

Words = Callable[[Thing, Event, Viewer], Line | None]
WordsWithPerson = Callable[[Thing, Event, Viewer, Person], Line | None]


def lines_about(
    name: str, seen: Callable[[Viewer], QuerySet[Thing]], words: Words[Thing], *, by: str = "pk"
) -> Lines:
    """The lines of events whose `ref[name]` is the `by` of a thing.

    `seen` are the things a viewer may see at that moment; of the others nothing is said. `words`
    says one of them, or None where this reader is shown no line after all. One query for all
    events, also where several kinds share what is made here.
    """

    def lines(events: Iterable[Event], viewer: Viewer) -> Mapping[int, Line]:
        listed = list(events)
        wanted = {event.ref[name] for event in listed}
        found = {
            str(getattr(thing, by)): thing for thing in seen(viewer).filter(**{f"{by}__in": wanted})
        }
        return {
            event.pk: line
            for event in listed
            if (thing := found.get(str(event.ref[name]))) is not None
            and (line := words(thing, event, viewer)) is not None
        }

    return lines


def lines_with_person(
    name: str, seen: Callable[[Viewer], QuerySet[Thing]], words: WordsWithPerson[Thing]
) -> Lines:
    """As `lines_about`, for events that also name a person, which costs a second query."""

    def lines(events: Iterable[Event], viewer: Viewer) -> Mapping[int, Line]:
        listed = list(events)
        people = Person.objects.in_bulk({event.ref["person"] for event in listed})

        def with_person(thing: Thing, event: Event, viewer: Viewer) -> Line | None:
            person = people.get(event.ref["person"])
            return None if person is None else words(thing, event, viewer, person)

        return lines_about(name, seen, with_person)(listed, viewer)

    return lines


@dataclass(frozen=True, slots=True)
class SharedLines(Generic[Thing]):
    """Lines about rows with an access key, in the same words for all who may read them.

    `rows` are those that are told at all, whoever reads; `ref[name]` is the `by` of one. Many
    readers of one event cost one query (`to_many`), each held against the row by the same rule.
    `words` takes the IANA zone in which hours are written: readers of one zone share one line.
    """

    name: str
    rows: Callable[[], QuerySet[Thing]]
    words: Callable[[Thing, Event, str], Line | None]
    by: str = "pk"

    def __call__(self, events: Iterable[Event], viewer: Viewer) -> Mapping[int, Line]:
        listed = list(events)
        found = self._found(self.rows().filter(visible_content(viewer)), listed)
        return {
            event.pk: line
            for event in listed
            if (thing := found.get(str(event.ref[self.name]))) is not None
            and (line := self.words(thing, event, viewer.zone)) is not None
        }

    def to_many(
        self, readers: Iterable[tuple[Event, Viewer]]
    ) -> dict[tuple[int, int | None], Line]:
        """What each reader may see, by the ids of event and person."""
        listed = list(readers)
        events = {event.pk: event for event, _ in listed}
        found = self._found(self.rows(), events.values())
        things = {pk: found.get(str(event.ref[self.name])) for pk, event in events.items()}
        lines = {
            (pk, zone): thing and self.words(thing, events[pk], zone)
            for pk, zone in {(event.pk, viewer.zone) for event, viewer in listed}
            for thing in (things[pk],)
        }
        return {
            (event.pk, viewer.person_id): line
            for event, viewer in listed
            if (line := lines[event.pk, viewer.zone]) and sees(viewer, things[event.pk])  # type: ignore[arg-type]
        }

    def _found(self, rows: QuerySet[Thing], events: Iterable[Event]) -> dict[str, Any]:
        wanted = {event.ref[self.name] for event in events}
        return {
            str(getattr(thing, self.by)): thing
            for thing in rows.filter(**{f"{self.by}__in": wanted})
        }
