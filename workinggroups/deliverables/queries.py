"""Questions about deliverables that several pages ask."""

from common.access import Viewer
from members.people.models import Person
from workinggroups.deliverables.choices import CommentState, DeliverableState
from workinggroups.deliverables.models import (
    Deliverable,
    Editorship,
    Publication,
    ReviewComment,
    Revision,
)
from workinggroups.deliverables.querysets import DeliverableQuerySet, PublicationQuerySet
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


def standing_publication(deliverable: Deliverable) -> Publication | None:
    """The newest version that is not withdrawn."""
    return Publication.objects.standing().filter(deliverable=deliverable).first()


def latest_published(viewer: Viewer, group: Group) -> PublicationQuerySet:
    """What the group published, for its overview: as public as the catalogue."""
    published = Publication.objects.current().standing()
    return published.filter(deliverable__group=group)


def in_work(viewer: Viewer, group: Group) -> DeliverableQuerySet:
    """What the group is making now: drafts, reviews, approvals."""
    at_work = [DeliverableState.DRAFT, DeliverableState.REVIEW, DeliverableState.APPROVED]
    visible = Deliverable.objects.visible_to(viewer)
    return visible.filter(group=group, state__in=at_work).latest_first()


def open_reviews(viewer: Viewer) -> DeliverableQuerySet:
    """Reviews in the viewer's groups, the soonest to end first: for the desk."""
    mine = Deliverable.objects.visible_to(viewer).filter(group_id__in=viewer.group_ids)
    return mine.in_review().select_related("group").order_by("review_until", "pk")


def comments_waiting(person: Person) -> int:
    """Open comments on what this person edits."""
    mine = Editorship.objects.current().filter(person=person).values("deliverable")
    return ReviewComment.objects.filter(
        revision__deliverable__in=mine,
        revision__deliverable__state=DeliverableState.REVIEW,
        state=CommentState.OPEN,
    ).count()
