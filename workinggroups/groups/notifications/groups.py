"""Notifications about a group as a whole: created, changed, its charter adopted, opened by staff."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet, TextChoices
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.access import Level, Viewer
from members.people.models import Person
from notifications.choices import Category, Frequency
from notifications.targets import ModelNotification
from notifications.types import NotificationContent
from workinggroups.groups.choices import Admission, Content, GroupState, Listing
from workinggroups.groups.models import BreakGlass, Group
from workinggroups.groups.notifications.base import (
    GroupNotification,
    GroupPersonNotification,
    chairs_or_all,
    content_in,
    why_in,
)
from workinggroups.groups.open_work import sentences
from workinggroups.groups.queries import chairs_of, members_of, readers_of


class GroupCreated(GroupNotification):
    name = "group_created"
    label = gettext_lazy("A new group is created")
    category = Category.ALLIANCE
    default_frequency = Frequency.DIGEST

    def recipients(self) -> QuerySet[Person]:
        """Return the alliance, or the members of a secret group; never people outside the alliance."""
        group = Group.objects.get(pk=self.group)
        return readers_of(group.pk, max(group.profile_level, Level.ALLIANCE))

    def content(self, group: Group, viewer: Viewer) -> NotificationContent:
        return content_in(
            group,
            title=_("New group: %(group)s") % {"group": group},
            why=_("because you are in the alliance"),
            detail=group.purpose,
        )


@dataclass(frozen=True, kw_only=True)
class GroupAccessChanged(GroupPersonNotification):
    """`person` changed the settings whose `_to` is not None."""

    name = "group_access_changed"
    label = gettext_lazy("Who can see, join or read your group changes")
    mandatory = True

    all_members: int = 0  # 1: not only the chairs are notified
    listing_from: str | None = None
    listing_to: str | None = None
    admission_from: str | None = None
    admission_to: str | None = None
    content_from: str | None = None
    content_to: str | None = None
    state_to: str | None = None
    settled: str | None = None  # what became of what was open, as `open_work.stored` returns it

    def recipients(self) -> QuerySet[Person]:
        return chairs_or_all(self.group, self.all_members)

    def content(self, target: tuple[Group, Person], viewer: Viewer) -> NotificationContent | None:
        """None for people outside the group, who must not learn its former settings."""
        group, person = target
        if not viewer.is_member(group.pk):
            return None
        if self.state_to == GroupState.CONCLUDED:
            title = _("%(person)s concluded %(group)s")
        elif self.state_to is not None:
            title = _("%(person)s changed the state of %(group)s")
        else:
            title = _("%(person)s changed who can see, join or read %(group)s")
        return content_in(
            group,
            title=title % {"person": person, "group": group},
            why=why_in(group, viewer),
            detail=self.conclusion(group)
            if self.state_to == GroupState.CONCLUDED
            else ". ".join(self.changes()),
        )

    def conclusion(self, group: Group) -> str:
        """Return the reason, unless the group was reopened since, and what became of what was open."""
        reason = group.concluded_reason
        if reason and reason[-1] not in ".!?":
            reason += "."
        stays = _("You can read its pages but not change them.")
        return " ".join(filter(None, [reason, *sentences(self.settled or ""), stays]))

    def changes(self) -> list[str]:
        """Return a sentence for each setting that changed, with what it is now."""
        changes: tuple[tuple[str, type[TextChoices], str | None], ...] = (
            (_("Visible to: %(value)s"), Listing, self.listing_to),
            (_("How to join: %(value)s"), Admission, self.admission_to),
            (_("Readable by: %(value)s"), Content, self.content_to),
            (_("State: %(value)s"), GroupState, self.state_to),
        )
        return [
            sentence % {"value": choices(value).label}
            for sentence, choices, value in changes
            if value is not None
        ]


@dataclass(frozen=True, kw_only=True)
class CharterAdopted(GroupNotification):
    name = "charter_adopted"
    label = gettext_lazy("A charter is adopted")

    number: int  # of the version

    def recipients(self) -> QuerySet[Person]:
        return members_of(self.group)

    def content(self, group: Group, viewer: Viewer) -> NotificationContent:
        return content_in(
            group,
            title=_("%(group)s adopted version %(number)s of its charter")
            % {"group": group, "number": self.number},
            why=_("because you take part in the group"),
            url=reverse("group-charter", args=[group.slug]),
        )


@dataclass(frozen=True, kw_only=True)
class BreakGlassOpened(ModelNotification[BreakGlass]):
    name = "break_glass_opened"
    label = gettext_lazy("Staff open your group")
    category = Category.CHAIRED_GROUPS
    mandatory = True
    target_field = "opening"

    group: int
    opening: int

    def recipients(self) -> QuerySet[Person]:
        return chairs_of(self.group)

    @classmethod
    def visible(cls, viewer: Viewer) -> QuerySet[BreakGlass]:
        openings = BreakGlass.objects.filter(group__in=viewer.chaired_ids)
        return openings.select_related("group", "person")

    def content(self, opening: BreakGlass, viewer: Viewer) -> NotificationContent:
        return content_in(
            opening.group,
            title=_("%(person)s (staff) opened %(group)s")
            % {"person": opening.person, "group": opening.group},
            why=_("because you chair the group"),
            url=reverse("group-openings", args=[opening.group.slug]),
            detail=opening.reason,
        )


def names_of_groups(scopes: Iterable[UUID], viewer: Viewer) -> dict[UUID, str]:
    """Return the names of the groups among these scopes whose profile the viewer sees."""
    groups = Group.objects.visible_to(viewer).filter(uuid__in=list(scopes))
    return dict(groups.values_list("uuid", "name"))
