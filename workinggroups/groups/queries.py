"""Reads about groups, and audiences as SQL: who may read what."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields
from datetime import date, datetime
from uuid import UUID

from allauth.account.models import EmailAddress
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case, Count, Exists, Model, OuterRef, QuerySet, Subquery, When
from django.db.models.functions import Coalesce, Now

from common.access import Level, Viewer
from common.access.content import HasAccessKey
from common.access.models import Grant
from common.counting import CountOf
from common.mail.spelling import spelled
from common.prepared_statements import PreparedSql, prepared
from members.organizations.models import Insider, Organization
from members.people.models import Person
from workinggroups.groups.choices import Listing, OfficeKind
from workinggroups.groups.models import (
    ActionItem,
    ActionItemOwner,
    BreakGlass,
    CharterVersion,
    Group,
    GroupInvitation,
    Office,
    Seat,
)
from workinggroups.groups.rules import DEFAULT, Rules

# Audiences are sets of ids, united before the people are looked up: PostgreSQL would run an EXISTS or
# an OR of subqueries for each person (measured without statistics: minutes for three thousand people).


def _seated(group_id: int, *, only_chairs: bool = False) -> QuerySet[Seat, tuple[int]]:
    """Return the ids of the people, or only of the chairs, with a seat in the group now."""
    seats = Seat.objects.filter(group_id=group_id)
    return (seats.filter(is_chair=True) if only_chairs else seats).values_list("person_id")


def members_of(group_id: int) -> QuerySet[Person]:
    """Return the people who have a seat in the group now."""
    return Person.objects.active().filter(pk__in=_seated(group_id))


def eligible_owners(item: ActionItem) -> QuerySet[Person]:
    """Return the people who can be owners of this item: the group's, and its present owners."""
    owners = ActionItemOwner.objects.filter(item=item).order_by().values_list("person_id")
    return Person.objects.active().filter(pk__in=_seated(item.group_id).union(owners))


def chairs_of(group_id: int) -> QuerySet[Person]:
    """Return the chairs and co-chairs of the group now."""
    return Person.objects.active().filter(pk__in=_seated(group_id, only_chairs=True))


def officers_of(group_id: int) -> QuerySet[Person]:
    """Return the chairs, co-chairs and secretaries of the group who have a seat now and can write."""
    seats = Seat.objects.filter(group_id=group_id, read_only=False)
    offices = Office.objects.current().filter(group_id=group_id, person__in=seats.values("person"))
    return Person.objects.active().filter(pk__in=offices.values("person"))


def has_acting_chair(group: Group) -> bool:
    """Whether the group has a chair or co-chair who is not limited to reading."""
    return Seat.objects.filter(group=group, is_chair=True, read_only=False).exists()


def rules_at(group_id: int, moment: datetime) -> Rules:
    """Return the rules of the charter in force at this moment; the default ones without a charter."""
    charters = CharterVersion.objects.filter(group=group_id).in_force_at(moment)
    charter = charters.only(*(field.name for field in fields(Rules))).first()
    return charter.rules if charter else DEFAULT


def members_reading(row: HasAccessKey | None) -> QuerySet[Person]:
    """Return the people of the group who read this row: all, or the chairs for a row at their level.

    Nobody for None, a row that is gone.
    """
    if row is None:
        return Person.objects.active().none()
    return chairs_of(row.group_id) if row.level == Level.CHAIRS else members_of(row.group_id)


def readers_of(
    group_id: int, level: int, *, granted: Iterable[tuple[str, UUID]] = ()
) -> QuerySet[Person]:
    """Return everyone who may read a row with this access key now: the mirror of `visible_content`.

    `granted` are the objects of which a grant lets its holder read the row: `grants_for(row)`.

    A property test holds the two together: a person is among these readers exactly when the row is
    in `visible_to` of that person's viewer.
    """
    if level == Level.PUBLIC:
        return Person.objects.active()
    openers = BreakGlass.objects.filter(
        group_id=group_id, during__contains=Now(), person__is_staff=True
    ).values_list("person_id")
    if level == Level.CHAIRS:
        chairs = _seated(group_id, only_chairs=True)
        return Person.objects.active().filter(pk__in=chairs.union(openers))
    readers = _seated(group_id).union(openers)
    if level == Level.ALLIANCE:
        readers = readers.union(Insider.objects.values_list("person_id"))
    elif granted := list(granted):
        readers = readers.union(_holders(group_id, granted))
    return Person.objects.active().filter(pk__in=readers)


def _holders(group_id: int, granted: Iterable[tuple[str, UUID]]) -> QuerySet[Grant, tuple[int]]:
    """Return the ids of the people whose grants of these objects count now."""
    known = Group.objects.exclude(listing=Listing.MEMBERS).filter(pk=group_id)
    grants = Grant.objects.current().of(granted).filter(group_id__in=known.values("pk"))
    inside = Insider.objects.values("person_id")
    return grants.filter(person_id__in=inside).values_list("person_id")


def eligible_affiliations(person: Person) -> list[Organization | None]:
    """Return on whose behalf the person can take part now: organizations, or None as an individual.

    Organizations in their grace period are left out, since their people can only read.
    """
    insiders = (
        Insider.objects.filter(person=person, read_only=False)
        .select_related("organization")
        .order_by("organization__sort_name", "pk")
    )
    by_pk = {insider.organization_id: insider.organization for insider in insiders}
    return list(by_pk.values())


def person_with_address(address: str) -> Person | None:
    """Return the active person who has confirmed this address."""
    addresses = EmailAddress.objects.filter(
        user=OuterRef("pk"), email__iexact=spelled(address), verified=True
    )
    return Person.objects.active().filter(Exists(addresses)).first()


def is_invited(address: str) -> bool:
    """Whether this address, in its one spelling, has an open invitation into a group."""
    return GroupInvitation.objects.open().filter(address=address).exists()


def confirmed_addresses(person: Person) -> set[str]:
    """Return the person's confirmed addresses, in their one spelling."""
    addresses = EmailAddress.objects.filter(user=person, verified=True)
    return {spelled(address) for address in addresses.values_list("email", flat=True)}


@prepared
def invitations_to_answer(person: int) -> QuerySet[GroupInvitation]:
    """Return the invitations that wait for the person's answer, with group and inviter."""
    return GroupInvitation.objects.to_answer(person)


def shown_invitations(group: Group) -> QuerySet[GroupInvitation]:
    """Return the invitations to show those who manage the group's people."""
    return GroupInvitation.objects.to_show().filter(group=group).select_related("invited_by")


def roster(group: Group) -> QuerySet[Seat]:
    """Return the seats of the group, officers first, then by name. Each has `offices`."""
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
    """Return the groups whose profile the viewer sees, in the order of the directory."""
    return (
        Group.objects.visible_to(viewer)
        .select_related("focus_area")
        .order_by("focus_area__position", "sort_name", "pk")
    )


def with_figures(viewer: Viewer, groups: QuerySet[Group]) -> QuerySet[Group]:
    """Annotate `people` and `organizations` (how many now), `chair_names`, and `colleagues`: how many
    people come from the viewer's own organizations.

    For the groups of one page: counting for all groups made the last page take seconds.
    """
    seats = Seat.objects.filter(group=OuterRef("pk")).order_by().values("group")
    own = seats.filter(organization__in=viewer.organization_ids)
    return groups.annotate(
        people=Coalesce(Subquery(seats.annotate(n=Count("pk")).values("n")), 0),
        organizations=Coalesce(
            Subquery(seats.annotate(n=Count("organization", distinct=True)).values("n")), 0
        ),
        colleagues=Coalesce(Subquery(own.annotate(n=Count("pk")).values("n")), 0),
        chair_names=_chair_names(),
    )


def _chair_names() -> ArraySubquery:
    chairs = Seat.objects.filter(group=OuterRef("pk"), is_chair=True)
    return ArraySubquery(chairs.order_by("person__sort_name").values("person__name"))


def for_staff() -> QuerySet[Group]:
    """Return every group, for staff's list; templates must not name the secret ones."""
    return (
        Group.objects.with_charter()
        .select_related("focus_area")
        .annotate(chair_names=_chair_names())
        .order_by("created_at", "pk")
    )


@prepared
def group_by_slug(slug: str) -> QuerySet[Group]:
    """Return the group at this address, with the number and last day of its charter."""
    return Group.objects.with_charter().select_related("focus_area").filter(slug=slug)


@dataclass(frozen=True, slots=True)
class GroupReader:
    """One person, by read level, on the pages of one group today.

    `today` is the earliest day that is not over everywhere: what was due before it is late.
    """

    group: int
    read_level: Level
    person: int
    today: date


# The rows that a tab counts for one reader. All tabs are counted in one query.
TabRows = Callable[[GroupReader], QuerySet[Model]]

_tab_rows: dict[str, TabRows] = {}


def count_in_tab(tab: str, rows: TabRows) -> None:
    """Show in a tab how many `rows` there are for its reader. Apps call this from `apps.ready`.

    `tab` is a name of `templates/components/group_tabs.html`, or of a figure on the group's home.
    """
    _tab_rows[tab] = rows


def figures_of_tabs(reader: GroupReader, *, people: int | None = None) -> dict[str, int]:
    """Count what the tabs of the group show. `people` is how many take part, if the caller has
    counted them: in a large group that is the slowest of the counts."""
    query = all_figures if people is None else figures_but_people
    counts = query.first(reader.group, reader.read_level, reader.person, reader.today)
    tabs = [tab for tab in _tab_rows if people is None or tab != "people"]
    figures = dict(zip(tabs, counts or (), strict=False))
    return figures if people is None else {**figures, "people": people}


@prepared
def all_figures(
    group: int, read_level: Level, person: int, today: date
) -> QuerySet[Group, tuple[int, ...]]:
    return _figures(GroupReader(group, read_level, person, today))


@prepared
def figures_but_people(
    group: int, read_level: Level, person: int, today: date
) -> QuerySet[Group, tuple[int, ...]]:
    return _figures(GroupReader(group, read_level, person, today), "people")


def _figures(reader: GroupReader, without: str = "") -> QuerySet[Group, tuple[int, ...]]:
    counts = [CountOf(rows(reader)) for tab, rows in _tab_rows.items() if tab != without]
    return Group.objects.filter(pk=reader.group).values_list(*counts)


def seats_of(reader: GroupReader) -> QuerySet[Seat]:
    return Seat.objects.filter(group=reader.group)


def open_items(reader: GroupReader) -> QuerySet[ActionItem]:
    """Return the open action items of the group that the reader can read."""
    return ActionItem.objects.within(reader.group, reader.read_level).open()


def own_items(reader: GroupReader) -> QuerySet[ActionItem]:
    return open_items(reader).filter(ownerships__person=reader.person)


def late_items(reader: GroupReader) -> QuerySet[ActionItem]:
    return open_items(reader).filter(due_on__lt=reader.today)


# The person with the organizations through which they are in the alliance now, and beside them, one
# row each, their seats with the offices held there and the groups they opened by break-glass; a
# person with neither is one row without a group. Grants count for people in the alliance, in groups
# that others than their members know of; `readers_of` says so too. `organizations_insider` is a view: its people are
# restricted too, or PostgreSQL would compute it for the whole alliance.
_VIEWER = """
WITH who AS (
    SELECT p.id, p.uuid, p.zone, p.is_staff,
           COALESCE(array_agg(i.organization_id) FILTER (WHERE i.organization_id IS NOT NULL), '{}'),
           COALESCE(array_agg(i.organization_id)
                    FILTER (WHERE i.read_only AND i.organization_id IS NOT NULL), '{}'),
           count(i.id) > 0,
           COALESCE(bool_and(i.read_only), false),
           ARRAY(SELECT r.organization_id FROM organizations_representation r
                  WHERE r.person_id = p.id AND r.during @> statement_timestamp()),
           CASE WHEN count(i.id) = 0 THEN '{}' ELSE
           ARRAY(SELECT t.kind || ' ' || t.object_uuid
                   FROM access_grant t JOIN groups_group g ON g.id = t.group_id
                  WHERE t.person_id = p.id AND t.during @> statement_timestamp()
                    AND g.listing <> 'members') END
      FROM people_person p
      LEFT JOIN organizations_insider i ON i.person_id = p.id AND i.person_id {people}
     WHERE p.id {people} AND p.is_active
     GROUP BY p.id
), place AS (
    SELECT s.person_id, s.group_id, s.level, s.organization_id, s.read_only,
           ARRAY(SELECT o.office::text FROM groups_office o
                  WHERE o.person_id = s.person_id AND o.group_id = s.group_id
                    AND o.during @> statement_timestamp()),
           (SELECT g.state = 'concluded' FROM groups_group g WHERE g.id = s.group_id)
      FROM groups_seat s WHERE s.person_id {people}
     UNION ALL
    SELECT b.person_id, b.group_id, NULL, NULL, NULL, NULL, NULL
      FROM groups_breakglass b JOIN people_person p ON p.id = b.person_id AND p.is_staff
     WHERE b.person_id {people} AND b.during @> statement_timestamp()
)
SELECT * FROM who LEFT JOIN place ON place.person_id = who.id
"""
viewer_of_person = PreparedSql("viewer_of_person", _VIEWER.replace("{people}", "= %(person)s"))
viewers_of_people = PreparedSql(
    "viewers_of_people", _VIEWER.replace("{people}", "= ANY(%(people)s::int[])")
)
