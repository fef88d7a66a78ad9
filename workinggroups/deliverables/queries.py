"""Questions about deliverables that several pages ask."""

from common.access import Viewer
from workinggroups.deliverables.choices import DeliverableState
from workinggroups.deliverables.models import Deliverable, Editorship, Revision
from workinggroups.deliverables.querysets import DeliverableQuerySet
from workinggroups.groups.models import Group


def editor_ids(deliverable: Deliverable) -> set[int]:
    """Who edits it now."""
    return set(
        Editorship.objects.current()
        .filter(deliverable=deliverable)
        .values_list("person_id", flat=True)
    )


def last_revision(deliverable: Deliverable) -> Revision:
    """The newest text, open or sealed. Every deliverable has one from its first day."""
    return Revision.objects.filter(deliverable=deliverable).latest("number")


def last_sealed(deliverable: Deliverable) -> Revision | None:
    return Revision.objects.sealed().filter(deliverable=deliverable).order_by("-number").first()


def on_the_list(viewer: Viewer, group: Group) -> DeliverableQuerySet:
    """What the group makes or made and this viewer may read, but for what was dropped."""
    visible = Deliverable.objects.visible_to(viewer).filter(group=group)
    found: DeliverableQuerySet = visible.exclude(state=DeliverableState.DROPPED)
    return found
