"""A person's own data, joined from all rooms: each registers its part in `apps.ready`."""

from collections.abc import Callable
from typing import Any

from members.people.models import Person

Part = Callable[[Person], Any]
_parts: dict[str, Part] = {}


def register(name: str, part: Part) -> None:
    """The export has a section `name`, made by `part` from plain data only."""
    if _parts.get(name, part) is not part:
        raise ValueError(f"Export section {name!r} is registered twice.")
    _parts[name] = part


def export(person: Person) -> dict[str, Any]:
    """Everything that the rooms hold about the person, by section, in a stable order."""
    return {name: part(person) for name, part in sorted(_parts.items())}
