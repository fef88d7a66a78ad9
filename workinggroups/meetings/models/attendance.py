"""Who is coming to a meeting, and who attended."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from members.organizations.models import Organization
from members.people.models import Person
from workinggroups.meetings.choices import AttendanceState, PresenceSource
from workinggroups.meetings.models.meetings import Meeting


class AttendanceQuerySet(models.QuerySet["Attendance"]):
    def present(self) -> Self:
        """Return the attendance of people who were present."""
        return self.filter(state=AttendanceState.PRESENT)


class Attendance(models.Model):
    """A person's answer or attendance, with the organization they acted for at that moment."""

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="attendance")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    organization = models.ForeignKey(
        Organization, models.PROTECT, null=True, blank=True, related_name="+"
    )
    state = models.CharField(max_length=16, choices=AttendanceState.choices)
    changed_at = models.DateTimeField(default=timezone.now)
    # Of a person who was present: how we know it.
    how = models.CharField(max_length=16, choices=PresenceSource.choices, blank=True)
    # When people checked in themselves. Nobody else's hours are kept.
    checked_in_at = models.DateTimeField(null=True, blank=True)

    objects = AttendanceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["meeting", "person"], name="attendance_once"),
            models.CheckConstraint(
                condition=(Q(state="present") & ~Q(how="")) | (~Q(state="present") & Q(how="")),
                name="attendance_present_says_how",
            ),
            models.CheckConstraint(
                condition=Q(how="self", checked_in_at__isnull=False)
                | (~Q(how="self") & Q(checked_in_at__isnull=True)),
                name="attendance_checked_in_by_oneself",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.get_state_display()}"
