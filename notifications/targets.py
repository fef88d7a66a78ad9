"""How the targets of notifications are found: by model, with a person, and for many readers."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, ClassVar, Generic, Self, TypeVar, cast

from django.db.models import Model, QuerySet

from common.access import Viewer
from common.access.content import HasAccessKey, sees, visible_content
from members.people.models import Person
from notifications.types import Notification, NotificationContent

Row = TypeVar("Row", bound=Model)
AnyNotification = TypeVar("AnyNotification", bound=Notification[Any])


def match_rows(
    notifications: Iterable[AnyNotification], rows: QuerySet[Row], field: str, lookup: str = "pk"
) -> dict[AnyNotification, Row]:
    """Return the row whose `lookup` is the `field` of each notification, in one query.

    Notifications whose row is not among `rows` are left out.
    """
    wanted = {each: getattr(each, field) for each in notifications}
    found = {
        str(getattr(row, lookup)): row
        for row in rows.filter(**{f"{lookup}__in": set(wanted.values())})
    }
    return {each: found[str(key)] for each, key in wanted.items() if str(key) in found}


@dataclass(frozen=True)
class ModelNotification(Notification[Row]):
    """A notification about one row, named by the payload field `target_field`."""

    target_field: ClassVar[str]
    target_lookup: ClassVar[str] = "pk"  # the model's field that the payload holds

    @classmethod
    def visible(cls, viewer: Viewer) -> QuerySet[Row]:
        """Return the rows of which this viewer may read now."""
        raise NotImplementedError

    @classmethod
    def find_targets(
        cls, notifications: Iterable[Self], viewer: Viewer
    ) -> dict[Notification[Any], Row]:
        return {
            **match_rows(notifications, cls.visible(viewer), cls.target_field, cls.target_lookup)
        }


@dataclass(frozen=True, kw_only=True)
class PersonNotification(Notification[tuple[Row, Person]], Generic[Row]):
    """A notification about one row and a person: what somebody did there, or became."""

    target_field: ClassVar[str]

    person: int

    @classmethod
    def visible(cls, viewer: Viewer) -> QuerySet[Row]:
        """Return the rows of which this viewer may read now."""
        raise NotImplementedError

    @classmethod
    def find_targets(
        cls, notifications: Iterable[Self], viewer: Viewer
    ) -> dict[Notification[Any], tuple[Row, Person]]:
        rows = match_rows(notifications, cls.visible(viewer), cls.target_field)
        people = match_rows(rows, Person.objects.all(), "person")
        return {each: (rows[each], person) for each, person in people.items()}


@dataclass(frozen=True)
class SharedNotification(ModelNotification[Row]):
    """A notification about a row with an access key, in the same words for all who may read it.

    A batch of mails to many readers costs one query: each reader is held against the row at hand
    by the rule that `visible` has as a filter. Readers of one time zone share one content.
    """

    @classmethod
    def rows(cls) -> QuerySet[Row]:
        """Return the rows of which anybody is notified, whoever reads."""
        raise NotImplementedError

    @classmethod
    def visible(cls, viewer: Viewer) -> QuerySet[Row]:
        return cls.rows().filter(visible_content(viewer))

    @classmethod
    def find_shared(cls, notifications: Iterable[Self]) -> dict[Notification[Any], Row]:
        """Return the targets whoever reads; `may_read` says of each whether a viewer may."""
        return {**match_rows(notifications, cls.rows(), cls.target_field, cls.target_lookup)}

    @staticmethod
    def may_read(viewer: Viewer, row: Model) -> bool:
        return sees(viewer, cast(HasAccessKey, row))

    def shared_content(self, target: Row, zone: str) -> NotificationContent:
        """Return what every reader in this time zone (IANA name) reads of the event."""
        raise NotImplementedError

    def content(self, target: Row, viewer: Viewer) -> NotificationContent:
        return self.shared_content(target, viewer.zone)
