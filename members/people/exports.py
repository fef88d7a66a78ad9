"""The export of a person's own data. Each app registers its section in `apps.ready`."""

from collections.abc import Callable

from members.people.models import Person

Section = Callable[[Person], object]
_sections: dict[str, Section] = {}


def register(name: str, section: Section) -> None:
    """Add a section to the export; it returns plain data. Raises ValueError for a name in use."""
    if _sections.get(name, section) is not section:
        raise ValueError(f"Export section {name!r} is registered twice.")
    _sections[name] = section


def export(person: Person) -> dict[str, object]:
    """Return everything the apps hold about the person, by section, in a stable order."""
    return {name: section(person) for name, section in sorted(_sections.items())}
