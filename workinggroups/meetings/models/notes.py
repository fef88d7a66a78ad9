"""The notes of a meeting, which become its minutes, and the corrections to them."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from common.identifiers import new_uuid
from common.text.rendered import RenderedText
from members.organizations.models import Organization
from members.people.models import Person
from workinggroups.meetings.choices import (
    CORRECTION_MAX_CHARACTERS,
    CorrectionAnswer,
    CorrectionKind,
    TextOutcome,
)
from workinggroups.meetings.models.meetings import Meeting


class NotesRevision(RenderedText):
    """The whole text of a meeting's notes, as one person saved it.

    If two people save at once, the database refuses the same number to the second.
    """

    uuid = models.UUIDField(unique=True, default=new_uuid, editable=False)
    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="notes")
    number = models.PositiveIntegerField()
    source = models.TextField()
    author = models.ForeignKey(Person, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "number"], name="notes_revision_once")
        ]

    def __str__(self) -> str:
        return f"{self.meeting}, notes {self.number}"


class NotesConflict(models.Model):
    """Notes that their author could not save, because another person saved in the meantime.

    The text is open until its author chooses what to do with it; the row stays in the history.
    """

    uuid = models.UUIDField(unique=True, default=new_uuid, editable=False)
    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="kept_texts")
    author = models.ForeignKey(Person, models.PROTECT, related_name="+")
    base_number = models.PositiveIntegerField()
    source = models.TextField()
    outcome = models.CharField(max_length=16, choices=TextOutcome.choices, default=TextOutcome.OPEN)
    created_at = models.DateTimeField(default=timezone.now)
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "meetings_kepttext"
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "author"],
                condition=Q(outcome="open"),
                name="kept_text_open_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.meeting}, kept from {self.author}"


class CorrectionQuerySet(models.QuerySet["Correction"]):
    def unanswered(self) -> Self:
        """Return the corrections that were asked for and neither taken up nor declined."""
        return self.filter(kind=CorrectionKind.ASKED, answer=CorrectionAnswer.OPEN)

    def delaying(self) -> Self:
        """Return those without which minutes cannot become final by rule."""
        return self.unanswered().filter(in_time=True)


class Correction(models.Model):
    """A correction to the minutes: asked for in the draft, or noted after approval.

    One that was asked for before the end of the time for corrections is `in_time`. An officer answers
    it once.
    """

    uuid = models.UUIDField(unique=True, default=new_uuid, editable=False)
    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="corrections")
    kind = models.CharField(max_length=8, choices=CorrectionKind.choices)
    author = models.ForeignKey(Person, models.PROTECT, related_name="+")
    organization = models.ForeignKey(
        Organization, models.PROTECT, null=True, blank=True, related_name="+"
    )
    text = models.TextField(_("what is to be corrected"), max_length=CORRECTION_MAX_CHARACTERS)
    created_at = models.DateTimeField(default=timezone.now)
    in_time = models.BooleanField(default=False)
    answer = models.CharField(
        max_length=8, choices=CorrectionAnswer.choices, default=CorrectionAnswer.OPEN
    )
    answered_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)
    answer_note = models.TextField(blank=True, max_length=CORRECTION_MAX_CHARACTERS)

    objects = CorrectionQuerySet.as_manager()

    class Meta:
        ordering = ["created_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(answer="open", answered_by__isnull=True, answered_at__isnull=True)
                | ~Q(answer="open") & Q(answered_by__isnull=False, answered_at__isnull=False),
                name="correction_answered_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(kind="asked") | Q(answer="open", in_time=False),
                name="correction_answered_only_if_asked",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.meeting}, correction"

    @property
    def is_asked(self) -> bool:
        return self.kind == CorrectionKind.ASKED

    @property
    def is_open(self) -> bool:
        """Tell whether an officer still has to answer it."""
        return self.is_asked and self.answer == CorrectionAnswer.OPEN
