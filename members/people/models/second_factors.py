"""Resets of the second factor of a person who has lost it."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from common.identifiers import new_uuid
from members.people.models.people import Person


class SecondFactorReset(models.Model):
    """Staff removed, or ask to remove, every second factor of a person who has lost theirs.

    A reset is open until it is carried out or withdrawn. For a person who is staff, a second staff
    member has to agree (`members/people/factor_resets.py`).
    """

    uuid = models.UUIDField(unique=True, default=new_uuid, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="second_factor_resets")
    reason = models.TextField(_("reason"), max_length=500)
    asked_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    agreed_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    done_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-asked_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(done_at__isnull=True, withdrawn_at__isnull=True),
                name="second_factor_reset_open_once",
            ),
            models.CheckConstraint(
                condition=~Q(asked_by=F("person")) & ~Q(agreed_by=F("person")),
                name="second_factor_reset_by_another",
            ),
            models.CheckConstraint(
                condition=Q(agreed_by__isnull=True) | ~Q(agreed_by=F("asked_by")),
                name="second_factor_reset_agreed_by_a_second",
            ),
            models.CheckConstraint(
                condition=Q(done_at__isnull=True) | Q(withdrawn_at__isnull=True),
                name="second_factor_reset_done_or_withdrawn",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}, {self.asked_at:%Y-%m-%d}"
