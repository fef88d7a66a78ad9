"""The frame of a group's pages: its tabs with their figures, and what the viewer is in it."""

from collections.abc import Callable
from typing import Any

from django.db.models import IntegerField, QuerySet, Subquery

from common.access import Viewer
from common.web.requests import Request
from workinggroups.groups.models import Group
from workinggroups.groups.permissions import can_read_content, can_see_people

# What a tab counts for this viewer: rows of any room, one query for all tabs together.
Counted = Callable[[Viewer, Group], "QuerySet[Any]"]

_counted: dict[str, Counted] = {}


class _CountOf(Subquery):
    template = "(SELECT count(*) FROM (%(subquery)s) counted)"
    output_field = IntegerField()


def count_in_tab(tab: str, rows: Counted) -> None:
    """The tab shows how many `rows` there are for its reader. Rooms call this from `apps.ready`.

    `tab` is a name of `templates/components/room_tabs.html`, or of a figure on the group's home.
    The queryset must be filtered by `visible_to`.
    """
    _counted[tab] = rows


def room_context(request: Request, group: Group, tab: str) -> dict[str, Any]:
    """What `base_room.html` needs, for every view that draws a page of a group.

    `is_card_only` and `hides_people` take away the tabs that this viewer would find missing.
    `my_seat`, `is_chair` and `is_break_glass` say what the viewer is here.
    """
    viewer = request.viewer
    reads = can_read_content(viewer, group)
    return {
        "group": group,
        "tab": tab,
        "is_card_only": not reads,
        "hides_people": not can_see_people(viewer, group),
        "my_seat": viewer.seats.get(group.pk),
        "is_chair": viewer.is_chair(group.pk),
        "is_break_glass": group.pk in viewer.break_glass_ids,
        "room_counts": _counts(viewer, group) if reads else {},
    }


def _counts(viewer: Viewer, group: Group) -> dict[str, int]:
    wanted = {
        tab: _CountOf(rows(viewer, group).order_by().values("pk")) for tab, rows in _counted.items()
    }
    if not wanted:
        return {}
    found = Group.objects.filter(pk=group.pk).values_list(*wanted.values()).get()
    return dict(zip(wanted, found, strict=True))
