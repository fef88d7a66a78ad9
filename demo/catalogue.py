"""Works of others in the catalogue: real ones, with their address and nothing but facts."""

from datetime import date
from functools import partial

from catalogue.actions import add_entry, retire_entry
from common.vocabulary.models import FocusArea
from demo.scenario import STEP, Scenario
from demo.tables import Row, rows


def plan(scenario: Scenario) -> None:
    for number, row in enumerate(rows("outside")):
        scenario.at(scenario.ago(220) + STEP * number, partial(_add, scenario, row))
    scenario.at(scenario.ago(50), partial(_add_and_retire, scenario))


def _add(scenario: Scenario, row: Row) -> None:
    add_entry(
        actor=scenario.people["delia"],
        title=row["title"],
        summary=row["summary"],
        url=row["url"],
        kind=row["kind"],
        focus_area=FocusArea.objects.get(slug=row["area"]),
        publisher=row["publisher"],
        licence=row["licence"],
        published_on=date.fromisoformat(row["published"]),
    )


def _add_and_retire(scenario: Scenario) -> None:
    """One that was listed by mistake."""
    entry = add_entry(
        actor=scenario.people["delia"],
        title="A leaflet that turned out to be an advertisement",
        summary="Listed for a day.",
        url="https://leaflet.example/",
        kind="G",
        focus_area=FocusArea.objects.get(slug="education"),
        publisher="Leaflet",
        published_on=scenario.ago(60).date(),
    )
    retire_entry(actor=scenario.people["delia"], entry=entry)
