"""Who was notified that a change of clocks shifts the hours of their meetings."""

from django.db import models
from django.utils import timezone

from members.people.models import Person


class NotifiedClockChange(models.Model):
    """The person was notified of the change of clocks on this day (in UTC), once for all series."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="+", db_index=False)
    changed_on = models.DateField(db_index=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "changed_on"], name="clock_change_notified_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.changed_on}"
