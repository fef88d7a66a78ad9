"""One store for all files. Rooms join to it and answer who may read."""

from django.db import models

from common.files.choices import State
from common.identifiers import new_uuid


class StoredFile(models.Model):
    """A file's bytes under a random name, with the checksum that proves them.

    It grants nothing: the room whose table points here asks its own rights and serves it.
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

    class Meta:
        indexes = [
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
    def path(self) -> str:
        """Where the bytes lie below MEDIA_ROOT: two letters of folder, then a name that says nothing."""
        return f"{self.uuid.hex[-2:]}/{self.uuid.hex}"
