"""Audiences as SQL: who may read what, for telling many people at once."""

from typing import Any

from allauth.account.models import EmailAddress
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case, Count, Exists, OuterRef, QuerySet, Subquery, When
from django.db.models.functions import Coalesce, Now

from common.access import Level, Viewer
from common.access.content import HasAccessKey
from common.mail.spelling import spelled
from common.prepared import Prepared, Slot
from members.organizations.models import Insider, Organization
from members.people.models import Person
from workinggroups.groups.choices import OfficeKind
from workinggroups.groups.content import GROUP, REACH, READER, TODAY
from workinggroups.groups.models import (
    ActionItem,
    BreakGlass,
    Group,
    GroupInvitation,
    Office,
    Seat,
)

# Audiences are sets of ids, united before anybody is looked up: an EXISTS or an OR of subqueries
# would be asked person by person (measured without statistics: minutes for three thousand).


def _seated(group_id: int, **more: Any) -> QuerySet[Any]:
    """The ids of people with a seat in the group now."""
    return Seat.objects.filter(group_id=group_id, **more).values_list("person_id")


def members_of(group_id: int) -> QuerySet[Person]:
    """People who hold a seat in the group now."""
    return Person.objects.active().filter(pk__in=_seated(group_id))


def chairs_of(group_id: int) -> QuerySet[Person]:
    """Chairs and co-chairs of the group now."""
    return Person.objects.active().filter(pk__in=_seated(group_id, is_chair=True))


def has_acting_chair(group: Group) -> bool:
    """The group has a chair or co-chair who is not limited to reading."""
    return Seat.objects.filter(group=group, is_chair=True, read_only=False).exists()


def members_reading(row: HasAccessKey | None) -> QuerySet[Person]:
    """The people of the row's group who read it: all, or its chairs where it is theirs alone.

    Nobody where there is no row (any more).
    """
    if row is None:
        return Person.objects.active().none()
    return chairs_of(row.group_id) if row.level == Level.CHAIRS else members_of(row.group_id)


def readers_of(group_id: int, level: int) -> QuerySet[Person]:
    """Everybody who may read a row with this access key now: the mirror of `visible_content`.

    A property test holds the two together: a person is in here exactly when the row is in
    `visible_to` of that person's viewer.
    """
    if level == Level.PUBLIC:
        return Person.objects.active()
    opened = BreakGlass.objects.filter(
        group_id=group_id, during__contains=Now(), person__is_staff=True
    ).values_list("person_id")
    if level == Level.CHAIRS:
        return Person.objects.active().filter(pk__in=_seated(group_id, is_chair=True).union(opened))
    readers = _seated(group_id).union(opened)
    if level == Level.ALLIANCE:
        readers = readers.union(Insider.objects.values_list("person_id"))
    return Person.objects.active().filter(pk__in=readers)


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
    addresses = EmailAddress.objects.filter(
        user=OuterRef("pk"), email__iexact=spelled(address), verified=True
    )
    return Person.objects.active().filter(Exists(addresses)).first()


def is_invited(address: str) -> bool:
    """Whether an invitation into a group waits for this address, in its one spelling."""
    return GroupInvitation.objects.open().filter(address=address).exists()


def confirmed_addresses(person: Person) -> set[str]:
    """The addresses that the person has proved, in their one spelling."""
    found = EmailAddress.objects.filter(user=person, verified=True)
    return {spelled(address) for address in found.values_list("email", flat=True)}


invitations_to_answer = Prepared(
    "group_invitations_to_answer",
    lambda: GroupInvitation.objects.to_answer(Slot("person")).select_related("group", "invited_by"),
)
"""The invitations that wait for a person, with group and inviter."""


def shown_invitations(group: Group) -> QuerySet[GroupInvitation]:
    """Who is invited, for those who manage the group's people: addresses as they were typed."""
    shown: QuerySet[GroupInvitation] = GroupInvitation.objects.to_show()
    return shown.filter(group=group).select_related("invited_by")


def roster(group: Group) -> QuerySet[Seat]:
    """Who takes part now, officers first, then by name. Each seat has `offices`."""
    offices = Office.objects.current().filter(group=group)
    own = offices.filter(person=OuterRef("person")).order_by("pk")
    # The few who hold an office are looked up once, not for each of a thousand seats.
    ranks = [
        When(person__in=offices.filter(office=kind).values("person"), then=rank)
        for rank, kind in enumerate((OfficeKind.CHAIR, OfficeKind.CO_CHAIR, OfficeKind.SECRETARY))
    ]
    return (
        Seat.objects.filter(group=group)
        .select_related("person", "organization")
        .annotate(  # type: ignore[no-redef]
            offices=ArraySubquery(own.values("office")),
            rank=Case(*ranks, default=len(ranks)),
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


def open_items() -> QuerySet[ActionItem]:
    """What is to be done in a group, as far as its reader reaches; for `count_in_tab`."""
    items: QuerySet[ActionItem] = ActionItem.objects.within(GROUP, REACH).open()
    return items


def own_items() -> QuerySet[ActionItem]:
    return open_items().filter(owner=READER)


def late_items() -> QuerySet[ActionItem]:
    return open_items().filter(due_on__lt=TODAY)
