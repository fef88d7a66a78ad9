"""Works of others in the catalogue: real ones, with their address and nothing but facts."""

from datetime import date
from functools import partial

from catalogue.actions import add_entry, retire_entry
from common.vocabulary.models import FocusArea
from demo.story import STEP, Story
from demo.tables import Row, rows


def plan(story: Story) -> None:
    for number, row in enumerate(rows("outside")):
        story.at(story.ago(220) + STEP * number, partial(_add, story, row))
    story.at(story.ago(50), partial(_add_and_retire, story))


def _add(story: Story, row: Row) -> None:
    add_entry(
        actor=story.people["delia"],
        title=row["title"],
        summary=row["summary"],
        url=row["url"],
        kind=row["kind"],
        focus_area=FocusArea.objects.get(slug=row["area"]),
        publisher=row["publisher"],
        licence=row["licence"],
        published_on=date.fromisoformat(row["published"]),
    )


def _add_and_retire(story: Story) -> None:
    """One that was listed by mistake."""
    entry = add_entry(
        actor=story.people["delia"],
        title="A leaflet that turned out to be an advertisement",
        summary="Listed for a day.",
        url="https://leaflet.example/",
        kind="G",
        focus_area=FocusArea.objects.get(slug="education"),
        publisher="Leaflet",
        published_on=story.ago(60).date(),
    )
    retire_entry(actor=story.people["delia"], entry=entry)
