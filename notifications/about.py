"""Lines of events that name one thing, as most do: found for the reader, then put into words."""

from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar

from django.db.models import Model, QuerySet

from common.access import Viewer
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
