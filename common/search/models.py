"""One index over all apps, filtered by the same rule as other content."""

from typing import Self

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models

from common.access import Viewer
from common.access.content import visible_content
from common.files.models import StoredFile
from common.search.choices import Config, FileState, Reason
from common.search.granted import granted_entries
from common.search.vectors import INDEX_VERSION


class SearchEntryQuerySet(models.QuerySet["SearchEntry"]):
    def visible_to(self, viewer: Viewer) -> Self:
        """Entries this viewer can read now, by their group and level or by a grant."""
        visible = visible_content(viewer)
        return self.filter(visible | granted_entries(viewer) if viewer.granted else visible)


class SearchEntry(models.Model):
    """A thing as search finds it: written by its app's action, with the thing's group and level.

    A long text is cut into parts, one row each; the title and `about` are in all of them. `about`
    holds the thing's kind, focus area, group and authors, each in a line of its own. `group_id` is
    a plain number, not a foreign key, since groups are in a higher layer.
    """

    kind = models.CharField(max_length=60)
    uuid = models.UUIDField()
    part = models.SmallIntegerField(default=0)
    group_id = models.BigIntegerField(null=True)
    level = models.SmallIntegerField()
    title = models.CharField(max_length=300)
    about = models.TextField(blank=True)
    body = models.TextField(blank=True)
    url = models.CharField(max_length=300)
    config = models.CharField(max_length=10, choices=Config, default=Config.ENGLISH)
    at = models.DateTimeField()
    # The day that a person entered for the thing, if any: shown in place of the day of `at`.
    day = models.DateField(null=True)
    tsv = SearchVectorField()
    version = models.SmallIntegerField(default=INDEX_VERSION)

    objects = SearchEntryQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "uuid", "part"], name="search_part_once"),
        ]
        indexes = [
            GinIndex(fields=["tsv"], name="search_words"),
            GinIndex(fields=["title"], name="search_title", opclasses=["gin_trgm_ops"]),
            models.Index(fields=["group_id", "level"], name="search_group"),
            models.Index(fields=["version", "id"], name="search_version"),
        ]

    def __str__(self) -> str:
        return self.title


class FileText(models.Model):
    """The words of a stored file, or why search has none. `FilePlace` says who can read them."""

    stored = models.OneToOneField(
        StoredFile, models.PROTECT, primary_key=True, related_name="search_text"
    )
    state = models.CharField(max_length=10, choices=FileState, default=FileState.WAITING)
    reason = models.CharField(max_length=12, choices=Reason, blank=True)
    text = models.TextField(blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    claimed_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["stored"],
                name="search_file_waiting",
                condition=models.Q(state=FileState.WAITING),
            ),
            models.Index(fields=["state", "-read_at"], name="search_file_state"),
        ]

    def __str__(self) -> str:
        return f"{self.stored}: {self.state}"
