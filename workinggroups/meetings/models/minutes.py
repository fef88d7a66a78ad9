"""What was approved as the minutes of a meeting."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from common.identifiers import new_uuid
from members.people.models import Person
from workinggroups.meetings.choices import SEAL_MINUTES
from workinggroups.meetings.models.meetings import Meeting
from workinggroups.meetings.models.notes import NotesRevision


class SealedMinutes(models.Model):
    """One approval: exactly what was approved, and the checksum that the record keeps of it.

    `content` is the text alone for form 1, and canonical JSON for form 2 (`sealing.py`). A trigger
    fixes the row, except that unlocking the minutes says once when, by whom and why. While the latest
    one is not unlocked, triggers keep the minutes, their attendance and their agenda as they are.
    """

    uuid = models.UUIDField(unique=True, default=new_uuid, editable=False)
    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="sealed_minutes")
    number = models.PositiveSmallIntegerField()
    revision = models.ForeignKey(NotesRevision, models.PROTECT, related_name="+")
    form = models.PositiveSmallIntegerField(default=SEAL_MINUTES)
    content = models.TextField()
    sha256 = models.CharField(max_length=64)
    sealed_at = models.DateTimeField(default=timezone.now)
    # Nobody where the charter made the minutes final.
    approved_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    unlocked_at = models.DateTimeField(null=True, blank=True)
    unlocked_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    unlocked_reason = models.TextField(blank=True)

    class Meta:
        verbose_name_plural = "sealed minutes"
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "number"], name="sealed_minutes_once"),
            models.UniqueConstraint(
                fields=["meeting"],
                condition=Q(unlocked_at__isnull=True),
                name="sealed_minutes_in_force_once",
            ),
            models.CheckConstraint(
                condition=Q(unlocked_at__isnull=True, unlocked_by__isnull=True, unlocked_reason="")
                | Q(unlocked_at__isnull=False, unlocked_by__isnull=False) & ~Q(unlocked_reason=""),
                name="sealed_minutes_unlocked_with_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.meeting}, approval {self.number}"
