"""Stored texts whose words a new renderer changed, as far as a viewer can see them."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q

from common.access import Viewer
from common.text.changes import readable
from common.text.models import TextChange, TextChangeQuerySet
from common.text.registry import stored_text, stored_texts
from workinggroups.groups.models import Group


@dataclass(frozen=True, slots=True)
class ShownChange:
    """A change with what this viewer can see of the text: its words, its group's name, or neither.

    `group` is None for a text of no group, and for one of a group that the viewer cannot see;
    `is_of_secret_group` tells them apart.
    """

    change: TextChange
    kind: str
    is_readable: bool
    group: Group | None
    is_of_secret_group: bool

    @property
    def label(self) -> str:
        return self.change.label if self.is_readable else ""

    @property
    def url(self) -> str:
        return self.change.url if self.is_readable else ""


def readable_changes(viewer: Viewer) -> TextChangeQuerySet:
    """Return changes whose texts the viewer can read, and so compare."""
    readable_texts = Q(pk__in=[])
    for kind in stored_texts():
        rows = kind.visible_to(viewer).order_by().values("pk")
        readable_texts |= Q(kind=kind.kind, row_id__in=rows)
    return TextChange.objects.visible_to(viewer).filter(readable_texts)


def unseen_count(viewer: Viewer) -> int:
    """Return how many changes nobody has marked as seen and this viewer can compare."""
    if not TextChange.objects.visible_to(viewer).unseen().exists():
        return 0
    return readable_changes(viewer).unseen().count()


def shown_changes(changes: Sequence[TextChange], viewer: Viewer) -> list[ShownChange]:
    """Return the changes as this viewer sees them, in their order.

    One query for each kind among them, and one for their groups.
    """
    readable_ids = readable(changes, viewer)
    group_ids = {change.group_id for change in changes if change.group_id is not None}
    groups = Group.objects.visible_to(viewer).in_bulk(group_ids)
    names = {kind.kind: str(kind.name) for kind in stored_texts()}
    return [
        ShownChange(
            change=change,
            kind=names.get(change.kind, change.kind),
            is_readable=change.pk in readable_ids,
            group=groups.get(change.group_id) if change.group_id is not None else None,
            is_of_secret_group=change.group_id is not None and change.group_id not in groups,
        )
        for change in changes
    ]


def is_readable(change: TextChange, viewer: Viewer) -> bool:
    """Return whether the viewer can read the text whose words changed."""
    return stored_text(change.kind).visible_to(viewer).filter(pk=change.row_id).exists()
