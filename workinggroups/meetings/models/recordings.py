"""The recording and the transcript of a meeting, kept with consent and for a time."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from members.people.models import Person
from workinggroups.meetings.choices import CONSENT_MAX_CHARACTERS
from workinggroups.meetings.models.meetings import Meeting


class Recording(models.Model):
    """Who noted that those recorded agreed, the link to the recording, and its transcript.

    The row begins with the consent, without which nothing can be added. Once `delete_on` is over
    everywhere, a periodic task empties link and transcript; the row stays and says that it did. The
    recording itself is on another site, where its owner deletes it.
    """

    meeting = models.OneToOneField(Meeting, models.PROTECT, related_name="recording")
    consent = models.CharField(_("how consent was given"), max_length=CONSENT_MAX_CHARACTERS)
    noted_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    noted_at = models.DateTimeField(default=timezone.now)
    delete_on = models.DateField(_("delete after"))
    url = models.URLField(_("link to the recording"), max_length=500, blank=True)
    # Each a list: start and end in milliseconds, speaker or "", words.
    transcript = models.JSONField(default=list, blank=True)
    added_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    added_at = models.DateTimeField(null=True, blank=True)
    deleted_at = models.DateTimeField(null=True, blank=True)
    deleted_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(consent=""), name="recording_with_consent"),
            models.CheckConstraint(
                condition=Q(deleted_at__isnull=True) | Q(url="", transcript=[]),
                name="recording_deleted_is_empty",
            ),
        ]
        indexes = [
            models.Index(
                fields=["delete_on"],
                condition=Q(deleted_at__isnull=True),
                name="recording_to_delete",
            )
        ]

    def __str__(self) -> str:
        return f"{self.meeting}, recording"

    @property
    def is_deleted(self) -> bool:
        return self.deleted_at is not None

    @property
    def has_content(self) -> bool:
        return bool(self.url or self.transcript)
