"""The way of a deliverable through its states, as the path above its pages shows it."""

from dataclasses import dataclass

from django.utils import formats
from django.utils.translation import gettext as _

from workinggroups.deliverables.choices import DeliverableState as S
from workinggroups.deliverables.models import Deliverable

WAY = [S.DRAFT, S.REVIEW, S.APPROVED, S.PUBLISHED]


@dataclass(frozen=True, slots=True)
class Step:
    """One state on the way: behind, here, or ahead."""

    word: str
    glyph: str
    is_current: bool


def steps_of(deliverable: Deliverable) -> list[Step]:
    """Every state in order; withdrawn and dropped works show where they ended."""
    if deliverable.state in {S.WITHDRAWN, S.DROPPED}:
        return [
            *(Step(str(S(state).label), "circle", False) for state in WAY[: _reached(deliverable)]),
            Step(str(deliverable.get_state_display()), "slash-circle", True),
        ]
    here = WAY.index(S(deliverable.state))
    return [
        Step(_word(deliverable, state), _glyph(place, here), place == here)
        for place, state in enumerate(WAY)
    ]


def _reached(deliverable: Deliverable) -> int:
    return len(WAY) if deliverable.state == S.WITHDRAWN else 1


def _glyph(place: int, here: int) -> str:
    if place < here:
        return "check-lg"
    return "record-circle" if place == here else "circle"


def _word(deliverable: Deliverable, state: S) -> str:
    if state == S.REVIEW and deliverable.state == S.REVIEW and deliverable.review_until:
        day = formats.date_format(deliverable.review_until, "j M")
        words = (
            _("Review over since %(day)s")
            if deliverable.review_is_over
            else _("In review until %(day)s")
        )
        return words % {"day": day}
    return str(S(state).label)
