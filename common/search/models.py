"""One index over all rooms, filtered by the same rule as any content."""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models.expressions import RawSQL

from common.search.choices import Config
from common.search.querysets import SearchEntryQuerySet

# Constants of type regconfig, since a cast of the column would not be immutable.
TSV = """
setweight(to_tsvector(CASE WHEN config = 'english' THEN 'alliance_english'::regconfig
    ELSE 'alliance_simple'::regconfig END, title), 'A')
|| setweight(to_tsvector(CASE WHEN config = 'english' THEN 'alliance_english'::regconfig
    ELSE 'alliance_simple'::regconfig END, body), 'B')
"""


class SearchEntry(models.Model):
    """A thing as search finds it: written by its room's action, with the thing's own access key.

    `group_id` is a plain number, not a foreign key, since search lies below the groups.
    """

    kind = models.CharField(max_length=60)
    uuid = models.UUIDField()
    group_id = models.BigIntegerField(null=True)
    level = models.SmallIntegerField()
    title = models.CharField(max_length=300)
    body = models.TextField(blank=True)
    url = models.CharField(max_length=300)
    config = models.CharField(max_length=10, choices=Config, default=Config.ENGLISH)
    at = models.DateTimeField()
    # Where a person named a day for the thing, that day: shown in place of the day of `at`.
    day = models.DateField(null=True)
    tsv = models.GeneratedField(
        expression=RawSQL(TSV, ()),  # noqa: S611 - a constant
        output_field=SearchVectorField(),
        db_persist=True,
    )

    objects = SearchEntryQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "uuid"], name="search_once"),
        ]
        indexes = [
            GinIndex(fields=["tsv"], name="search_words"),
            GinIndex(fields=["title"], name="search_title", opclasses=["gin_trgm_ops"]),
            models.Index(fields=["group_id", "level"], name="search_group"),
        ]

    def __str__(self) -> str:
        return self.title
