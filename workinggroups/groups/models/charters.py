"""The texts of a group's charter."""

from typing import Self

from django.contrib.postgres.fields import DateTimeRangeField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from common.constraints import once_at_a_time
from common.identifiers import new_uuid
from common.text.rendered import RenderedText
from members.people.models import Person
from workinggroups.groups.choices import CharterState


class CharterVersionQuerySet(models.QuerySet["CharterVersion"]):
    def adopted(self) -> Self:
        return self.filter(state=CharterState.ADOPTED)

    def in_force(self) -> Self:
        return self.adopted().filter(during__contains=Now())


class CharterVersion(RenderedText):
    """One text of a group's charter; at most one is in force at any moment."""

    uuid = models.UUIDField(unique=True, default=new_uuid, editable=False)
    group = models.ForeignKey("groups.Group", models.PROTECT, related_name="charters")
    number = models.PositiveIntegerField()
    state = models.CharField(
        max_length=16, choices=CharterState.choices, default=CharterState.DRAFT
    )
    source = models.TextField()
    expires_on = models.DateField(_("in force until"), null=True, blank=True)
    author = models.ForeignKey(Person, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    edited_at = models.DateTimeField(default=timezone.now)
    adopted_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    during = DateTimeRangeField(null=True, blank=True)

    objects = CharterVersionQuerySet.as_manager()

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["group", "number"], name="charter_number_once"),
            models.CheckConstraint(
                condition=Q(state="draft", during__isnull=True)
                | Q(state="adopted", during__isnull=False),
                name="charter_adopted_has_a_time",
            ),
            once_at_a_time("charter_one_in_force", "group", condition=Q(state="adopted")),
        ]

    def __str__(self) -> str:
        return f"{self.group}, charter {self.number}"

    def get_absolute_url(self) -> str:
        return reverse("group-charter-version", args=[self.group.slug, self.number])
