"""Finding the targets of notifications: by model, with a person, and for many readers."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar, Generic, Self, TypeVar, cast

from django.db.models import Model, QuerySet

from common.access import Viewer
from common.access.content import HasAccessKey, sees, visible_content
from members.people.models import Person
from notifications.types import AnyNotification, Notification, NotificationContent

Row = TypeVar("Row", bound=Model)
Item = TypeVar("Item", bound=AnyNotification)


def match_rows(
    notifications: Iterable[Item], rows: QuerySet[Row], field: str, lookup: str = "pk"
) -> dict[Item, Row]:
    """Return the row whose `lookup` is the `field` of each notification, in one query.

    Notifications whose row is not among `rows` are left out.
    """
    keys = {each: getattr(each, field) for each in notifications}
    rows_by_key = {
        str(getattr(row, lookup)): row
        for row in rows.filter(**{f"{lookup}__in": set(keys.values())})
    }
    return {each: rows_by_key[str(key)] for each, key in keys.items() if str(key) in rows_by_key}


@dataclass(frozen=True)
class ModelNotification(Notification[Row]):
    """A notification about one row, named by the payload field `target_field`."""

    target_field: ClassVar[str]
    target_lookup: ClassVar[str] = "pk"  # the model's field that the payload holds

    @classmethod
    def visible(cls, viewer: Viewer) -> QuerySet[Row]:
        """Return the rows that this viewer can read now."""
        raise NotImplementedError

    @classmethod
    def find_targets(
        cls, notifications: Iterable[Self], viewer: Viewer
    ) -> dict[AnyNotification, Row]:
        return {
            **match_rows(notifications, cls.visible(viewer), cls.target_field, cls.target_lookup)
        }


@dataclass(frozen=True, kw_only=True)
class PersonNotification(Notification[tuple[Row, Person]], Generic[Row]):
    """A notification about one row and a person: what the person did there, or became."""

    target_field: ClassVar[str]

    person: int

    @classmethod
    def visible(cls, viewer: Viewer) -> QuerySet[Row]:
        """Return the rows that this viewer can read now."""
        raise NotImplementedError

    @classmethod
    def find_targets(
        cls, notifications: Iterable[Self], viewer: Viewer
    ) -> dict[AnyNotification, tuple[Row, Person]]:
        rows = match_rows(notifications, cls.visible(viewer), cls.target_field)
        people = match_rows(rows, Person.objects.all(), "person")
        return {each: (rows[each], person) for each, person in people.items()}


@dataclass(frozen=True)
class SharedNotification(ModelNotification[Row]):
    """A notification about a row with an access key, with the same text for all who can read it.

    A batch of mails to many readers costs one query: the rule that `visible` has as a filter is
    applied to the loaded row for each reader. Readers of one time zone share one content.
    """

    @classmethod
    def rows(cls) -> QuerySet[Row]:
        """Return the rows that can be targets, for all readers."""
        raise NotImplementedError

    @classmethod
    def visible(cls, viewer: Viewer) -> QuerySet[Row]:
        return cls.rows().filter(visible_content(viewer))

    @classmethod
    def find_shared(cls, notifications: Iterable[Self]) -> dict[AnyNotification, Row]:
        """Return the targets for all readers; `can_read` says whether a viewer can read one."""
        return {**match_rows(notifications, cls.rows(), cls.target_field, cls.target_lookup)}

    @staticmethod
    def can_read(viewer: Viewer, row: Model) -> bool:
        return sees(viewer, cast(HasAccessKey, row))

    def shared_content(self, target: Row, zone: str) -> NotificationContent:
        """Return what all readers in this time zone (IANA name) read of the event."""
        raise NotImplementedError

    def content(self, target: Row, viewer: Viewer) -> NotificationContent:
        return self.shared_content(target, viewer.zone)
