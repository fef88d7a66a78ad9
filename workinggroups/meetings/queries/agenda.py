"""The agenda of a meeting."""

from collections.abc import Iterable
from typing import NamedTuple

from django.db.models import QuerySet

from common.prepared_statements import prepared
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
    text: str


def agenda_rows(agenda: Iterable[AgendaItem]) -> tuple[AgendaRow, ...]:
    """Return the agenda as `meetings/_agenda.html` shows it."""
    return tuple(
        AgendaRow(
            item.position,
            item.title,
            item.goal_label,
            item.presenter.name if item.presenter else "",
            item.minutes,
            item.text,
        )
        for item in agenda
    )
