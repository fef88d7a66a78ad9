"""The kinds of things people are told of. Each room registers its own from `apps.ready`."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import QuerySet
from django.utils.functional import Promise

from common.access import Viewer
from common.mail.registry import Attachment
from notifications.choices import Rhythm

if TYPE_CHECKING:
    from members.people.models import Person
    from notifications.models import Event


@dataclass(frozen=True, slots=True)
class Line:
    """What one reader is shown of one event: titles and addresses this reader may see now."""

    title: str
    url: str  # a path on this site
    why: str  # "because you chair the group"
    detail: str = ""
    group_name: str = ""
    group_slug: str = ""  # the List-Id of mail about it
    thread_key: str = ""  # mails about one thing carry one key and stand together in mail programs
    subject: str = ""  # what all mails of a thread are called; without it they are called `title`
    question: str = ""  # what a link asks that answers by itself; empty where nothing is asked


Audience = Callable[["Event"], "QuerySet[Person]"]
Lines = Callable[[Iterable["Event"], Viewer], Mapping[int, Line]]


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of notice.

    `audience` is asked after the commit and again before sending: the people who are to hear of
    the event and may read it at that moment, as a query. `lines` says what a reader may see of
    each event, by event id; an event missing from it is shown to this reader no more.
    A mandatory kind is always mailed at once; any other one to the people of `always`, such as
    those who said that they come to the meeting. `attach` may add calendar parts to its mails, the
    same for all readers. `answer` is the path of the page on which this person answers the
    question of a line, without signing in.
    """

    name: str
    label: str | Promise
    topic: str | Promise  # the heading under which the settings page lists it
    audience: Audience
    lines: Lines
    mandatory: bool = False
    default_rhythm: Rhythm = Rhythm.NOW
    attach: Callable[["Event"], tuple[Attachment, ...]] | None = None
    always: Audience | None = None
    answer: Callable[["Event", "Person"], str] | None = None


ScopeNames = Callable[[Iterable[UUID], Viewer], Mapping[UUID, str]]

_kinds: dict[str, Kind] = {}
_scope_names: list[ScopeNames] = []


def register(*kinds: Kind) -> None:
    for kind in kinds:
        if kind.name in _kinds and _kinds[kind.name] is not kind:
            raise ValueError(f"Two rooms announce {kind.name!r}.")
        _kinds[kind.name] = kind


def kind_named(name: str) -> Kind:
    """Raises KeyError for a kind no room announces (any more)."""
    return _kinds[name]


def all_kinds() -> list[Kind]:
    return list(_kinds.values())


def register_scope_names(names: ScopeNames) -> None:
    """`names` says what the scopes of a room's events are called, of those a viewer may know."""
    if names not in _scope_names:
        _scope_names.append(names)


def names_of_scopes(scopes: Iterable[UUID], viewer: Viewer) -> dict[UUID, str]:
    """What these scopes are called, as far as the viewer may know of them."""
    listed = list(scopes)
    return {uuid: name for names in _scope_names for uuid, name in names(listed, viewer).items()}
