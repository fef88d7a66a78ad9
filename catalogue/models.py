"""Works published elsewhere, which the catalogue lists beside the groups' publications."""

from typing import Self

from django.db import models
from django.db.models.functions import Now
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from common.identifiers import new_uuid
from common.vocabulary.models import FocusArea
from members.people.models import Person
from workinggroups.deliverables.choices import DeliverableKind


class ExternalWorkQuerySet(models.QuerySet["ExternalWork"]):
    def listed(self) -> Self:
        """Entries that were not retired."""
        return self.filter(retired_at__isnull=True)


class ExternalWork(models.Model):
    """A work published elsewhere that staff list in the catalogue, with a link to it."""

    uuid = models.UUIDField(unique=True, default=new_uuid, editable=False)
    title = models.CharField(_("title"), max_length=200)
    summary = models.TextField(_("plain summary"), max_length=1500)
    url = models.URLField(_("address"), max_length=500)
    kind = models.CharField(_("what it is"), max_length=1, choices=DeliverableKind.choices)
    focus_area = models.ForeignKey(
        FocusArea, models.PROTECT, verbose_name=_("focus area"), related_name="+"
    )
    publisher = models.CharField(_("published by"), max_length=160)
    licence = models.CharField(_("licence"), max_length=40, blank=True)
    published_on = models.DateField(_("published on"))
    added_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    added_at = models.DateTimeField(default=timezone.now)
    # Set by a trigger on every update.
    changed_at = models.DateTimeField(db_default=Now(), editable=False)
    retired_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = ExternalWorkQuerySet.as_manager()

    class Meta:
        db_table = "catalogue_outsideentry"
        ordering = ["-published_on", "-pk"]
        verbose_name_plural = "external works"
        constraints = [
            models.UniqueConstraint(
                fields=["url"],
                condition=models.Q(retired_at__isnull=True),
                name="outside_entry_listed_once",
            )
        ]
        indexes = [models.Index(fields=["-published_on", "-id"], name="outside_entry_latest")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("outside-entry", args=[self.uuid])
