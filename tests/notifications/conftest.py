"""Types of notifications whose recipients are a list, so that tests say who is one."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Self

import pytest
from django.db.models import QuerySet

from common.access import Viewer
from members.people.models import Person
from notifications import registry
from notifications.choices import Category, Frequency
from notifications.types import NotificationContent, NotificationType

RECIPIENTS: set[int] = set()  # ids of the people who are recipients at this moment


@dataclass(frozen=True, kw_only=True)
class Story(NotificationType[int]):
    name = "story"
    label = "Stories"
    category = Category.ALLIANCE

    story: int

    def recipients(self) -> QuerySet[Person]:
        return Person.objects.active().filter(pk__in=RECIPIENTS)

    @classmethod
    def find_targets(
        cls, payloads: Iterable[Self], viewer: Viewer
    ) -> dict[NotificationType[Any], int]:
        may_read = viewer.person_id in RECIPIENTS
        return {each: each.story for each in payloads if may_read}

    def content(self, target: int, viewer: Viewer) -> NotificationContent:
        return NotificationContent(title=f"Story {target}", url="/", why="because you asked")


class Law(Story):
    name = "law"
    label = "Legal notices"
    mandatory = True


class Gossip(Story):
    name = "gossip"
    label = "Gossip"
    default_frequency = Frequency.DIGEST


@pytest.fixture
def people(db: None) -> list[Person]:
    made = [
        Person.objects.create_user(f"p{index}@lumen.example", name=f"Person {index}")
        for index in range(4)
    ]
    RECIPIENTS.clear()
    RECIPIENTS.update(person.pk for person in made)
    return made


@pytest.fixture(autouse=True)
def types() -> Iterator[None]:
    """The types of these tests are registered, and forgotten afterwards."""
    before = dict(registry._types)
    registry.register(Story, Law, Gossip)
    yield
    registry._types.clear()
    registry._types.update(before)
