"""The states of a deliverable in order, as its pages show them."""

from dataclasses import dataclass

from django.utils import formats
from django.utils.translation import gettext as _

from workinggroups.deliverables.choices import DeliverableState as S
from workinggroups.deliverables.models import Deliverable

PATH = [S.DRAFT, S.REVIEW, S.APPROVED, S.PUBLISHED]


@dataclass(frozen=True, slots=True)
class Step:
    """A state: passed, current, or still to come."""

    word: str
    glyph: str
    is_current: bool


def steps_of(deliverable: Deliverable) -> list[Step]:
    """Return the states in order; for a withdrawn or dropped deliverable, those before that state."""
    if deliverable.state in {S.WITHDRAWN, S.DROPPED}:
        reached = PATH if deliverable.state == S.WITHDRAWN else PATH[:1]
        return [
            *(Step(str(state.label), "circle", False) for state in reached),
            Step(str(deliverable.get_state_display()), "slash-circle", True),
        ]
    current = PATH.index(S(deliverable.state))
    return [
        Step(_word(deliverable, state), _glyph(index, current), index == current)
        for index, state in enumerate(PATH)
    ]


def _glyph(index: int, current: int) -> str:
    if index < current:
        return "check-lg"
    return "record-circle" if index == current else "circle"


def _word(deliverable: Deliverable, state: S) -> str:
    if state == S.REVIEW and deliverable.state == S.REVIEW and deliverable.review_until:
        day = formats.date_format(deliverable.review_until, "j M")
        is_over = deliverable.review_is_over
        words = _("Review ended on %(day)s") if is_over else _("In review until %(day)s")
        return words % {"day": day}
    return str(state.label)
