"""Lists of action items: by owner, due day and state, in a group or of one person everywhere."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from common import days
from common.access import Viewer
from members.people.models import Person
from workinggroups.groups.choices import CHAIRS_REMINDED_DAYS, ActionItemState
from workinggroups.groups.models import ActionItem, ActionItemOwner, Group, Seat
from workinggroups.groups.models.action_items import ActionItemQuerySet
from workinggroups.groups.permissions import can_change_action_item, is_running
from workinggroups.groups.sources import Source, sources_of

# The owners that a filter offers, by name.
OWNERS_LISTED = 100
SOON_DAYS = 7

Choices = tuple[tuple[str, str | Promise], ...]
STATES: Choices = (
    ("", _("To do")),
    ("done", _("Done")),
    ("dropped", _("Dropped")),
    ("closed", _("Done or dropped")),
    ("all", _("In every state")),
)
DUE: Choices = (
    ("", _("Any due date")),
    ("late", _("Late")),
    ("two_weeks_late", _("Late for two weeks or more")),
    ("soon", _("Due within a week")),
    ("none", _("Without a due date")),
)
# Whose items a list of all groups shows.
MINE, CHAIRED = "mine", "chaired"
ME, NOBODY, LEFT = "me", "none", "left"


@dataclass(frozen=True, slots=True)
class Filters:
    """What a list is filtered by; "" filters by nothing, and the state "" are open items.

    `owner` is the uuid of a person, or "me", "none" (unassigned) or "left" (an owner is no longer in
    the group).
    """

    state: str = ""
    owner: str = ""
    due: str = ""

    @classmethod
    def of(cls, query: Mapping[str, str]) -> "Filters":
        """Read a query string; a value that no filter has is ignored."""
        state, due, owner = (query.get(key, "") for key in ("state", "due", "owner"))
        # Addresses of before: `mine=1`.
        owner = ME if query.get("mine") and not owner else owner
        return cls(
            state=state if state in dict(STATES) else "",
            owner=owner if owner in {ME, NOBODY, LEFT} or _is_uuid(owner) else "",
            due=due if due in dict(DUE) else "",
        )

    @property
    def is_any(self) -> bool:
        return bool(self.state or self.owner or self.due)

    @property
    def shows_closed(self) -> bool:
        return self.state in {"done", "dropped", "closed"}


def _is_uuid(text: str) -> bool:
    try:
        return str(UUID(text)) == text
    except ValueError:
        return False


def filtered(items: ActionItemQuerySet, filters: Filters, viewer: Viewer) -> ActionItemQuerySet:
    """Return the items that pass the filters, in order: open ones by due day, closed ones latest
    first."""
    return _in_order(
        _due(_owned(_in_state(items, filters), filters, viewer), filters, viewer), filters
    )


def _in_state(items: ActionItemQuerySet, filters: Filters) -> ActionItemQuerySet:
    match filters.state:
        case "all":
            return items
        case "closed":
            return items.exclude(state=ActionItemState.OPEN)
        case "done" | "dropped":
            return items.filter(state=filters.state)
        case _:
            return items.open()


def _owned(items: ActionItemQuerySet, filters: Filters, viewer: Viewer) -> ActionItemQuerySet:
    match filters.owner:
        case "":
            return items
        case "me":
            return items.owned_by(viewer.person_id or 0)
        case "none":
            return items.filter(owner__isnull=True)
        case "left":
            seats = Seat.objects.filter(person=OuterRef("person"), group=OuterRef("item__group"))
            gone = ActionItemOwner.objects.filter(~Exists(seats), item=OuterRef("pk"))
            return items.filter(Exists(gone))
        case uuid:
            return items.filter(ownerships__person__uuid=uuid)


def _due(items: ActionItemQuerySet, filters: Filters, viewer: Viewer) -> ActionItemQuerySet:
    today = days.today_in(viewer.zone)
    match filters.due:
        case "late":
            return items.filter(due_on__lt=days.first_running())
        case "two_weeks_late":
            return items.filter(due_on__lte=today - timedelta(days=CHAIRS_REMINDED_DAYS))
        case "soon":
            return items.filter(due_on__range=(days.first_running(), today + timedelta(SOON_DAYS)))
        case "none":
            return items.filter(due_on__isnull=True)
        case _:
            return items


def _in_order(items: ActionItemQuerySet, filters: Filters) -> ActionItemQuerySet:
    if filters.shows_closed:
        return items.order_by("-closed_at", "-pk")
    return items.order_by("due_on", "group", "number")


def owners_in(group: Group, viewer: Viewer) -> list[Person]:
    """Return the people who own items of the group that the viewer can read, by name."""
    visible = ActionItem.objects.within(group.pk, viewer.read_level(group.pk))
    owners = ActionItemOwner.objects.filter(item__in=visible.values("pk")).values("person")
    people: QuerySet[Person] = Person.objects.filter(pk__in=owners).order_by("sort_name", "pk")
    return list(people[:OWNERS_LISTED])


@dataclass(frozen=True, slots=True)
class ItemRow:
    """An item as a list shows it: its owners, each with whether they have left the group."""

    item: ActionItem
    owners: tuple[tuple[Person, bool], ...]
    source: Source | None
    can_change: bool


def rows_of(items: Iterable[ActionItem], viewer: Viewer) -> list[ItemRow]:
    """Return a row for each of these items, whose group and owners are loaded: two queries."""
    listed = list(items)
    owner_ids = {pk for item in listed for pk in item.owner_ids}
    group_ids = {item.group_id for item in listed}
    seats = Seat.objects.filter(group__in=group_ids, person__in=owner_ids)
    seated = set(seats.values_list("group_id", "person_id")) if owner_ids else set()
    sources = sources_of(listed, viewer)
    return [
        ItemRow(
            item=item,
            owners=tuple((owner, (item.group_id, owner.pk) not in seated) for owner in item.owners),
            source=sources.get(item.pk),
            can_change=is_running(item.group) and can_change_action_item(viewer, item),
        )
        for item in listed
    ]
