"""Reminding people of action items that are due, and the chairs of those that stay late."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, Max, OuterRef, Q
from django.utils import timezone

from common.access import Level
from common.record.models import Record
from members.people.models import Person
from notifications.actions import notify
from notifications.models import Event, Preference
from workinggroups.groups.choices import GroupState
from workinggroups.groups.models import ActionItem, ActionItemOwner, Seat
from workinggroups.groups.notifications.due_items import ActionItemDue
from workinggroups.groups.reminder_days import (
    Morning,
    current_morning,
    due_for_reminder,
    is_chairs_day,
    is_owners_day,
)

PEOPLE_AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class Reader:
    pk: int
    uuid: UUID
    zone: str


@dataclass(slots=True)
class Reminder:
    """What one person is reminded of: their own items, and late ones of groups they chair."""

    reader: Reader
    morning: Morning
    own: list[ActionItem] = field(default_factory=list)
    chaired: list[ActionItem] = field(default_factory=list)

    @property
    def key(self) -> str:
        return f"{self.reader.uuid}:{self.morning.day}"

    @property
    def groups(self) -> dict[int, UUID]:
        return {item.group_id: item.group.uuid for item in (*self.own, *self.chaired)}


def remind_of_due_items() -> int:
    """Remind people whose morning it is of action items; return how many people were reminded.

    Called by a periodic task. A person gets one notification and one mail of all items, and one of
    each group for which they chose their mail separately. A second run on the same day, or one at
    the same time, reminds nobody again. What was created or changed this morning is left out.
    """
    now = timezone.now()
    reminders = sorted(_reminders(_candidates(now), now), key=lambda each: each.reader.pk)
    reminded = 0
    for first in range(0, len(reminders), PEOPLE_AT_ONCE):
        with transaction.atomic():
            reminded += _remind(reminders[first : first + PEOPLE_AT_ONCE])
    return reminded


def _candidates(now: datetime) -> list[ActionItem]:
    """Return the open items of which somebody, somewhere, is reminded on the day that it is there."""
    anywhere = Q()
    for day in {(now + timedelta(hours=hours)).date() for hours in (-12, 0, 14)}:
        anywhere |= due_for_reminder(day)
    items = ActionItem.objects.open().filter(anywhere)
    running = items.exclude(group__state=GroupState.CONCLUDED)
    return list(running.select_related("group").order_by("due_on", "group", "number"))


def _reminders(items: Iterable[ActionItem], now: datetime) -> list[Reminder]:
    """Return who is reminded of which of these items this morning. Three queries."""
    by_pk = {item.pk: item for item in items}
    changed_at = _last_changes(by_pk.values())
    reminders: dict[int, Reminder] = {}

    def reminder_of(reader: Reader, item: ActionItem) -> Reminder | None:
        morning = current_morning(reader.zone, now)
        if morning is None or changed_at[item.uuid] >= morning.noted_at:
            return None
        return reminders.setdefault(reader.pk, Reminder(reader, morning))

    for pk, reader in _owners(by_pk):
        item = by_pk[pk]
        reminder = reminder_of(reader, item)
        if reminder and item.due_on and is_owners_day(item.due_on, reminder.morning.day):
            reminder.own.append(item)
    chairs = _chairs({item.group_id for item in by_pk.values()})
    for item in by_pk.values():
        for reader in chairs[item.group_id]:
            reminder = reminder_of(reader, item)
            if (
                reminder
                and item.due_on
                and is_chairs_day(item.due_on, reminder.morning.day)
                and item not in reminder.own
            ):
                reminder.chaired.append(item)
    return [each for each in reminders.values() if each.own or each.chaired]


def _last_changes(items: Iterable[ActionItem]) -> dict[UUID, datetime]:
    """Return when each item was created or last changed, by the record."""
    changed_at = {item.uuid: item.created_at for item in items}
    records = Record.objects.filter(kind="action_item", object_uuid__in=list(changed_at))
    for uuid, at in records.values_list("object_uuid").annotate(last=Max("at")).order_by():
        changed_at[uuid] = max(changed_at[uuid], at)
    return changed_at


def _owners(pks: Iterable[int]) -> list[tuple[int, Reader]]:
    """Return the owners of these items who are in the group and can read the item, by its id."""
    seats = Seat.objects.filter(group=OuterRef("item__group"), person=OuterRef("person"))
    rows = (
        ActionItemOwner.objects.filter(item__in=list(pks), person__is_active=True)
        .filter(
            Q(item__level__lt=Level.CHAIRS) & Exists(seats) | Exists(seats.filter(is_chair=True))
        )
        .order_by("item__due_on", "item__group", "item__number")
    )
    columns = ("item_id", "person_id", "person__uuid", "person__zone")
    return [(pk, Reader(*person)) for pk, *person in rows.values_list(*columns)]


def _chairs(groups: Iterable[int]) -> defaultdict[int, list[Reader]]:
    """Return the chairs and co-chairs of these groups by group."""
    chairs: defaultdict[int, list[Reader]] = defaultdict(list)
    seats = Seat.objects.filter(group__in=list(groups), is_chair=True, person__is_active=True)
    columns = ("group_id", "person_id", "person__uuid", "person__zone")
    for group, *person in seats.order_by("group_id", "person_id").values_list(*columns):
        chairs[group].append(Reader(*person))
    return chairs


def _remind(reminders: Iterable[Reminder]) -> int:
    """Notify these people unless they were notified today; return how many were.

    Locks the people. Whoever another process has locked is left to it, or to the next run.
    """
    by_person = {each.reader.pk: each for each in reminders}
    locked = set(
        Person.objects.select_for_update(no_key=True, skip_locked=True)
        .filter(pk__in=by_person)
        .order_by("pk")
        .values_list("pk", flat=True)
    )
    keys = [f"{ActionItemDue.name}:{each.key}" for each in by_person.values()]
    done = set(Event.objects.filter(dedupe_key__in=keys).values_list("dedupe_key", flat=True))
    now = [
        each
        for each in by_person.values()
        if each.reader.pk in locked and f"{ActionItemDue.name}:{each.key}" not in done
    ]
    chosen = _groups_with_a_choice(now)
    for reminder in now:
        _notify(reminder, chosen[reminder.reader.pk])
    return len(now)


def _groups_with_a_choice(reminders: Iterable[Reminder]) -> defaultdict[int, set[UUID]]:
    """Return the groups for which these people chose the mail of reminders separately, by person."""
    rows = Preference.objects.filter(
        kind=ActionItemDue.name,
        scope_uuid__isnull=False,
        person__in=[each.reader.pk for each in reminders],
    )
    chosen: defaultdict[int, set[UUID]] = defaultdict(set)
    for preference in rows:
        if preference.scope_uuid:
            chosen[preference.person_id].add(preference.scope_uuid)
    return chosen


def _notify(reminder: Reminder, chosen: set[UUID]) -> None:
    """Notify of all items at once, but separately of those in each group of `chosen`.

    The first notification has the key of person and day by itself, which later runs look for.
    """
    parts: defaultdict[UUID | None, set[int]] = defaultdict(set)
    for group, uuid in reminder.groups.items():
        parts[uuid if uuid in chosen else None].add(group)
    for number, groups in enumerate(parts.values()):
        only = next(iter(groups)) if len(groups) == 1 else 0
        payload = ActionItemDue(
            group=only,
            person=reminder.reader.pk,
            items=_ids(reminder.own, groups),
            late=_ids(reminder.chaired, groups),
            mail_at=reminder.morning.at.isoformat(),
        )
        cause = f"{reminder.key}:{number}" if number else reminder.key
        notify(payload, cause=cause, scope_uuid=reminder.groups[only] if only else None)


def _ids(items: Iterable[ActionItem], groups: set[int]) -> str:
    return ",".join(str(item.pk) for item in items if item.group_id in groups)
