"""Published versions of deliverables, and the numbers of published works."""

from datetime import UTC, date
from typing import Self

from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import CharField, OuterRef, Q, Value
from django.db.models.functions import Coalesce, Concat
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from common.files.choices import ScanState
from common.identifiers import new_uuid
from members.people.models import Person
from workinggroups.decisions.models import Decision
from workinggroups.deliverables.choices import DeliverableKind
from workinggroups.deliverables.models.deliverables import Deliverable
from workinggroups.deliverables.models.revisions import Revision, RevisionFile


class Series(models.Model):
    """The last number given to a published work of a kind, such as 7 in AS-7."""

    kind = models.CharField(max_length=1, choices=DeliverableKind.choices, primary_key=True)
    last = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"A{self.kind}-{self.last}"


class PublicationQuerySet(models.QuerySet["Publication"]):
    def standing(self) -> Self:
        """Publications that are not withdrawn, the latest first."""
        return self.filter(withdrawn_at__isnull=True).order_by("-published_at", "-pk")

    def with_file_states(self) -> Self:
        """Annotate `file_states`: which copies of pictures are made, and which files are held back
        by the virus scanner."""
        held_back = Q(stored__scan__in=[ScanState.WAITING, ScanState.INFECTED])
        files = RevisionFile.objects.filter(
            Q(stored__picture__isnull=False) | held_back, revision=OuterRef("revision")
        )
        copy = Coalesce("stored__picture__state", Value(""), output_field=CharField())
        states = files.order_by("position").values(
            file_state=Concat("stored__scan", Value(" "), copy, output_field=CharField())
        )
        return self.annotate(file_states=ArraySubquery(states))

    def current(self) -> Self:
        """The newest version of each work, withdrawn or not."""
        return self.filter(is_latest=True)


class Publication(models.Model):
    """A version of a deliverable as published: public permanently, a tombstone once withdrawn.

    The row has copies of all that a citation needs. A database trigger refuses any change but
    withdrawal and the flag of the latest version.
    """

    uuid = models.UUIDField(unique=True, default=new_uuid, editable=False)
    deliverable = models.ForeignKey(Deliverable, models.PROTECT, related_name="publications")
    revision = models.OneToOneField(Revision, models.PROTECT, related_name="publication")
    approval = models.ForeignKey(Decision, models.PROTECT, related_name="publications")
    identifier = models.CharField(max_length=16)
    number = models.CharField(_("version"), max_length=20)
    title = models.CharField(max_length=200)
    kind = models.CharField(max_length=1, choices=DeliverableKind.choices)
    summary = models.TextField()
    changes = models.CharField(_("what changed"), max_length=300, blank=True)
    licence = models.CharField(max_length=40)
    focus_area_slug = models.SlugField(max_length=40)
    # Empty for a group that only its members can see, since it is not named in public.
    group_name = models.CharField(max_length=120, blank=True)
    group_slug = models.SlugField(max_length=80, blank=True)
    authors = models.JSONField(default=list)
    sha256 = models.CharField(max_length=64)
    published_at = models.DateTimeField(default=timezone.now)
    published_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    is_latest = models.BooleanField(default=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+"
    )
    withdrawn_reason = models.TextField(blank=True, max_length=2000)

    # Annotated by `with_file_states`.
    file_states: list[str]

    objects = PublicationQuerySet.as_manager()

    class Meta:
        ordering = ["-published_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["identifier", "number"], name="publication_once"),
            models.UniqueConstraint(
                fields=["deliverable"], condition=Q(is_latest=True), name="publication_one_latest"
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawn_reason="")
                | (Q(withdrawn_at__isnull=False) & ~Q(withdrawn_reason="")),
                name="publication_withdrawn_with_reason",
            ),
        ]
        indexes = [models.Index(fields=["-published_at", "-id"], name="publication_latest")]

    def __str__(self) -> str:
        return f"{self.identifier} {self.title} {self.number}"

    def get_absolute_url(self) -> str:
        if self.is_latest:
            return reverse("publication", args=[self.identifier])
        return reverse("publication-version", args=[self.identifier, self.number])

    @property
    def published_on(self) -> date:
        """The day that pages and citations name for every reader: the one in UTC."""
        return self.published_at.astimezone(UTC).date()

    @property
    def is_group_named(self) -> bool:
        return bool(self.group_slug)

    @property
    def is_withdrawn(self) -> bool:
        return self.withdrawn_at is not None

    @property
    def state(self) -> str:
        """Key of the state that pages show."""
        if self.is_withdrawn:
            return "withdrawn"
        return "current" if self.is_latest else "superseded"
