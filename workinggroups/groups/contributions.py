"""What people write in a group under their name: posts in topics, comments on action items."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Self, TypedDict, TypeVar

from django.db import models
from django.utils import timezone
from django.utils.safestring import SafeString

from common.identifiers import new_uuid
from common.text.diff import diff_html
from common.text.rendered import RenderedText
from members.organizations.models import Organization
from members.people.models import Person
from workinggroups.groups.content import GroupContent, GroupContentQuerySet

# How long its author can edit a contribution.
EDIT_HOURS = 24

Row = TypeVar("Row", bound="Contribution")


class ContributionQuerySet(GroupContentQuerySet[Row]):
    """`visible_to` includes hidden contributions, of which only chairs see the text."""

    def shown(self) -> Self:
        return self.filter(hidden_at__isnull=True)


class Contribution(RenderedText, GroupContent):
    """Abstract: what one person wrote, on behalf of their organization at that time.

    Its author can edit it for EDIT_HOURS, and the chairs can hide it.
    """

    uuid = models.UUIDField(unique=True, default=new_uuid, editable=False)
    number = models.PositiveIntegerField()
    author = models.ForeignKey(Person, models.PROTECT, related_name="+")
    organization = models.ForeignKey(
        Organization, models.PROTECT, null=True, blank=True, related_name="+"
    )
    source = models.TextField()
    created_at = models.DateTimeField(default=timezone.now)
    edited_at = models.DateTimeField(null=True, blank=True)
    hidden_at = models.DateTimeField(null=True, blank=True)
    hidden_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    hidden_reason = models.CharField(max_length=300, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        abstract = True

    @property
    def is_hidden(self) -> bool:
        return self.hidden_at is not None

    @property
    def editable_until(self) -> datetime:
        return self.created_at + timedelta(hours=EDIT_HOURS)


class ContributionEdit(RenderedText):
    """Abstract: the text of a contribution before an edit."""

    version = models.PositiveIntegerField()
    source = models.TextField()
    replaced_at = models.DateTimeField(default=timezone.now)

    class Meta:
        abstract = True


class Change(TypedDict):
    at: datetime
    diff: SafeString


def changes_of(contribution: Contribution, edits: Iterable[ContributionEdit]) -> list[Change]:
    """Return each change from one text to the next, the latest first; `edits` are by version."""
    edits = list(edits)
    texts = [*(edit.source for edit in edits), contribution.source]
    changes: list[Change] = [
        {"at": edit.replaced_at, "diff": diff_html(before, after)}
        for edit, before, after in zip(edits, texts, texts[1:], strict=False)
    ]
    return changes[::-1]
