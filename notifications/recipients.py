"""Audiences that more than one room tells."""

from django.db.models import QuerySet

from members.people.models import Person
from notifications.models import Event


def all_staff(event: Event) -> QuerySet[Person]:
    return Person.objects.active().filter(is_staff=True)
