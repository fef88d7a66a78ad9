"""The stored texts of this app: revisions and review comments."""

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _

from common.access import Viewer
from common.text.choices import Weight
from common.text.markdown import TextKind
from common.text.registry import StoredText
from workinggroups.deliverables.actions import states
from workinggroups.deliverables.actions.indexing import index_deliverable, index_publication
from workinggroups.deliverables.models import Publication, ReviewComment, Revision


class RevisionText(StoredText[Revision]):
    kind, name, model, text_kind = "revision", _("Deliverable"), Revision, TextKind.DOCUMENT
    related = ("deliverable__group", "publication")

    def visible_to(self, viewer: Viewer) -> QuerySet[Revision]:
        """Revisions the viewer can read, and those of publications, which are public."""
        published = Publication.objects.standing().filter(revision=OuterRef("pk"))
        return Revision.objects.visible_to(viewer) | Revision.objects.filter(Exists(published))

    def lock(self, text: Revision) -> None:
        states.lock(text.deliverable)

    def reindex(self, text: Revision) -> None:
        index_deliverable(text.deliverable)
        if publication := _publication(text):
            index_publication(publication)

    def url(self, text: Revision) -> str:
        return (_publication(text) or text).get_absolute_url()

    def group_id(self, text: Revision) -> int:
        return text.deliverable.group_id

    def weight(self, text: Revision) -> Weight:
        return Weight.FORMAL if _publication(text) else Weight.CURRENT


def _publication(revision: Revision) -> Publication | None:
    return getattr(revision, "publication", None)


class ReviewCommentText(StoredText[ReviewComment]):
    kind, name = "review_comment", _("Review comment")
    model, text_kind = ReviewComment, TextKind.POST
    related = ("revision__deliverable__group",)

    def visible_to(self, viewer: Viewer) -> QuerySet[ReviewComment]:
        return ReviewComment.objects.visible_to(viewer)

    def group_id(self, text: ReviewComment) -> int:
        return text.revision.deliverable.group_id
