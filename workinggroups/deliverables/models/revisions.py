"""Revisions of a deliverable, and their files."""

from typing import Self

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from common.access import Level, Viewer
from common.access.content import GrantedBy
from common.files.models import StoredFile
from common.identifiers import new_uuid
from common.text.rendered import RenderedText
from members.people.models import Person
from workinggroups.deliverables.models.deliverables import Deliverable
from workinggroups.groups.choices import Content


class RevisionQuerySet(models.QuerySet["Revision"]):
    def sealed(self) -> Self:
        return self.filter(sealed_at__isnull=False)

    def visible_to(self, viewer: Viewer) -> Self:
        """Revisions this viewer can read.

        Readers of the group's work see every revision of a deliverable they can read. A guest, who
        can read a deliverable of a members' group only while the whole alliance reviews it, sees the
        last sealed revision: no older one, and no draft. Whoever holds a grant of one revision sees
        this one.
        """
        newer = Revision.objects.sealed().filter(
            deliverable=OuterRef("deliverable"), number__gt=OuterRef("number")
        )
        as_reader = Q(deliverable__group__content=Content.ALLIANCE) | Q(
            deliverable__group_id__in=viewer.group_ids | viewer.break_glass_ids
        )
        as_guest = Q(~Exists(newer), sealed_at__isnull=False)
        by_level = Q(deliverable__in=Deliverable.objects.readable_by_level(viewer))
        visible = (as_reader | as_guest) & by_level
        if revisions := viewer.granted.get("revision"):
            visible |= Q(uuid__in=revisions, deliverable__level__lte=Level.MEMBERS)
        return self.filter(visible)


class Revision(RenderedText):
    """A numbered text of a deliverable; once it is sealed, the database refuses any change.

    `sha256` covers the text and the checksums of the files, in order; an approval names it.
    """

    uuid = models.UUIDField(unique=True, default=new_uuid, editable=False)
    deliverable = models.ForeignKey(Deliverable, models.PROTECT, related_name="revisions")
    number = models.PositiveIntegerField()
    source = models.TextField(_("text"))
    changes = models.CharField(_("what changed"), max_length=300, blank=True)
    author = models.ForeignKey(Person, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    edited_at = models.DateTimeField(default=timezone.now)
    sealed_at = models.DateTimeField(null=True, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = RevisionQuerySet.as_manager()
    granted_by = (GrantedBy("revision"),)

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["deliverable", "number"], name="revision_number_once"),
            models.UniqueConstraint(
                fields=["deliverable"],
                condition=Q(sealed_at__isnull=True),
                name="revision_one_open",
            ),
            models.CheckConstraint(
                condition=Q(sealed_at__isnull=True, sha256="")
                | (Q(sealed_at__isnull=False) & ~Q(sha256="")),
                name="revision_sealed_has_checksum",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.deliverable}, revision {self.number}"

    def get_absolute_url(self) -> str:
        deliverable = self.deliverable
        return reverse("revision", args=[deliverable.group.slug, deliverable.number, self.number])

    @property
    def is_sealed(self) -> bool:
        return self.sealed_at is not None


class RevisionFile(models.Model):
    """A file of a revision, under the name that readers see."""

    revision = models.ForeignKey(Revision, models.PROTECT, related_name="files")
    stored = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=200)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["revision", "name"], name="revision_file_name_once")
        ]

    def __str__(self) -> str:
        return self.name
