"""What people find by a grant (`common/access/grants.py`): entries of the objects they can read by one.

An app registers each kind of its entries that a grant opens, in `apps.ready`.
"""

from collections.abc import Callable, Collection, Mapping
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from common.access import Level, Viewer

Granted = Mapping[str, frozenset[UUID]]

# Returns the uuids of the entries of one kind, or a query of them, for what a viewer was granted.
Uuids = Callable[[Granted], "Collection[UUID] | QuerySet[Any, Any]"]

_uuids_by_kind: dict[str, Uuids] = {}


def register(kind: str, uuids: Uuids) -> None:
    """Let a grant find entries of this kind: those whose uuids are returned, and no others."""
    _uuids_by_kind[kind] = uuids


def granted_entries(viewer: Viewer) -> Q:
    """Return the filter of the entries that the viewer's grants open, for viewers who have any."""
    entries = Q(pk__in=[])
    for kind, uuids in _uuids_by_kind.items():
        entries |= Q(kind=kind, uuid__in=uuids(viewer.granted))
    return entries & Q(level__lte=Level.MEMBERS)
