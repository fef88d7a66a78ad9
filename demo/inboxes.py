"""Which notifications people have read, and how often they want to get them."""

from datetime import timedelta
from functools import partial

from demo.scenario import Scenario
from notifications.actions import choose, mark_all_read
from notifications.choices import Frequency
from workinggroups.groups.actions import remind_of_due_items

# Days since somebody last read everything; others read all on the day before.
LAST_READ = {"mira": 7, "tomas": 6, "ingrid": 7, "delia": 7, "abel": 6}
# For how many hours, until now, people were reminded of action items: two mornings in each zone.
REMINDED_HOURS = 48


def plan(scenario: Scenario) -> None:
    scenario.at(scenario.ago(150), partial(_choose, scenario))
    scenario.at(scenario.ago(4), partial(_read, scenario))
    for key, days in LAST_READ.items():
        scenario.at(scenario.ago(days, None), partial(_read_one, scenario, key))
    # As the schedule does in the mornings of all zones, so that its next run has nothing left to send.
    for hours in range(REMINDED_HOURS):
        scenario.at(scenario.now - timedelta(hours=hours, minutes=1), remind_of_due_items)


def _choose(scenario: Scenario) -> None:
    choose(actor=scenario.people["mira"], kind="post_added", frequency=Frequency.DIGEST)
    choose(
        actor=scenario.people["tomas"],
        kind="meeting_planned",
        frequency=Frequency.OFF,
        scope_uuid=scenario.groups["education"].uuid,
    )


def _read(scenario: Scenario) -> None:
    for key, person in scenario.people.items():
        if key not in LAST_READ:
            mark_all_read(actor=person)


def _read_one(scenario: Scenario, key: str) -> None:
    mark_all_read(actor=scenario.people[key])
