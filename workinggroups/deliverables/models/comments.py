"""Comments on a revision in review."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from common.access import Viewer
from common.identifiers import new_uuid
from common.text.rendered import RenderedText
from members.organizations.models import Organization
from members.people.models import Person
from workinggroups.deliverables.choices import CommentState
from workinggroups.deliverables.models.revisions import Revision


class ReviewCommentQuerySet(models.QuerySet["ReviewComment"]):
    def visible_to(self, viewer: Viewer) -> Self:
        """Comments on the revisions that this viewer can read."""
        return self.filter(revision__in=Revision.objects.visible_to(viewer))

    def open(self) -> Self:
        """Comments that are neither answered nor withdrawn."""
        return self.filter(state=CommentState.OPEN)


class ReviewComment(RenderedText):
    """A person's comment on a revision in review, and the editors' answer."""

    uuid = models.UUIDField(unique=True, default=new_uuid, editable=False)
    revision = models.ForeignKey(Revision, models.PROTECT, related_name="comments")
    number = models.PositiveIntegerField()
    author = models.ForeignKey(Person, models.PROTECT, related_name="+")
    organization = models.ForeignKey(
        Organization, models.PROTECT, null=True, blank=True, related_name="+"
    )
    quote = models.CharField(_("the passage it is about"), max_length=500, blank=True)
    source = models.TextField(_("comment"))
    state = models.CharField(max_length=16, choices=CommentState.choices, default=CommentState.OPEN)
    answer = models.TextField(_("answer"), blank=True, max_length=4000)
    answered_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)
    is_settled = models.BooleanField(_("the answer satisfies the commenter"), null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    objects = ReviewCommentQuerySet.as_manager()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["revision", "number"], name="review_comment_once"),
            models.CheckConstraint(
                condition=Q(state__in=["open", "withdrawn"], answered_at__isnull=True)
                | (~Q(state="open") & Q(answered_at__isnull=False) & ~Q(answer="")),
                name="review_comment_answered_with_words",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.revision}, comment {self.number}"

    def get_absolute_url(self) -> str:
        return f"{self.revision.get_absolute_url()}#comment-{self.number}"

    @property
    def is_answered(self) -> bool:
        return self.answered_at is not None
