from typing import TYPE_CHECKING

from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import CharField, Exists, OuterRef, Q, Value
from django.db.models.functions import Coalesce, Concat, Now

from common.access import Viewer
from common.files.choices import ScanState
from workinggroups.deliverables.choices import CommentState
from workinggroups.groups.choices import Content
from workinggroups.groups.content import GroupContentQuerySet

if TYPE_CHECKING:
    from workinggroups.deliverables.models import (
        Editorship,
        Publication,
        ReviewComment,
        Revision,
    )


class DeliverableQuerySet(GroupContentQuerySet):
    def latest_first(self) -> "DeliverableQuerySet":
        return self.order_by("-changed_at", "-pk")


class EditorshipQuerySet(models.QuerySet["Editorship"]):
    def current(self) -> "EditorshipQuerySet":
        return self.filter(during__contains=Now())


class RevisionQuerySet(models.QuerySet["Revision"]):
    def sealed(self) -> "RevisionQuerySet":
        return self.filter(sealed_at__isnull=False)

    def visible_to(self, viewer: Viewer) -> "RevisionQuerySet":
        """Revisions of deliverables this viewer may read.

        A guest, let into a members' group only because the whole alliance reviews, reads the one
        text that was offered: neither older ones nor what the group writes meanwhile.
        """
        from workinggroups.deliverables.models import Deliverable, Revision

        newer = Revision.objects.sealed().filter(
            deliverable=OuterRef("deliverable"), number__gt=OuterRef("number")
        )
        at_home = Q(deliverable__group__content=Content.ALLIANCE) | Q(
            deliverable__group_id__in=viewer.group_ids | viewer.break_glass_ids
        )
        offered = Q(~Exists(newer), sealed_at__isnull=False)
        return self.filter(
            at_home | offered, deliverable__in=Deliverable.objects.visible_to(viewer)
        )


class ReviewCommentQuerySet(models.QuerySet["ReviewComment"]):
    def open(self) -> "ReviewCommentQuerySet":
        return self.filter(state=CommentState.OPEN)


class PublicationQuerySet(models.QuerySet["Publication"]):
    def standing(self) -> "PublicationQuerySet":
        """Published and not withdrawn, the latest first."""
        return self.filter(withdrawn_at__isnull=True).order_by("-published_at", "-pk")

    def with_file_states(self) -> "PublicationQuerySet":
        """With `file_states`, which its pages show: how far the copies of its pictures are, and
        which files the virus scanner keeps back."""
        from workinggroups.deliverables.models import RevisionFile

        kept_back = Q(stored__scan__in=[ScanState.WAITING, ScanState.INFECTED])
        files = RevisionFile.objects.filter(
            Q(stored__picture__isnull=False) | kept_back, revision=OuterRef("revision")
        )
        copy = Coalesce("stored__picture__state", Value(""), output_field=CharField())
        states = files.order_by("position").values(
            file_state=Concat("stored__scan", Value(" "), copy, output_field=CharField())
        )
        return self.annotate(file_states=ArraySubquery(states))

    def current(self) -> "PublicationQuerySet":
        """The newest version of each work, withdrawn or not."""
        return self.filter(is_latest=True)
