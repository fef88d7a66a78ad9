"""A row for each transaction that changed something a public page may show.

Triggers append the rows, so that no writer can forget it, and no row is ever changed, so that no
writer waits for another. Which rows can be seen is the version of everything public
(`common.public_changes.queries`).
"""

from django.contrib.postgres.functions import RandomUUID
from django.db import models
from django.db.models.functions import Now


class PublicChange(models.Model):
    """A transaction that changed something a public page may show.

    `mark` is the row's part in the version, since its number can come again after a restore.
    """

    noted_at = models.DateTimeField(db_default=Now(), editable=False)
    mark = models.UUIDField(db_default=RandomUUID(), editable=False)

    def __str__(self) -> str:
        return f"{self.pk} at {self.noted_at}"
