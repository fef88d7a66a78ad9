"""Audiences as SQL: who may read what, for telling many people at once."""

from typing import Any

from allauth.account.models import EmailAddress
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case, Count, Exists, OuterRef, Q, QuerySet, Subquery, When
from django.db.models.functions import Coalesce, Now
from django.utils import timezone

from common.access import Level, Viewer
from members.organizations.models import Insider, Organization
from members.people.models import Person
from workinggroups.groups.choices import OfficeKind
from workinggroups.groups.models import (
    ActionItem,
    BreakGlass,
    Group,
    Office,
    Seat,
)


def _people() -> QuerySet[Person]:
    people: QuerySet[Person] = Person.objects.active()
    return people


# Sets, not EXISTS per person: over the views a correlated question is asked once a person, and
# without statistics the planner answered it by reading everything each time (measured: minutes).


def _seated(group_id: int, **more: Any) -> Q:
    return Q(pk__in=Seat.objects.filter(group_id=group_id, **more).values("person_id"))


def members_of(group_id: int) -> QuerySet[Person]:
    """People who hold a seat in the group now."""
    return _people().filter(_seated(group_id))


def chairs_of(group_id: int) -> QuerySet[Person]:
    """Chairs and co-chairs of the group now."""
    return _people().filter(_seated(group_id, is_chair=True))


def readers_of(group_id: int, level: int) -> QuerySet[Person]:
    """Everybody who may read a row with this access key now: the mirror of `visible_content`.

    A property test holds the two together: a person is in here exactly when the row is in
    `visible_to` of that person's viewer.
    """
    people = _people()
    if level == Level.PUBLIC:
        return people
    readers = _seated(group_id, is_chair=True) if level == Level.CHAIRS else _seated(group_id)
    if level == Level.ALLIANCE:
        readers |= Q(pk__in=Insider.objects.values("person_id"))
    opened = BreakGlass.objects.filter(group_id=group_id, during__contains=Now())
    readers |= Q(pk__in=opened.values("person_id"), is_staff=True)
    return people.filter(readers)


def ways_in(person: Person) -> list[Organization | None]:
    """On whose behalf the person may take part now: its organizations, or None for itself.

    Organizations in grace are left out, since whoever comes in by them could only read.
    """
    ways = (
        Insider.objects.filter(person=person, read_only=False)
        .select_related("organization")
        .order_by("organization__sort_name", "pk")
    )
    by_pk = {way.organization_id: way.organization for way in ways}
    return list(by_pk.values())


def person_with_address(address: str) -> Person | None:
    """The active person whose confirmed address this is, by any of its addresses."""
    people: QuerySet[Person] = Person.objects.active().filter(
        Exists(
            EmailAddress.objects.filter(
                user=OuterRef("pk"), email__iexact=address.strip(), verified=True
            )
        )
    )
    return people.first()


def roster(group: Group) -> QuerySet[Seat]:
    """Who takes part now, officers first, then by name. Each seat has `offices`."""
    offices = Office.objects.current().filter(group=OuterRef("group"), person=OuterRef("person"))
    return (
        Seat.objects.filter(group=group)
        .select_related("person", "organization")
        .annotate(  # type: ignore[no-redef]
            offices=ArraySubquery(offices.order_by("pk").values("office"))
        )
        .annotate(
            rank=Case(
                When(offices__contains=[OfficeKind.CHAIR], then=0),
                When(offices__contains=[OfficeKind.CO_CHAIR], then=1),
                When(offices__contains=[OfficeKind.SECRETARY], then=2),
                default=3,
            )
        )
        .order_by("rank", "person__sort_name", "person_id")
    )


def directory(viewer: Viewer) -> QuerySet[Group]:
    """The groups whose card the viewer may see, in the order of the directory."""
    return (
        Group.objects.visible_to(viewer)
        .select_related("focus_area")
        .order_by("focus_area__position", "sort_name", "pk")
    )


def with_figures(viewer: Viewer, groups: QuerySet[Group]) -> QuerySet[Group]:
    """Each with `people` and `organizations` (how many now), `chair_names`, and `colleagues`: how
    many come from the viewer's own organizations.

    For the groups of one page: counted for all that come before it, the last page took seconds.
    """
    seats = Seat.objects.filter(group=OuterRef("pk")).order_by().values("group")
    chairs = (
        Seat.objects.filter(group=OuterRef("pk"), is_chair=True)
        .order_by("person__sort_name")
        .values("person__name")
    )
    own = seats.filter(organization__in=viewer.organization_ids)
    return groups.annotate(
        people=Coalesce(Subquery(seats.annotate(n=Count("pk")).values("n")), 0),
        organizations=Coalesce(
            Subquery(seats.annotate(n=Count("organization", distinct=True)).values("n")), 0
        ),
        colleagues=Coalesce(Subquery(own.annotate(n=Count("pk")).values("n")), 0),
        chair_names=ArraySubquery(chairs),
    )


def for_staff() -> QuerySet[Group]:
    """Every group, for the list of staff; templates name only those that are not secret."""
    chairs = (
        Seat.objects.filter(group=OuterRef("pk"), is_chair=True)
        .order_by("person__sort_name")
        .values("person__name")
    )
    return (
        Group.objects.with_charter()
        .select_related("focus_area")
        .annotate(chair_names=ArraySubquery(chairs))
        .order_by("created_at", "pk")
    )


def open_items(viewer: Viewer, group: Group) -> QuerySet[ActionItem]:
    """What is to be done in the group, as far as the viewer reads it."""
    items: QuerySet[ActionItem] = ActionItem.objects.visible_to(viewer).open().filter(group=group)
    return items


def own_items(viewer: Viewer, group: Group) -> QuerySet[ActionItem]:
    return open_items(viewer, group).filter(owner=viewer.person_id)


def late_items(viewer: Viewer, group: Group) -> QuerySet[ActionItem]:
    return open_items(viewer, group).filter(due_on__lt=timezone.localdate())
