"""What people read before an item of the agenda."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from common.identifiers import new_uuid
from members.people.models import Person
from workinggroups.meetings.choices import PAPER_TITLE_MAX_CHARACTERS
from workinggroups.meetings.models.agenda import AgendaItem


class Paper(models.Model):
    """An object or a web address is a paper of an item of the agenda. Files are its attachments.

    An object is named by its kind in the record (`common/record/registry.py`) and its uuid, since its
    app can be in a layer above. A paper gives no right: who shows it asks the registry what the viewer
    can see (`meetings/papers.py`). A trigger keeps the papers of approved minutes as they are.
    """

    uuid = models.UUIDField(unique=True, default=new_uuid, editable=False)
    item = models.ForeignKey(AgendaItem, models.PROTECT, related_name="papers", db_index=False)
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=32, blank=True)
    object_uuid = models.UUIDField(null=True, blank=True)
    url = models.URLField(_("web address"), max_length=500, blank=True)
    title = models.CharField(_("title"), max_length=PAPER_TITLE_MAX_CHARACTERS, blank=True)
    added_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    added_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                fields=["item", "position"],
                name="paper_position_once",
                deferrable=models.Deferrable.DEFERRED,
            ),
            models.UniqueConstraint(
                fields=["item", "kind", "object_uuid"],
                condition=Q(object_uuid__isnull=False),
                name="paper_object_once",
            ),
            models.UniqueConstraint(
                fields=["item", "url"], condition=~Q(url=""), name="paper_address_once"
            ),
            models.CheckConstraint(
                condition=Q(object_uuid__isnull=False, url="", title="") & ~Q(kind="")
                | Q(object_uuid__isnull=True, kind="") & ~Q(url="") & ~Q(title=""),
                name="paper_is_an_object_or_an_address",
            ),
        ]
        indexes = [
            models.Index(
                fields=["object_uuid"],
                condition=Q(object_uuid__isnull=False),
                name="paper_of_object",
            )
        ]

    def __str__(self) -> str:
        return self.title or f"{self.kind} {self.object_uuid}"
