"""Public identifiers: made here, not by a database sequence, so that they reveal no counts."""

from typing import Protocol
from uuid import UUID

import uuid6


class Identified(Protocol):
    """An object with a public identifier."""

    @property
    def uuid(self) -> UUID: ...


def new_uuid() -> UUID:
    """Return a version 7 UUID (RFC 9562): unique, and in the order of creation."""
    return UUID(int=uuid6.uuid7().int)
