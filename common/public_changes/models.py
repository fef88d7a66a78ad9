"""A row for each transaction that changed something a public page can show.

Triggers insert the rows, so that no writer can forget to, and no row is ever updated, so that no
writer waits for another. The set of visible rows is the version of everything public
(`common.public_changes.queries`).
"""

from django.contrib.postgres.functions import RandomUUID
from django.db import models
from django.db.models.functions import Now


class PublicChange(models.Model):
    """A transaction that changed something a public page can show.

    `mark` is the row's part in the version, since its number can come again after a restore.
    """

    noted_at = models.DateTimeField(db_default=Now(), editable=False)
    mark = models.UUIDField(db_default=RandomUUID(), editable=False)

    def __str__(self) -> str:
        return f"{self.pk} at {self.noted_at}"
