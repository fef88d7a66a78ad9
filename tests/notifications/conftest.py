"""A kind of notice whose audience is written in the event, so that tests say who may hear."""

from collections.abc import Iterable, Iterator

import pytest
from django.db.models import QuerySet

from common.access import Viewer
from members.people.models import Person
from notifications import registry
from notifications.choices import Rhythm
from notifications.models import Event
from notifications.registry import Kind, Line

HEARD: set[int] = set()  # ids of the people who may hear at this moment


def audience(event: Event) -> QuerySet[Person]:
    return Person.objects.active().filter(pk__in=HEARD)


def lines(events: Iterable[Event], viewer: Viewer) -> dict[int, Line]:
    return {
        event.pk: Line(title=f"Story {event.ref['story']}", url="/", why="because you asked")
        for event in events
        if viewer.person_id in HEARD
    }


@pytest.fixture
def people(db: None) -> list[Person]:
    made = [
        Person.objects.create_user(f"p{index}@lumen.example", name=f"Person {index}")
        for index in range(4)
    ]
    HEARD.clear()
    HEARD.update(person.pk for person in made)
    return made


@pytest.fixture(autouse=True)
def kinds() -> Iterator[None]:
    before = dict(registry._kinds)
    registry.register(
        Kind("story", "Stories", "Tests", audience, lines),
        Kind("law", "Legal notices", "Tests", audience, lines, mandatory=True),
        Kind("gossip", "Gossip", "Tests", audience, lines, default_rhythm=Rhythm.DIGEST),
    )
    yield
    registry._kinds.clear()
    registry._kinds.update(before)
