"""The private address at which a person's calendar program reads their meetings."""

from uuid import uuid4

from django.db import models
from django.utils import timezone

from members.people.models import Person


class CalendarFeed(models.Model):
    """The secret key in the address of a person's calendar. A new key makes the old address a 404."""

    person = models.OneToOneField(Person, models.PROTECT, related_name="+")
    key = models.UUIDField(unique=True, default=uuid4, editable=False)
    created_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"Calendar of {self.person}"
