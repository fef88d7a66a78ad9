"""The IANA time zones that a person can choose."""

from functools import cache
from zoneinfo import available_timezones

# Aliases and technical names that nobody lives in.
HIDDEN = ("Etc/", "SystemV/", "posix/", "right/", "US/", "Canada/", "Brazil/", "Chile/", "Mexico/")


@cache
def zones() -> frozenset[str]:
    """Return the names of the form Area/Place, and UTC."""
    return frozenset(
        name for name in available_timezones() if "/" in name and not name.startswith(HIDDEN)
    ) | {"UTC"}


def is_zone(name: str) -> bool:
    return name in zones()


@cache
def zone_choices() -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
    """Return choices grouped by area: ("Africa", (("Africa/Lagos", "Lagos"), …))."""
    areas: dict[str, list[tuple[str, str]]] = {}
    for name in sorted(zones() - {"UTC"}):
        area, _, place = name.partition("/")
        areas.setdefault(area, []).append((name, place.replace("_", " ").replace("/", ", ")))
    grouped = tuple((area, tuple(places)) for area, places in areas.items())
    return (("UTC", (("UTC", "UTC"),)), *grouped)
