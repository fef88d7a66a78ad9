"""Things of every room by the kind and id under which the record and the links know them."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any
from uuid import UUID

from common.access import Viewer
from members.organizations.models import Organization
from workinggroups.decisions.models import Decision
from workinggroups.deliverables.models import Deliverable, Publication, ReviewComment, Revision
from workinggroups.discussion.models import Topic
from workinggroups.groups.models import ActionItem, CharterVersion, Group
from workinggroups.meetings.models import Meeting

Ref = tuple[str, UUID]


def _in_group(model: Any) -> Callable[[Viewer], Any]:
    """Rows of a group's content, whose addresses are made of the group's."""
    return lambda viewer: model.objects.visible_to(viewer).select_related("group")


def _revisions(viewer: Viewer) -> Any:
    return Revision.objects.visible_to(viewer).select_related("deliverable__group")


def _comments(viewer: Viewer) -> Any:
    return ReviewComment.objects.filter(
        revision__in=Revision.objects.visible_to(viewer)
    ).select_related("revision__deliverable__group")


def _charters(viewer: Viewer) -> Any:
    """An adopted charter goes with the card of its group."""
    return (
        CharterVersion.objects.adopted()
        .filter(group__in=Group.objects.visible_to(viewer))
        .select_related("group")
    )


# Which rows a kind stands for, as far as a viewer may see them.
_ROWS: dict[str, Callable[[Viewer], Any]] = {
    "action_item": _in_group(ActionItem),
    "charter": _charters,
    "comment": _comments,
    "decision": _in_group(Decision),
    "deliverable": _in_group(Deliverable),
    "group": Group.objects.visible_to,
    "meeting": _in_group(Meeting),
    "organization": Organization.objects.visible_to,
    "publication": lambda viewer: Publication.objects.all(),  # published is public
    "revision": _revisions,
    "topic": _in_group(Topic),
}


def find(refs: Iterable[Ref], viewer: Viewer) -> dict[Ref, Any]:
    """What there is of these for this viewer. One query for each kind among them."""
    of_kind: dict[str, set[UUID]] = defaultdict(set)
    for kind, uuid in refs:
        if kind in _ROWS:
            of_kind[kind].add(uuid)
    return {
        (kind, thing.uuid): thing
        for kind, uuids in of_kind.items()
        for thing in _ROWS[kind](viewer).filter(uuid__in=uuids)
    }
