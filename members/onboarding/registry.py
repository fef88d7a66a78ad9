"""The groups that an applicant can be interested in.

Groups are in a higher layer, so an application cannot have a foreign key to them and keeps the
chosen slugs. The higher layer registers how to list the groups.
"""

from collections.abc import Callable

from common.access import ANONYMOUS
from common.addresses.kinds import current_addresses

Choices = Callable[[], list[tuple[str, str]]]

_choices: Choices | None = None


def offer_interests(choices: Choices) -> None:
    """Register the function that returns slug and name of each public group, in `apps.ready`."""
    global _choices
    _choices = choices


def current_interests(slugs: list[str]) -> list[str]:
    """Return the chosen groups by their present slugs; one that is not public keeps its own."""
    current = current_addresses("group", ANONYMOUS, slugs) if slugs else {}
    return [current.get(slug, slug) for slug in slugs]


def interest_choices() -> list[tuple[str, str]]:
    return _choices() if _choices else []
