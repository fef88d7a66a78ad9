"""One store for the files of all apps. Each app decides who can read its own."""

from django.conf import settings
from django.db import models

from common.files.choices import PictureFailure, PictureState, ScanState, State
from common.identifiers import new_uuid


class StoredFile(models.Model):
    """A file's bytes under a random name, with the checksum that proves them.

    The row gives no rights: the app whose table points to it checks them and serves the file.
    """

    uuid = models.UUIDField(primary_key=True, default=new_uuid, editable=False)
    sha256 = models.CharField(max_length=64)
    bytes = models.PositiveBigIntegerField()
    media_type = models.CharField(max_length=120)
    name = models.CharField(max_length=200)
    state = models.CharField(max_length=12, choices=State, default=State.STORED)
    owner_uuid = models.UUIDField(null=True)
    created_at = models.DateTimeField()
    discarded_at = models.DateTimeField(null=True)
    scan = models.CharField(max_length=8, choices=ScanState, default=ScanState.NONE)
    # What the scanner calls the virus that it found.
    scan_finding = models.CharField(max_length=200, blank=True)
    # When the scanner gets it next; null where it was never offered.
    scan_due_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["scan_due_at"],
                name="files_to_scan",
                condition=models.Q(scan__in=["none", "waiting"]),
            ),
            models.Index(fields=["owner_uuid"], name="files_owner"),
            models.Index(
                fields=["discarded_at"],
                name="files_discarded",
                condition=models.Q(state=State.DISCARDED),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_infected(self) -> bool:
        return self.scan == ScanState.INFECTED

    @property
    def awaits_scan(self) -> bool:
        """Not served until the scanner has checked it; never true where no scanner is configured."""
        return self.scan == ScanState.WAITING and bool(settings.CLAMD_URL)

    @property
    def path(self) -> str:
        """Where the bytes are below MEDIA_ROOT: a folder of two letters, then a random name."""
        return f"{self.uuid.hex[-2:]}/{self.uuid.hex}"


class PictureCopy(models.Model):
    """The copy of a stored picture that pages show: without metadata, no larger than a page.

    The original is what is downloaded and sealed; the copy can be made again from it at any time.
    """

    stored = models.OneToOneField(
        StoredFile, models.PROTECT, primary_key=True, related_name="picture"
    )
    state = models.CharField(
        max_length=8, choices=PictureState, default=PictureState.WAITING, db_index=False
    )
    failure = models.CharField(max_length=12, choices=PictureFailure, blank=True)
    # As shown, in CSS pixels: the page reserves that space.
    width = models.PositiveIntegerField(default=0)
    height = models.PositiveIntegerField(default=0)
    media_type = models.CharField(max_length=20, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    bytes = models.PositiveIntegerField(default=0)
    attempts = models.PositiveSmallIntegerField(default=0)
    begun_at = models.DateTimeField(null=True)
    made_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["stored"],
                name="files_picture_waiting",
                condition=models.Q(state=PictureState.WAITING),
            )
        ]

    def __str__(self) -> str:
        return f"{self.stored_id}: {self.state}"

    @property
    def path(self) -> str:
        """Where the copy is below MEDIA_ROOT."""
        return f"pictures/{self.stored_id.hex[-2:]}/{self.stored_id.hex}"
