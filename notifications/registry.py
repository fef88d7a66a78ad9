"""The types of notifications. Each app registers its own from `apps.ready`."""

import logging
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any
from uuid import UUID

from common.access import Viewer
from notifications.types import Notification

if TYPE_CHECKING:
    from notifications.models import Event

logger = logging.getLogger(__name__)

NotificationType = type[Notification[Any]]
ScopeNames = Callable[[Iterable[UUID], Viewer], Mapping[UUID, str]]

_types: dict[str, NotificationType] = {}
_scope_names: list[ScopeNames] = []


def register(*types: NotificationType) -> None:
    for each in types:
        if _types.get(each.name, each) is not each:
            raise ValueError(f"Two types of notifications are named {each.name!r}.")
        _types[each.name] = each


def notification_type(name: str) -> NotificationType:
    """Raises KeyError for a type that no app registers (any more)."""
    return _types[name]


def notification_types() -> list[NotificationType]:
    return list(_types.values())


def notification_of(event: "Event") -> Notification[Any] | None:
    """Return the notification that an event holds; None where this version cannot read it.

    Nobody is notified of such an event, and nobody is shown it.
    """
    type_ = _types.get(event.kind)
    if type_ is None:
        return None
    try:
        return type_.from_ref(event.ref)
    except TypeError:
        logger.exception("The payload of event %s (%s) cannot be read.", event.pk, event.kind)
        return None


def register_scope_names(names: ScopeNames) -> None:
    """Register `names`: what an app's scopes are called, of those that a viewer may know."""
    if names not in _scope_names:
        _scope_names.append(names)


def names_of_scopes(scopes: Iterable[UUID], viewer: Viewer) -> dict[UUID, str]:
    """Return what these scopes are called, as far as the viewer may know of them."""
    listed = list(scopes)
    return {uuid: name for names in _scope_names for uuid, name in names(listed, viewer).items()}
