"""What changed in stored texts when a new renderer rendered them again."""

from typing import Self

from django.db import models
from django.utils import timezone

from common.access import Viewer
from common.identifiers import new_uuid
from common.text.choices import EXCERPT_CHARACTERS, Outcome, Weight


class TextChangeQuerySet(models.QuerySet["TextChange"]):
    def unseen(self) -> Self:
        """Changes that nobody has marked as seen."""
        return self.filter(seen_at__isnull=True)

    def visible_to(self, viewer: Viewer) -> Self:
        """All changes for staff, those of their own groups for chairs, none for anybody else.

        This decides who may know that a text changed. Who can read the label and the words follows
        from the text itself (`common.text.changes.readable`).
        """
        if viewer.is_staff:
            return self
        return self.filter(group_id__in=viewer.chaired_ids)


class TextChange(models.Model):
    """A stored text whose visible words changed with a new renderer, or that it refused.

    `kind` and `row_id` name the text (`common.text.registry`). A refused text keeps its former
    HTML, and is tried again only by the next renderer or when somebody edits it. The words before
    and after are for readers of the text itself; `label` and `url` are as they were at that time.
    `group_id` is a plain number, since groups are in a higher layer.
    """

    uuid = models.UUIDField(unique=True, default=new_uuid, editable=False)
    kind = models.CharField(max_length=32)
    row_id = models.BigIntegerField()
    group_id = models.BigIntegerField(null=True)
    weight = models.PositiveSmallIntegerField(choices=Weight.choices)
    renderer_version = models.PositiveSmallIntegerField()
    outcome = models.CharField(max_length=8, choices=Outcome.choices)
    reason = models.CharField(max_length=EXCERPT_CHARACTERS, blank=True)
    label = models.CharField(max_length=EXCERPT_CHARACTERS)
    url = models.CharField(max_length=300)
    words_before = models.TextField(blank=True)
    words_after = models.TextField(blank=True)
    excerpt_before = models.CharField(max_length=EXCERPT_CHARACTERS, blank=True)
    excerpt_after = models.CharField(max_length=EXCERPT_CHARACTERS, blank=True)
    changed_at = models.DateTimeField(default=timezone.now)
    seen_at = models.DateTimeField(null=True, blank=True)
    seen_by_uuid = models.UUIDField(null=True, blank=True)

    objects = TextChangeQuerySet.as_manager()

    class Meta:
        ordering = ["weight", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "row_id", "renderer_version"], name="text_change_once"
            )
        ]
        indexes = [
            # For the order of the list for staff, and for the newest changes in the catalogue.
            models.Index(fields=["weight", "-id"], name="text_change_list"),
            models.Index(fields=["kind", "-id"], name="text_change_kind"),
            models.Index(
                fields=["group_id"],
                condition=models.Q(seen_at__isnull=True),
                name="text_change_unseen",
            ),
        ]

    def __str__(self) -> str:
        return self.label
