"""The reminder of action items that are due or late: one for all items of a person that morning."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Self

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from common.access import Viewer
from common.days import today_in
from common.ui.date_format import day_words
from members.people.models import Person
from notifications.choices import Category
from notifications.types import AnyPayload, NotificationContent, NotificationType
from workinggroups.groups.choices import CHAIRS_REMINDED_DAYS, GroupState
from workinggroups.groups.models import ActionItem, ActionItemOwner
from workinggroups.groups.notifications.base import content_in
from workinggroups.groups.queries import readers_of

# A reminder names so many items at most.
ITEMS_NAMED = 20


@dataclass(frozen=True, slots=True)
class DueItems:
    """What a person is still reminded of when they read it: own items, and late ones they chair."""

    own: list[ActionItem]
    chaired: list[ActionItem]
    today: date


@dataclass(frozen=True, kw_only=True)
class ActionItemDue(NotificationType[DueItems]):
    """For one person: their own `items`, and those long `late` in groups they chair.

    Both are ids with commas between. `group` is that of all of them, 0 for several; `mail_at` is the
    moment of the mail. Events of before name a `group` and an `item`, and nobody: its owners.
    """

    name = "action_item_due"
    label = gettext_lazy("Reminders of action items that are due or late")
    category = Category.GROUPS

    group: int = 0
    item: int = 0
    person: int = 0
    items: str = ""
    late: str = ""
    mail_at: str = ""

    def recipients(self) -> QuerySet[Person]:
        if self.person:
            return Person.objects.active().filter(pk=self.person)
        item = ActionItem.objects.open().filter(pk=self.item).first()
        if item is None:
            return Person.objects.active().none()
        owners = ActionItemOwner.objects.filter(item=item).values("person")
        return readers_of(item.group_id, item.level).filter(pk__in=owners)

    def mailed_from(self) -> datetime | None:
        return datetime.fromisoformat(self.mail_at) if self.mail_at else None

    @classmethod
    def find_targets(
        cls, payloads: Iterable[Self], viewer: Viewer
    ) -> Mapping[AnyPayload, DueItems]:
        """Return the items of each payload that the viewer still has to be reminded of. Two queries."""
        listed = [each for each in payloads if each.person in {0, viewer.person_id}]
        pks = {pk for each in listed for pk in (*each.own_ids, *each.late_ids)}
        visible = ActionItem.objects.visible_to(viewer).open().filter(pk__in=pks)
        running = visible.exclude(group__state=GroupState.CONCLUDED).select_related("group")
        by_pk = {item.pk: item for item in running.with_owners()}
        today = today_in(viewer.zone)
        targets: dict[AnyPayload, DueItems] = {}
        for each in listed:
            own = [by_pk[pk] for pk in each.own_ids if pk in by_pk]
            late = [by_pk[pk] for pk in each.late_ids if pk in by_pk]
            target = DueItems(
                [item for item in own if each.is_own(item, viewer, today)],
                [item for item in late if is_chaired(item, viewer, today)],
                today,
            )
            if target.own or target.chaired:
                targets[each] = target
        return targets

    @property
    def own_ids(self) -> list[int]:
        return [int(pk) for pk in self.items.split(",") if pk] or [self.item]

    @property
    def late_ids(self) -> list[int]:
        return [int(pk) for pk in self.late.split(",") if pk]

    def is_own(self, item: ActionItem, viewer: Viewer, today: date) -> bool:
        """Whether the viewer is an owner in the group, and the item is due by tomorrow."""
        if viewer.person_id not in item.owner_ids or item.group_id not in viewer.group_ids:
            return False
        return not self.person or _days_late(item, today) >= -1

    def content(self, target: DueItems, viewer: Viewer) -> NotificationContent:
        if len(target.own) + len(target.chaired) == 1:
            one = _of_one(target)
            # What the link to unsubscribe stops is what the List-Id names: a group only if the event is
            # of that group alone.
            return one if self.group else replace(one, group_slug="")
        items = [*target.own, *target.chaired]
        title = _title(target) % {"count": len(items)}
        why = _why(target)
        url = reverse("own-action-items")
        if not target.own:
            url += "?whose=chaired&due=two_weeks_late"
        group = items[0].group
        if self.group:
            return content_in(
                group, title=title, url=url, why=why, detail=_lines(target, self.group)
            )
        return NotificationContent(title=title, url=url, why=why, detail=_lines(target))


def is_chaired(item: ActionItem, viewer: Viewer, today: date) -> bool:
    """Whether the viewer chairs the group of the item, which is late for two weeks or more."""
    chairs = item.group_id in viewer.chaired_ids
    return chairs and _days_late(item, today) >= CHAIRS_REMINDED_DAYS


def _days_late(item: ActionItem, today: date) -> int:
    """Return for how many days the item is late; less than 0 before its day, or without one."""
    return (today - (item.due_on or today + timedelta(days=2))).days


def _of_one(target: DueItems) -> NotificationContent:
    item = (target.own or target.chaired)[0]
    days = _days_late(item, target.today)
    detail = due_words(item, target.today)
    if target.chaired:
        title = _("Late in a group you chair: %(text)s")
        detail = f"{detail} {_owner_words(item)}"
    elif days > 0:
        title = _("Late: %(text)s")
    elif days == 0:
        title = _("Due today: %(text)s")
    else:
        title = _("Due tomorrow: %(text)s") if days == -1 else _("Due soon: %(text)s")
    if target.own and days <= 0:
        # The title says when already.
        detail = day_words(item.due_on, weekday=True) if item.due_on else ""
    return content_in(
        item.group,
        title=title % {"text": item.text},
        url=item.get_absolute_url(),
        why=_why(target),
        detail=detail,
        thread_key=f"action_item:{item.uuid}",
        subject=item.text,
    )


def _title(target: DueItems) -> str:
    count = len(target.own) + len(target.chaired)
    if not target.own:
        return ngettext(
            "%(count)d action item is late in groups you chair",
            "%(count)d action items are late in groups you chair",
            count,
        )
    late = [_days_late(item, target.today) > 0 for item in (*target.own, *target.chaired)]
    if all(late):
        return ngettext("%(count)d action item is late", "%(count)d action items are late", count)
    if any(late):
        return ngettext(
            "%(count)d action item is due or late", "%(count)d action items are due or late", count
        )
    return ngettext("%(count)d action item is due", "%(count)d action items are due", count)


def _why(target: DueItems) -> str:
    if not target.own:
        return _("because you chair the group")
    if not target.chaired:
        if len(target.own) == 1:
            return _("because it is assigned to you")
        return _("because they are assigned to you")
    return _("because they are assigned to you, or late in a group you chair")


def _lines(target: DueItems, group: int = 0) -> str:
    """Return a line for each item, with its group unless all are of one `group`."""
    listed = [(item, False) for item in target.own] + [(item, True) for item in target.chaired]
    lines = []
    for item, is_of_others in listed[:ITEMS_NAMED]:
        name = str(item) if group else f"{item} ({item.group})"
        line = f"{name}: {due_words(item, target.today)}"
        lines.append(f"{line} {_owner_words(item)}" if is_of_others else line)
    more = len(listed) - ITEMS_NAMED
    if more > 0:
        lines.append(ngettext("And %(count)d more.", "And %(count)d more.", more) % {"count": more})
    return "\n".join(lines)


def due_words(item: ActionItem, today: date) -> str:
    """Return "due tomorrow, Fri 4 Dec 2026." or "14 days late, due Fri 4 Dec 2026."."""
    if item.due_on is None:
        return ""
    days = _days_late(item, today)
    facts = {"day": day_words(item.due_on, weekday=True), "count": days}
    if days > 0:
        words = ngettext(
            "%(count)d day late, due %(day)s.", "%(count)d days late, due %(day)s.", days
        )
    elif days == 0:
        words = _("due today, %(day)s.")
    elif days == -1:
        words = _("due tomorrow, %(day)s.")
    else:
        words = _("due %(day)s.")
    return words % facts


def _owner_words(item: ActionItem) -> str:
    if not item.owners:
        return _("Nobody is assigned to it.")
    return _("Assigned to %(people)s.") % {"people": ", ".join(map(str, item.owners))}
