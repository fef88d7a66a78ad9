"""The models of this app whose formal acts are on record."""

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from common.access import Viewer
from common.record.registry import TrackedModel, register
from workinggroups.deliverables.choices import (
    CommentAct,
    DeliverableAct,
    PublicationAct,
    RevisionAct,
)
from workinggroups.deliverables.models import Deliverable, Publication, ReviewComment, Revision


def register_tracked_models() -> None:
    """Register the models; `apps.ready` calls this."""
    for tracked in (
        TrackedModel(
            kind="deliverable",
            model=Deliverable,
            label=_("Deliverable"),
            verbs=(DeliverableAct,),
            visible_to=_deliverables,
        ),
        TrackedModel(
            kind="revision",
            model=Revision,
            label=_("Revision"),
            verbs=(RevisionAct,),
            visible_to=_revisions,
        ),
        TrackedModel(
            kind="comment",
            model=ReviewComment,
            label=_("Comment"),
            verbs=(CommentAct,),
            visible_to=_comments,
        ),
        TrackedModel(
            kind="publication",
            model=Publication,
            label=_("Publication"),
            verbs=(PublicationAct,),
            visible_to=_publications,
        ),
    ):
        register(tracked)


def _deliverables(viewer: Viewer) -> QuerySet[Deliverable]:
    return Deliverable.objects.visible_to(viewer).select_related("group")


def _revisions(viewer: Viewer) -> QuerySet[Revision]:
    return Revision.objects.visible_to(viewer).select_related("deliverable__group")


def _comments(viewer: Viewer) -> QuerySet[ReviewComment]:
    revisions = Revision.objects.visible_to(viewer)
    comments = ReviewComment.objects.filter(revision__in=revisions)
    return comments.select_related("revision__deliverable__group")


def _publications(viewer: Viewer) -> QuerySet[Publication]:
    """Return all publications, since they are public."""
    return Publication.objects.all()
