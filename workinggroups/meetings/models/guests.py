"""The guests of a meeting: people without a seat in its group."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.identifiers import new_uuid
from members.people.models import Person
from workinggroups.meetings.choices import AFFILIATION_MAX_CHARACTERS, GUEST_NAME_MAX_CHARACTERS
from workinggroups.meetings.models.meetings import Meeting


class Guest(models.Model):
    """Someone without a seat in the group who was at the meeting; an officer wrote down who it was.

    A guest does not count for the quorum. The name can be removed at any time, also after the minutes
    were approved; a trigger fixes everything else then.
    """

    uuid = models.UUIDField(unique=True, default=new_uuid, editable=False)
    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="guests")
    name = models.CharField(gettext_lazy("name"), max_length=GUEST_NAME_MAX_CHARACTERS, blank=True)
    affiliation = models.CharField(
        gettext_lazy("affiliation"), max_length=AFFILIATION_MAX_CHARACTERS, blank=True
    )
    added_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    added_at = models.DateTimeField(default=timezone.now)
    anonymised_at = models.DateTimeField(null=True, blank=True)
    anonymised_by = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["added_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=(~Q(name="") & Q(anonymised_at__isnull=True))
                | Q(name="", anonymised_at__isnull=False),
                name="guest_has_a_name_until_anonymised",
            )
        ]

    def __str__(self) -> str:
        return self.name or _("Name removed")

    @property
    def is_anonymised(self) -> bool:
        return self.anonymised_at is not None
