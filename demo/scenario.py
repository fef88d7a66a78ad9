"""The scenario: acts with the moments at which they happen, and what they have made so far."""

import heapq
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from itertools import count

from demo.clock import Clock, set_back
from members.organizations.models import Organization
from members.people.models import Person
from notifications.fan_out import fan_out_next
from workinggroups.deliverables.models import Deliverable
from workinggroups.groups.models import Group

Act = Callable[[], object]

# Acts of one day follow each other in this distance.
STEP = timedelta(minutes=7)


@dataclass
class Scenario:
    """Acts that are planned in any order and run in the order of time; an act may plan later ones.

    `people`, `organizations`, `groups` and `works` hold what was made, by the keys of the tables.
    """

    now: datetime
    people: dict[str, Person] = field(default_factory=dict)
    organizations: dict[str, Organization] = field(default_factory=dict)
    groups: dict[str, Group] = field(default_factory=dict)
    works: dict[str, Deliverable] = field(default_factory=dict)
    # The moment of the act that runs now.
    moment: datetime = field(init=False)
    _waiting: list[tuple[datetime, int, Act]] = field(default_factory=list)
    _numbers: "count[int]" = field(default_factory=count)

    @property
    def people_by_pk(self) -> dict[int, Person]:
        return {person.pk: person for person in self.people.values()}

    def ago(self, days: float, at: time | None = None) -> datetime:
        """Return the moment so many days before the demo is loaded, at this time of day (UTC)."""
        moment = self.now - timedelta(days=days)
        if at is not None:
            moment = moment.replace(hour=at.hour, minute=at.minute, second=0, microsecond=0)
        return moment

    def at(self, moment: datetime, act: Act) -> None:
        """Plan the act for that moment; one that is still to come when the demo is loaded is left out."""
        if moment < self.now:
            heapq.heappush(self._waiting, (moment, next(self._numbers), act))

    def run(self) -> None:
        """Run all acts that are planned, and notify people of each at its moment."""
        with set_back(Clock(self.now)) as clock:
            while self._waiting:
                self.moment, _number, act = heapq.heappop(self._waiting)
                clock.now = self.moment
                act()
                while fan_out_next():
                    pass
