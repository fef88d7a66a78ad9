"""The context of every page of a group: its tabs with their counts, and the viewer's role."""

from dataclasses import dataclass

from common import days
from common.http.requests import Request
from workinggroups.groups.models import Group
from workinggroups.groups.permissions import can_read_content, can_see_people
from workinggroups.groups.queries import GroupReader, figures_of_tabs


@dataclass(frozen=True)
class Tabs:
    """All that `components/group_tabs.html` shows."""

    slug: str
    name: str
    tab: str
    is_profile_only: bool
    hides_people: bool
    figures: tuple[tuple[str, int], ...]

    @property
    def counts(self) -> dict[str, int]:
        return dict(self.figures)


def group_page_context(
    request: Request, group: Group, tab: str, *, people: int | None = None
) -> dict[str, object]:
    """Return what `base_group.html` needs, for every view of a page of a group.

    `is_profile_only` and `hides_people` leave out the tabs that would be a 404 for this viewer.
    `people` is how many take part, if the page has counted them: in a large group that is the slowest
    of the counts.
    """
    viewer = request.viewer
    reads, sees_people = can_read_content(viewer, group), can_see_people(viewer, group)
    counts = {}
    if reads:
        reader = GroupReader(
            group.pk, viewer.read_level(group.pk), viewer.person_id or 0, days.first_running()
        )
        counts = figures_of_tabs(reader, people=people)
    return {
        "group": group,
        "tab": tab,
        "tabs": Tabs(
            group.slug, group.name, tab, not reads, not sees_people, tuple(counts.items())
        ),
        "is_profile_only": not reads,
        "my_seat": viewer.seats.get(group.pk),
        "is_chair": viewer.is_chair(group.pk),
        "is_break_glass": group.pk in viewer.break_glass_ids,
        "tab_counts": counts,
    }
