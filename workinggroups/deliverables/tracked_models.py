"""The models of this app whose formal acts are on record."""

from django.utils.translation import gettext_lazy as _

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
            visible_to=lambda viewer: Deliverable.objects.visible_to(viewer).select_related(
                "group"
            ),
        ),
        TrackedModel(
            kind="revision",
            model=Revision,
            label=_("Revision"),
            verbs=(RevisionAct,),
            visible_to=lambda viewer: Revision.objects.visible_to(viewer).select_related(
                "deliverable__group"
            ),
        ),
        TrackedModel(
            kind="comment",
            model=ReviewComment,
            label=_("Comment"),
            verbs=(CommentAct,),
            visible_to=lambda viewer: ReviewComment.objects.visible_to(viewer).select_related(
                "revision__deliverable__group"
            ),
        ),
        TrackedModel(
            kind="publication",
            model=Publication,
            label=_("Publication"),
            verbs=(PublicationAct,),
            # All are public.
            visible_to=lambda viewer: Publication.objects.all(),
        ),
    ):
        register(tracked)
