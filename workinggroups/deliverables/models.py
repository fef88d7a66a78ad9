"""What a group makes: drafts, sealed revisions with files, comments, authors, and publications."""

from datetime import UTC, date, datetime

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from common import days
from common.files.models import StoredFile
from common.identifiers import new_uuid
from common.text.rendered import RenderedText
from common.times import since
from members.organizations.models import Organization
from members.people.models import Person
from workinggroups.decisions.models import Decision
from workinggroups.deliverables.choices import CommentState, DeliverableKind, DeliverableState
from workinggroups.deliverables.querysets import (
    DeliverableQuerySet,
    EditorshipQuerySet,
    PublicationQuerySet,
    ReviewCommentQuerySet,
    RevisionQuerySet,
)
from workinggroups.groups.content import GroupContent


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
        """Whether the last day for comments has ended everywhere; chairs then end the review."""
        return days.is_over(self.review_until)

    @property
    def review_ends_at(self) -> datetime | None:
        """The moment at which comments end for everybody; none without a review."""
        return days.end_of(self.review_until) if self.review_until else None

    def get_absolute_url(self) -> str:
        return reverse("deliverable", args=[self.group.slug, self.number])


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


class Revision(RenderedText):
    """One numbered text of a deliverable; once sealed the database refuses any change to it.

    `sha256` covers the text and the checksums of the files, in order: the thing a decision names.
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

    @property
    def safe_html(self) -> SafeString:
        """For templates: cleaned when it was written."""
        return mark_safe(self.html)  # noqa: S308


class RevisionFile(models.Model):
    """A file that belongs to a revision, under the name readers see."""

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


class Authorship(models.Model):
    """A person is named as author, with the organization of that day copied."""

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


class ReviewComment(RenderedText):
    """A remark on one revision, and what the editors answered."""

    uuid = models.UUIDField(unique=True, default=new_uuid, editable=False)
    revision = models.ForeignKey(Revision, models.PROTECT, related_name="comments")
    number = models.PositiveIntegerField()
    author = models.ForeignKey(Person, models.PROTECT, related_name="+")
    organization = models.ForeignKey(
        Organization, models.PROTECT, null=True, blank=True, related_name="+"
    )
    quote = models.CharField(_("the words it is about"), max_length=500, blank=True)
    source = models.TextField(_("comment"))
    state = models.CharField(max_length=16, choices=CommentState.choices, default=CommentState.OPEN)
    answer = models.TextField(_("answer"), blank=True, max_length=4000)
    answered_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)
    is_settled = models.BooleanField(_("the answer settles it"), null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    objects = ReviewCommentQuerySet.as_manager()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["revision", "number"], name="review_comment_once"),
            models.CheckConstraint(
                condition=Q(state__in=["open", "withdrawn"], answered_at__isnull=True)
                | (~Q(state="open") & Q(answered_at__isnull=False) & ~Q(answer="")),
                name="review_comment_answered_with_words",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.revision}, comment {self.number}"

    def get_absolute_url(self) -> str:
        return f"{self.revision.get_absolute_url()}#comment-{self.number}"

    @property
    def safe_html(self) -> SafeString:
        """For templates: cleaned when it was written."""
        return mark_safe(self.html)  # noqa: S308

    @property
    def is_answered(self) -> bool:
        return self.answered_at is not None


class Series(models.Model):
    """How many works of a kind were published: the last number given, as in AS-7."""

    kind = models.CharField(max_length=1, choices=DeliverableKind.choices, primary_key=True)
    last = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"A{self.kind}-{self.last}"


class Publication(models.Model):
    """One version of a deliverable as published: public for ever, a tombstone once withdrawn.

    Everything a citation needs is copied here at publication; a database trigger refuses any
    change but withdrawal, succession and the flag of the latest version.
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
    # Empty for a group that only its members know of: it is not named in public.
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
        """The one day that pages and citations name, the same for every reader: that of UTC."""
        return self.published_at.astimezone(UTC).date()

    @property
    def is_group_named(self) -> bool:
        return bool(self.group_slug)

    @property
    def is_withdrawn(self) -> bool:
        return self.withdrawn_at is not None

    @property
    def state(self) -> str:
        """Key of the state as a reader is told it."""
        if self.is_withdrawn:
            return "withdrawn"
        return "current" if self.is_latest else "superseded"
