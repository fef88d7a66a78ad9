"""PDF files that were asked for, and what came of it."""

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils import timezone

from common.identifiers import new_uuid
from common.pdf.choices import DIED_AFTER, MISSING_SHOWN, PdfFailure, PdfState


class PdfFile(models.Model):
    """One PDF of one content: asked for again, it is the same row; other content is another row.

    The row gives no rights: the app that asked for it checks who can read `owner_uuid` and what else
    it was made of (`covers`), and serves the file. `content` is emptied once the file is made. A file
    made without the standard for accessible PDF (PDF/UA-1) says what was missing. `people` are those
    whose names are in it: when one is erased, so is the file (`keeping.py`).
    """

    uuid = models.UUIDField(primary_key=True, default=new_uuid, editable=False)
    owner_uuid = models.UUIDField()
    kind = models.CharField(max_length=24)
    # The checksum of content, pictures and template.
    key = models.CharField(max_length=64)
    name = models.CharField(max_length=200)
    covers = models.JSONField(default=list)
    people = models.JSONField(default=list)
    state = models.CharField(max_length=12, choices=PdfState, default=PdfState.REQUESTED)
    failure = models.CharField(max_length=16, choices=PdfFailure, blank=True)
    content = models.TextField(blank=True)
    # Name in the document, and place below MEDIA_ROOT.
    pictures = models.JSONField(default=dict)
    attempts = models.PositiveSmallIntegerField(default=0)
    requested_at = models.DateTimeField(default=timezone.now)
    begun_at = models.DateTimeField(null=True)
    made_at = models.DateTimeField(null=True)
    used_at = models.DateTimeField(default=timezone.now)
    sha256 = models.CharField(max_length=64, blank=True)
    bytes = models.PositiveIntegerField(default=0)
    is_accessible = models.BooleanField(default=False)
    missing_characters = models.CharField(max_length=200, blank=True)
    missing_words = models.JSONField(
        default=list
    )  # file names of pictures without alternative text

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["owner_uuid", "kind", "key"], name="pdf_once")
        ]
        indexes = [
            models.Index(
                fields=["requested_at"],
                name="pdf_waiting",
                condition=models.Q(state__in=[PdfState.REQUESTED, PdfState.RUNNING]),
            ),
            models.Index(fields=["used_at"], name="pdf_by_use"),
            GinIndex(fields=["people"], opclasses=["jsonb_path_ops"], name="pdf_people"),
            GinIndex(fields=["covers"], opclasses=["jsonb_path_ops"], name="pdf_covers"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def path(self) -> str:
        """Where the bytes are below MEDIA_ROOT."""
        return f"pdf/{self.uuid.hex[-2:]}/{self.uuid.hex}"

    @property
    def is_ready(self) -> bool:
        return self.state == PdfState.DONE

    @property
    def has_died(self) -> bool:
        """Tell whether the worker that makes it has died; it can be asked for again."""
        return (
            self.state == PdfState.RUNNING
            and self.begun_at is not None
            and self.begun_at < timezone.now() - DIED_AFTER
        )

    @property
    def is_coming(self) -> bool:
        return self.state == PdfState.REQUESTED or (
            self.state == PdfState.RUNNING and not self.has_died
        )

    @property
    def has_gaps(self) -> bool:
        """Tell whether something of it has no glyph or no alternative text, or the standard is lacking."""
        return self.is_ready and not (self.is_accessible and not self.missing_words)

    @property
    def characters(self) -> list[str]:
        """Return the characters that no font has, at most MISSING_SHOWN, each with its code point."""
        return [f"{char} (U+{ord(char):04X})" for char in self.missing_characters]

    @property
    def has_more_gaps(self) -> bool:
        """Tell whether there may be more than those that are listed."""
        return MISSING_SHOWN in (len(self.missing_characters), len(self.missing_words))


class Erasures(models.Model):
    """How often names were erased, in one row: a file composed before the last time is composed again.

    Erasing changes the row, and storing a request locks it for reading, so one waits for the other.
    """

    count = models.PositiveBigIntegerField(default=0)

    class Meta:
        verbose_name_plural = "erasures"

    def __str__(self) -> str:
        return str(self.count)
