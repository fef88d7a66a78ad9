"""The frame of a group's pages: its tabs with their figures, and what the viewer is in it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from common import days
from common.access import Viewer
from common.counting import CountOf
from common.prepared import Prepared
from common.web.requests import Request
from workinggroups.groups.content import GROUP
from workinggroups.groups.models import Group
from workinggroups.groups.permissions import can_read_content, can_see_people

# What a tab counts: rows of any room, by the slots of `groups.content`; one query for all tabs.
Counted = Callable[[], "QuerySet[Any]"]


@dataclass(frozen=True)
class Tabs:
    """All that `components/room_tabs.html` shows."""

    slug: str
    name: str
    tab: str
    is_card_only: bool
    hides_people: bool
    figures: tuple[tuple[str, int], ...]

    @property
    def counts(self) -> dict[str, int]:
        return dict(self.figures)


_counted: dict[str, Counted] = {}


def count_in_tab(tab: str, rows: Counted) -> None:
    """The tab shows how many `rows` there are for its reader. Rooms call this from `apps.ready`.

    `tab` is a name of `templates/components/room_tabs.html`, or of a figure on the group's home.
    The queryset must keep to GROUP and REACH.
    """
    _counted[tab] = rows


def room_context(
    request: Request, group: Group, tab: str, *, people: int | None = None
) -> dict[str, Any]:
    """What `base_room.html` needs, for every view that draws a page of a group.

    `is_card_only` and `hides_people` take away the tabs that this viewer would find missing.
    `people` is how many take part, where the page has counted them: in a large group that is the
    dearest of the figures.
    `my_seat`, `is_chair` and `is_break_glass` say what the viewer is here.
    """
    viewer = request.viewer
    reads, sees_people = can_read_content(viewer, group), can_see_people(viewer, group)
    counts = _counts(viewer, group, people) if reads else {}
    return {
        "group": group,
        "tab": tab,
        "tabs": Tabs(
            group.slug, group.name, tab, not reads, not sees_people, tuple(counts.items())
        ),
        "is_card_only": not reads,
        "my_seat": viewer.seats.get(group.pk),
        "is_chair": viewer.is_chair(group.pk),
        "is_break_glass": group.pk in viewer.break_glass_ids,
        "room_counts": counts,
    }


def _of_tabs(*left_out: str) -> "QuerySet[Any, Any]":
    counts = [CountOf(rows()) for tab, rows in _counted.items() if tab not in left_out]
    return Group.objects.filter(pk=GROUP).values_list(*counts)


_all_counts = Prepared("room_counts", _of_tabs)
_counts_but_people = Prepared("room_counts_but_people", lambda: _of_tabs("people"))


def _counts(viewer: Viewer, group: Group, people: int | None) -> dict[str, int]:
    ask = _all_counts if people is None else _counts_but_people
    found = ask.first(
        group=group.pk,
        reach=viewer.reach(group.pk),
        reader=viewer.person_id,
        today=days.first_running(),
    )
    tabs = [tab for tab in _counted if people is None or tab != "people"]
    counts = dict(zip(tabs, found or (), strict=False))
    return counts if people is None else {**counts, "people": people}
