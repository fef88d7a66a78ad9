"""Deliverables, their editors and their authors."""

from datetime import datetime
from typing import Self

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from common import days
from common.access import Level, Viewer
from common.access.content import visible_content
from common.identifiers import new_uuid
from common.times import since
from members.organizations.models import Organization
from members.people.models import Person
from workinggroups.deliverables.choices import DeliverableKind, DeliverableState
from workinggroups.groups.content import GroupContent, GroupContentQuerySet


class DeliverableQuerySet(GroupContentQuerySet["Deliverable"]):
    def visible_to(self, viewer: Viewer) -> Self:
        """Deliverables that this viewer can read, also those of which they can read one revision by
        a grant."""
        visible = visible_content(viewer)
        if revisions := viewer.granted.get("revision"):
            holding = Deliverable.objects.filter(revisions__uuid__in=revisions)
            visible |= Q(level__lte=Level.MEMBERS, pk__in=holding.values("pk"))
        return self.filter(visible)

    def readable_by_level(self, viewer: Viewer) -> Self:
        """Deliverables that this viewer can read by their level, without a grant."""
        return self.filter(visible_content(viewer))

    def latest_first(self) -> Self:
        """The most recently changed deliverable first."""
        return self.order_by("-changed_at", "-pk")


class Deliverable(GroupContent):
    """A work the group makes, from its first draft to its last publication."""

    uuid = models.UUIDField(unique=True, default=new_uuid, editable=False)
    number = models.PositiveIntegerField()
    kind = models.CharField(_("kind"), max_length=1, choices=DeliverableKind.choices)
    title = models.CharField(_("title"), max_length=200)
    summary = models.TextField(
        _("plain summary"), max_length=1500, help_text=_("What it is and for whom, in plain words.")
    )
    state = models.CharField(
        max_length=16, choices=DeliverableState.choices, default=DeliverableState.DRAFT
    )
    identifier = models.CharField(max_length=16, unique=True, null=True, blank=True)
    licence = models.CharField(_("licence"), max_length=40, default="CC-BY-4.0")
    review_until = models.DateField(_("comments until"), null=True, blank=True)
    returned_reason = models.TextField(_("what has to change"), blank=True, max_length=4000)
    created_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField(default=timezone.now)
    version = models.PositiveIntegerField(default=1)

    objects = DeliverableQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["group", "number"], name="deliverable_number_once"),
            models.CheckConstraint(
                condition=~Q(state__in=["published", "withdrawn"]) | Q(identifier__isnull=False),
                name="deliverable_published_has_identifier",
            ),
        ]
        indexes = [models.Index(fields=["group", "-changed_at"], name="deliverable_of_group")]

    def __str__(self) -> str:
        return self.title

    @property
    def review_is_over(self) -> bool:
        """Whether the last day for comments has ended everywhere on Earth."""
        return days.is_over(self.review_until)

    @property
    def review_ends_at(self) -> datetime | None:
        """The moment at which comments close for everyone; None without a review."""
        return days.end_of(self.review_until) if self.review_until else None

    def get_absolute_url(self) -> str:
        return reverse("deliverable", args=[self.group.slug, self.number])


class EditorshipQuerySet(models.QuerySet["Editorship"]):
    def current(self) -> Self:
        return self.filter(during__contains=Now())


class Editorship(models.Model):
    """A person edits the deliverable, for a time."""

    deliverable = models.ForeignKey(Deliverable, models.PROTECT, related_name="editorships")
    person = models.ForeignKey(Person, models.PROTECT, related_name="editorships")
    during = DateTimeRangeField(default=since)

    objects = EditorshipQuerySet.as_manager()

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="editorship_once_at_a_time",
                expressions=[
                    ("deliverable", RangeOperators.EQUAL),
                    ("person", RangeOperators.EQUAL),
                    ("during", RangeOperators.OVERLAPS),
                ],
            )
        ]

    def __str__(self) -> str:
        return f"{self.person}, editor of {self.deliverable}"


class Authorship(models.Model):
    """A person is named as an author, for an organization."""

    deliverable = models.ForeignKey(Deliverable, models.PROTECT, related_name="authorships")
    person = models.ForeignKey(Person, models.PROTECT, related_name="authorships")
    organization = models.ForeignKey(
        Organization, models.PROTECT, null=True, blank=True, related_name="+"
    )
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["deliverable", "person"], name="authorship_once")
        ]

    def __str__(self) -> str:
        return f"{self.person}, author of {self.deliverable}"
