"""The agenda of a meeting."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from django.db.models import QuerySet

from common.prepared_statements import prepared
from common.text.figures import Picture, with_figures
from workinggroups.meetings.models import (
    AgendaItem,
)


@prepared
def agenda_of(meeting: int) -> QuerySet[AgendaItem]:
    return AgendaItem.objects.filter(meeting=meeting).select_related("presenter")


class AgendaRow(NamedTuple):
    """All that the agenda shows of an item to its readers."""

    position: int
    title: str
    goal: str
    presenter: str
    minutes: int | None
    html: str
    anchor: str


def agenda_rows(
    agenda: Iterable[AgendaItem], pictures: Mapping[str, Picture]
) -> tuple[AgendaRow, ...]:
    """Return the agenda as `meetings/_agenda.html` shows it, with these pictures by file name."""
    return tuple(
        AgendaRow(
            item.position,
            item.title,
            item.goal_label,
            item.presenter.name if item.presenter else "",
            item.minutes,
            with_figures(item.html, pictures),
            f"item-{item.uuid}",
        )
        for item in agenda
    )
