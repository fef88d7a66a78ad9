"""A type of notification: one class with its settings, payload, recipients and content."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, ClassVar, Generic, Self, TypeAlias, TypeVar

from django.db.models import QuerySet
from django.utils.functional import Promise

from common.access import Viewer
from common.mail.registry import Attachment
from members.people.models import Person
from notifications.choices import Category, Frequency

Target = TypeVar("Target")

# A class that defines one of these finds its targets in its own way.
FINDS_TARGETS = {"target_field", "target_lookup", "visible", "rows", "find_targets"}


@dataclass(frozen=True, slots=True)
class NotificationContent:
    """What a reader reads of an event: titles and addresses that this reader can see now."""

    title: str
    url: str  # a path on this site
    why: str  # "because you chair the group"
    detail: str = ""
    group_name: str = ""
    group_slug: str = ""  # the List-Id of mail about it
    thread_key: str = ""  # mails with the same key are one thread in mail programs
    subject: str = ""  # the subject of all mails of a thread; without it, their `title`
    question: str = ""  # the text of the link to `answer_path`; "" without one


@dataclass(frozen=True)
class NotificationType(Generic[Target]):
    """A type of notification as a class, and the payload of one event as an instance of it.

    Class attributes describe the type. The fields hold ids and plain values. They are stored in
    `Event.ref` by name, so that a field cannot be renamed while old events have it. The target is the
    object of the event. It is loaded for each reader when the notification is shown or mailed; most
    types inherit this from a class of `notifications.targets`.
    """

    name: ClassVar[str]  # stored with events and preferences; in links of mails that were sent
    label: ClassVar[str | Promise]
    category: ClassVar[Category]
    mandatory: ClassVar[bool] = False  # always mailed at once, whatever the recipient chose
    default_frequency: ClassVar[Frequency] = Frequency.NOW
    is_in_use: ClassVar[bool] = True  # False: nothing causes it yet, so nobody can choose about it
    stopping_note: ClassVar[str | Promise] = ""  # a sentence about whom `always_mailed` reaches
    do_not_call_in_templates: ClassVar[bool] = True
    # The class that defines how targets are found: types that inherit it share one query.
    target_source: ClassVar[type["AnyPayload"]]

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        if FINDS_TARGETS & vars(cls).keys():
            cls.target_source = cls

    def recipients(self) -> QuerySet[Person]:
        """Return the people who are notified and can read the target now.

        Called after the commit of the action, and again before each mail is sent.
        """
        raise NotImplementedError

    def always_mailed(self) -> QuerySet[Person] | None:
        """Return the people who get the mail at once even if they unsubscribed from it."""
        return None

    def mailed_from(self) -> datetime | None:
        """Return the moment before which no mail of its own is sent; None to send it at once.

        The inbox has the notification from the start, and a digest takes it without waiting.
        """
        return None

    @classmethod
    def find_targets(
        cls, payloads: Iterable[Self], viewer: Viewer
    ) -> Mapping["AnyPayload", Target]:
        """Return the targets that the viewer can read now, in a fixed number of queries."""
        raise NotImplementedError

    def content(self, target: Target, viewer: Viewer) -> NotificationContent | None:
        """Return what this viewer reads of the event; None to show nothing."""
        raise NotImplementedError

    def attachments(self) -> tuple[Attachment, ...]:
        """Return the files attached to the mails, the same for all readers."""
        return ()

    def answer_path(self, person: Person) -> str:
        """Return the path where this person answers `question` without signing in."""
        raise NotImplementedError

    @classmethod
    def from_ref(cls, ref: Mapping[str, object]) -> Self:
        """Read a stored payload; ignore keys that the type no longer has.

        Raises TypeError when a field without default is missing.
        """
        return cls(**{each.name: ref[each.name] for each in fields(cls) if each.name in ref})

    def to_ref(self) -> dict[str, object]:
        """Return the payload to store, without the fields that are None."""
        values = {each.name: getattr(self, each.name) for each in fields(self)}
        return {name: value for name, value in values.items() if value is not None}


# The payload of an event of any type; `type[AnyPayload]` is a type of notification.
AnyPayload: TypeAlias = NotificationType[Any]
