"""Types of notifications by how they find their target: a row, a row and a person, a shared row."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar, Generic, Self, TypeVar, cast

from django.db.models import Model, QuerySet

from common.access import Viewer
from common.access.content import HasAccessKey, granted_by, sees, visible_content
from members.people.models import Person
from notifications.types import AnyPayload, NotificationContent, NotificationType

Row = TypeVar("Row", bound=Model)
Item = TypeVar("Item", bound=AnyPayload)


def match_rows(
    payloads: Iterable[Item], rows: QuerySet[Row], field: str, lookup: str = "pk"
) -> dict[Item, Row]:
    """Return the row whose `lookup` is the `field` of each payload, in one query.

    Payloads whose row is not in `rows` are left out.
    """
    keys = {each: getattr(each, field) for each in payloads}
    rows_by_key = {
        str(getattr(row, lookup)): row
        for row in rows.filter(**{f"{lookup}__in": set(keys.values())})
    }
    return {each: rows_by_key[str(key)] for each, key in keys.items() if str(key) in rows_by_key}


@dataclass(frozen=True)
class ModelNotification(NotificationType[Row]):
    """A type of notification about one row, named by the payload field `target_field`."""

    target_field: ClassVar[str]
    target_lookup: ClassVar[str] = "pk"  # the model's field that the payload holds

    @classmethod
    def visible(cls, viewer: Viewer) -> QuerySet[Row]:
        """Return the rows that this viewer can read now."""
        raise NotImplementedError

    @classmethod
    def find_targets(cls, payloads: Iterable[Self], viewer: Viewer) -> dict[AnyPayload, Row]:
        return {**match_rows(payloads, cls.visible(viewer), cls.target_field, cls.target_lookup)}


@dataclass(frozen=True, kw_only=True)
class PersonNotification(NotificationType[tuple[Row, Person]], Generic[Row]):
    """A type of notification about one row and a person: what the person did there, or became."""

    target_field: ClassVar[str]

    person: int

    @classmethod
    def visible(cls, viewer: Viewer) -> QuerySet[Row]:
        """Return the rows that this viewer can read now."""
        raise NotImplementedError

    @classmethod
    def find_targets(
        cls, payloads: Iterable[Self], viewer: Viewer
    ) -> dict[AnyPayload, tuple[Row, Person]]:
        rows = match_rows(payloads, cls.visible(viewer), cls.target_field)
        people = match_rows(rows, Person.objects.all(), "person")
        return {each: (rows[each], person) for each, person in people.items()}


@dataclass(frozen=True)
class SharedNotification(ModelNotification[Row]):
    """A type about one row with an access key, with the same text for all who can read the row.

    A batch of mails to many readers costs one query: the rule that `visible` has as a filter is
    applied to the loaded row for each reader. Readers of one time zone share one content.
    """

    @classmethod
    def rows(cls) -> QuerySet[Row]:
        """Return the rows that can be targets, for all readers."""
        raise NotImplementedError

    @classmethod
    def visible(cls, viewer: Viewer) -> QuerySet[Row]:
        rows = cls.rows()
        return rows.filter(visible_content(viewer, granted_by(rows.model)))

    @classmethod
    def find_shared(cls, payloads: Iterable[Self]) -> dict[AnyPayload, Row]:
        """Return the targets for all readers; `can_read` says whether a viewer can read one."""
        return {**match_rows(payloads, cls.rows(), cls.target_field, cls.target_lookup)}

    @staticmethod
    def can_read(viewer: Viewer, row: Model) -> bool:
        return sees(viewer, cast(HasAccessKey, row))

    def shared_content(self, target: Row, zone: str) -> NotificationContent:
        """Return what all readers in this time zone (IANA name) read of the event."""
        raise NotImplementedError

    def content(self, target: Row, viewer: Viewer) -> NotificationContent:
        return self.shared_content(target, viewer.zone)
