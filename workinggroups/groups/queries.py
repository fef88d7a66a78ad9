"""Audiences as SQL: who may read what, for telling many people at once."""

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Now

from common.access import Level
from members.organizations.models import Insider
from members.people.models import Person
from workinggroups.groups.models import BreakGlass, Seat


def _people() -> QuerySet[Person]:
    people: QuerySet[Person] = Person.objects.active()
    return people


def members_of(group_id: int) -> QuerySet[Person]:
    """People who hold a seat in the group now."""
    return _people().filter(Exists(Seat.objects.filter(person=OuterRef("pk"), group_id=group_id)))


def chairs_of(group_id: int) -> QuerySet[Person]:
    """Chairs and co-chairs of the group now."""
    return _people().filter(
        Exists(Seat.objects.filter(person=OuterRef("pk"), group_id=group_id, is_chair=True))
    )


def readers_of(group_id: int, level: int) -> QuerySet[Person]:
    """Everybody who may read a row with this access key now: the mirror of `visible_content`.

    A property test holds the two together: a person is in here exactly when the row is in
    `visible_to` of that person's viewer.
    """
    people = _people()
    if level == Level.PUBLIC:
        return people
    seated = Seat.objects.filter(person=OuterRef("pk"), group_id=group_id)
    if level == Level.CHAIRS:
        seated = seated.filter(is_chair=True)
    readers = Q(Exists(seated))
    if level == Level.ALLIANCE:
        readers |= Q(Exists(Insider.objects.filter(person=OuterRef("pk"))))
    opened = BreakGlass.objects.filter(
        person=OuterRef("pk"), group_id=group_id, during__contains=Now()
    )
    readers |= Q(Exists(opened), is_staff=True)
    return people.filter(readers)
