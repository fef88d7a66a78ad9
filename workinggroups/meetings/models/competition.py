"""That the notice of competition law was shown at a meeting."""

from django.db import models
from django.utils import timezone

from members.people.models import Person
from workinggroups.meetings.models.meetings import Meeting


class CompetitionNotice(models.Model):
    """An officer showed the notice of competition law at the meeting: which text, when, and who.

    The words are stored, since later versions of the software have others. A trigger refuses every
    change of a row.
    """

    meeting = models.OneToOneField(Meeting, models.PROTECT, related_name="competition_notice")
    version = models.PositiveSmallIntegerField()
    text = models.TextField()
    shown_at = models.DateTimeField(default=timezone.now)
    shown_by = models.ForeignKey(Person, models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"{self.meeting}, version {self.version}"
