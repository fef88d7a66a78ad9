"""Who asks to speak in a meeting."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from common.identifiers import new_uuid
from members.organizations.models import Organization
from members.people.models import Person
from workinggroups.meetings.models.meetings import Meeting


class SpeakerRequestQuerySet(models.QuerySet["SpeakerRequest"]):
    def open(self) -> Self:
        """Return the requests of people who wait or speak."""
        return self.filter(done_at__isnull=True, withdrawn_at__isnull=True)

    def waiting(self) -> Self:
        return self.open().filter(called_at__isnull=True)

    def speaking(self) -> Self:
        """Return the request of the person who speaks now."""
        return self.open().filter(called_at__isnull=False)


class SpeakerRequest(models.Model):
    """A person asks to speak: waiting, then speaking, then done; or withdrawn while it waited.

    The organization is that of the person's seat when the hand was raised. `added_by` is the officer
    who put the person on the list, if it was not the person themselves.
    """

    uuid = models.UUIDField(unique=True, default=new_uuid, editable=False)
    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="speakers")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    organization = models.ForeignKey(
        Organization, models.PROTECT, null=True, blank=True, related_name="+"
    )
    added_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    raised_at = models.DateTimeField(default=timezone.now)
    called_at = models.DateTimeField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = SpeakerRequestQuerySet.as_manager()

    class Meta:
        ordering = ["raised_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "person"],
                condition=Q(done_at__isnull=True, withdrawn_at__isnull=True),
                name="speaker_waits_once",
            ),
            models.UniqueConstraint(
                fields=["meeting"],
                condition=Q(called_at__isnull=False, done_at__isnull=True),
                name="speaker_one_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(done_at__isnull=True) | Q(called_at__isnull=False),
                name="speaker_called_before_done",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True) | Q(called_at__isnull=True),
                name="speaker_withdrawn_while_waiting",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} in {self.meeting}"
