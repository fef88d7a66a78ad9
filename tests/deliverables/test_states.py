"""The table of states, both ways: every verb from every state."""

import pytest

from common.errors import WrongState
from workinggroups.deliverables.actions.states import MOVES, WAY_OUT, check, move
from workinggroups.deliverables.choices import DeliverableState
from workinggroups.deliverables.models import Deliverable

ALLOWED = [(verb, state) for verb, (starts, _to) in MOVES.items() for state in sorted(starts)]
REFUSED = [
    (verb, state)
    for verb, (starts, _to) in MOVES.items()
    for state in DeliverableState
    if state not in starts
]


@pytest.mark.parametrize(("verb", "state"), ALLOWED)
def test_a_verb_goes_where_the_table_says(verb, state):
    work = Deliverable(title="Stack", state=state)

    move(work, verb)

    assert work.state == (MOVES[verb][1] or state)


@pytest.mark.parametrize(("verb", "state"), REFUSED)
def test_a_verb_from_any_other_state_is_refused_with_the_way_out(verb, state):
    work = Deliverable(title="Stack", state=state)

    with pytest.raises(WrongState) as refusal:
        check(work, verb)

    assert refusal.value.message.endswith(str(WAY_OUT[verb]))
    assert work.state == state


def test_every_state_can_be_reached():
    reached = {to for _starts, to in MOVES.values() if to}

    assert reached | {DeliverableState.DRAFT} == set(DeliverableState)
