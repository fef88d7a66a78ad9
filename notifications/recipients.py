"""Recipients used by notifications of several apps."""

from django.db.models import QuerySet

from members.people.models import Person


def all_staff() -> QuerySet[Person]:
    return Person.objects.active().filter(is_staff=True)
