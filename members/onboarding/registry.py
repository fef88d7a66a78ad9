"""What higher rooms add to an application: today the groups one may be interested in.

Groups live on a higher floor, so an application cannot point to them. The room of groups, or the
roof, names here how to list them; the application keeps the chosen slugs.
"""

from collections.abc import Callable

from common.access import ANONYMOUS
from common.addresses.kinds import current_addresses

Choices = Callable[[], list[tuple[str, str]]]

_choices: Choices | None = None


def offer_interests(choices: Choices) -> None:
    """`choices` answers slug and name of each group that anybody may know of; from `apps.ready`."""
    global _choices
    _choices = choices


def current_interests(slugs: list[str]) -> list[str]:
    """The chosen groups by their present addresses; one that nobody may know of keeps its own."""
    current = current_addresses("group", ANONYMOUS, slugs) if slugs else {}
    return [current.get(slug, slug) for slug in slugs]


def interest_choices() -> list[tuple[str, str]]:
    return _choices() if _choices else []
