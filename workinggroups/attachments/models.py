"""Files attached to a meeting, an agenda item, a topic or a decision."""

from collections.abc import Iterable
from typing import Self
from uuid import UUID

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from common.access.content import GrantedBy
from common.files.models import StoredFile
from common.identifiers import new_uuid
from members.people.models import Person
from workinggroups.groups.content import GroupContent, GroupContentQuerySet


class AttachmentQuerySet(GroupContentQuerySet["Attachment"]):
    def present(self) -> Self:
        """Attachments that were not removed."""
        return self.filter(removed_at__isnull=True)

    def of(self, kind: str, uuids: Iterable[UUID]) -> Self:
        """Attachments of these objects of one kind, in the order in which they were added."""
        return self.present().filter(kind=kind, thing_uuid__in=list(uuids)).order_by("pk")


class Attachment(GroupContent):
    """A file is attached to an object of a group, under the name that readers see.

    `kind` and `thing_uuid` identify the object, whose app is in a higher layer. `group` and `level`
    are copied from the object, so that lists and search filter as they do elsewhere.
    """

    uuid = models.UUIDField(unique=True, default=new_uuid, editable=False)
    kind = models.CharField(max_length=32)
    thing_uuid = models.UUIDField()
    stored = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)
    added_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    added_at = models.DateTimeField(default=timezone.now)
    removed_at = models.DateTimeField(null=True, blank=True)
    removed_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")

    objects = AttachmentQuerySet.as_manager()
    granted_by = (GrantedBy(uuid="thing_uuid", kind_column="kind"),)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "thing_uuid", "name"],
                condition=Q(removed_at__isnull=True),
                name="attachment_name_once",
            )
        ]
        indexes = [models.Index(fields=["group", "-id"], name="attachment_of_group")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """The download of the file."""
        return self._address("attachment-file")

    def get_figure_url(self) -> str:
        """The copy of a picture that pages show."""
        return self._address("attachment-figure")

    def get_removal_url(self) -> str:
        return self._address("attachment-remove")

    def _address(self, route: str) -> str:
        return reverse(route, args=[self.group.slug, self.kind, self.thing_uuid, self.name])
