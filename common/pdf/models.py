"""PDF files that were asked for, and what came of it."""

from django.db import models
from django.utils import timezone

from common.identifiers import new_uuid
from common.pdf.choices import PdfFailure, PdfState


class PdfFile(models.Model):
    """One PDF of one content: asked for again, it is the same row; other content is another row.

    The row gives no rights: the app that asked for it checks who can read `owner_uuid` and what else
    it was made of (`covers`), and serves the file. `content` is emptied once the file is made. A file
    made without the standard for accessible PDF (PDF/UA-1) says what was missing.
    """

    uuid = models.UUIDField(primary_key=True, default=new_uuid, editable=False)
    owner_uuid = models.UUIDField()
    kind = models.CharField(max_length=24)
    # The checksum of content, pictures and template.
    key = models.CharField(max_length=64)
    name = models.CharField(max_length=200)
    covers = models.JSONField(default=list)
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
    def is_coming(self) -> bool:
        return self.state in {PdfState.REQUESTED, PdfState.RUNNING}

    @property
    def has_gaps(self) -> bool:
        """Tell whether something of it has no glyph or no alternative text."""
        return self.is_ready and not self.is_accessible
