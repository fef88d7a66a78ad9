"""What people say about their own attendance after a meeting."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from common.identifiers import new_uuid
from members.organizations.models import Organization
from members.people.models import Person
from workinggroups.meetings.choices import CLAIM_NOTE_MAX_CHARACTERS, ClaimState
from workinggroups.meetings.models.meetings import Meeting


class AttendanceClaim(models.Model):
    """A person says after the meeting that they were there; an officer confirms or declines it.

    The organization is that of the person's seat when they said so.
    """

    uuid = models.UUIDField(unique=True, default=new_uuid, editable=False)
    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="claims")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    organization = models.ForeignKey(
        Organization, models.PROTECT, null=True, blank=True, related_name="+"
    )
    state = models.CharField(max_length=16, choices=ClaimState.choices, default=ClaimState.OPEN)
    created_at = models.DateTimeField(default=timezone.now)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    # Why it was declined.
    note = models.CharField(max_length=CLAIM_NOTE_MAX_CHARACTERS, blank=True)

    class Meta:
        ordering = ["created_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "person"], name="claim_once"),
            models.CheckConstraint(
                condition=Q(state="open", answered_at__isnull=True)
                | (~Q(state="open") & Q(answered_at__isnull=False)),
                name="claim_open_until_answered",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.get_state_display()}"

    @property
    def is_open(self) -> bool:
        return self.state == ClaimState.OPEN
