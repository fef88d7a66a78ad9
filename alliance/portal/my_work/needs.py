"""What a person has to do, or waits for."""

from dataclasses import dataclass
from datetime import date

# At most so many of each kind are listed.
LIMIT = 20


@dataclass(frozen=True, slots=True)
class Need:
    """One thing that this person should do, why, and the button for it."""

    icon: str
    title: str
    detail: str
    url: str
    button: str
    due_on: date | None = None
    done_url: str = ""  # a POST to it does the thing at once
    is_late: bool = False
    days: int | None = None

    @property
    def days_late(self) -> int:
        return max(-(self.days or 0), 1)


@dataclass(frozen=True, slots=True)
class Awaited:
    """One thing that someone else has to do before this person can continue."""

    title: str
    detail: str
    url: str
