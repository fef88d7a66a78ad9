"""The personal address of a calendar feed."""

from uuid import uuid4

from django.db import transaction
from django.utils import timezone

from members.people.models import Person
from workinggroups.meetings.models import CalendarFeed


@transaction.atomic
def reset_feed(*, actor: Person) -> CalendarFeed:
    """Give the actor a new secret address; an old one stops working."""
    feed, _created = CalendarFeed.objects.update_or_create(
        person=actor, defaults={"key": uuid4(), "created_at": timezone.now()}
    )
    return feed
