"""The answers of the gateway."""

from collections.abc import MutableMapping
from dataclasses import dataclass, field
from typing import IO, Any

# Scopes and messages of ASGI.
Scope = MutableMapping[str, Any]


@dataclass
class Answer:
    """A complete answer, which needs no page thread any more.

    `route` is the route of a page that is the same for all visitors without a session, else None.
    """

    status: int = 500
    headers: list[tuple[bytes, bytes]] = field(default_factory=list)
    body: bytes = b""
    file: IO[bytes] | None = None
    route: str | None = None

    @property
    def is_public(self) -> bool:
        return self.route is not None
