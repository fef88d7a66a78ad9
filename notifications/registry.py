"""The types of notifications. Each app registers its own from `apps.ready`."""

import logging
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING
from uuid import UUID

from common.access import Viewer
from notifications.types import AnyPayload

if TYPE_CHECKING:
    from notifications.models import Event

logger = logging.getLogger(__name__)

ScopeNames = Callable[[Iterable[UUID], Viewer], Mapping[UUID, str]]

_types: dict[str, type[AnyPayload]] = {}
_scope_names: list[ScopeNames] = []


def register(*types: type[AnyPayload]) -> None:
    """Register types. Raises ValueError when two types have the same name."""
    for each in types:
        if _types.get(each.name, each) is not each:
            raise ValueError(f"Two types of notifications are named {each.name!r}.")
        _types[each.name] = each


def notification_type(name: str) -> type[AnyPayload]:
    """Return the type of this name. Raises KeyError for one that no app registers."""
    return _types[name]


def notification_types() -> list[type[AnyPayload]]:
    return list(_types.values())


def payload_of(event: "Event") -> AnyPayload | None:
    """Return the payload of an event; None when this release cannot read it.

    Such an event is not shown and nobody is notified of it.
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
    """Register `names`, which returns the names of an app's scopes that a viewer can know."""
    if names not in _scope_names:
        _scope_names.append(names)


def names_of_scopes(scopes: Iterable[UUID], viewer: Viewer) -> dict[UUID, str]:
    """Return the names of those of these scopes that the viewer can know."""
    listed = list(scopes)
    return {uuid: name for names in _scope_names for uuid, name in names(listed, viewer).items()}
