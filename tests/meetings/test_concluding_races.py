"""An act on a meeting at the very moment at which its group concludes."""

import time
from collections.abc import Callable
from datetime import timedelta
from threading import Event

import pytest
from django.db import transaction
from django.utils import timezone

from common.errors import WrongState
from members.people.models import Person
from tests import factories
from tests.committed import together
from tests.groups.concluding import conclude
from tests.meetings.test_series_races import group_with_two_chairs
from workinggroups.meetings import actions
from workinggroups.meetings.actions import recordings
from workinggroups.meetings.models import Meeting

Act = Callable[[Person, Meeting], object]

# Concluding settles meetings to come and locks them; nothing but the group says no about these.
ACTS_AFTER_A_MEETING: dict[str, Act] = {
    "attendance": lambda chair, meeting: actions.record_attendance(
        actor=chair, meeting=meeting, roster=[chair.pk], present=[chair.pk]
    ),
    "guest": lambda chair, meeting: actions.add_guest(
        actor=chair, meeting=meeting, name="Gwen Guest", affiliation=""
    ),
    "recording": lambda chair, meeting: recordings.note_consent(
        actor=chair,
        meeting=meeting,
        consent="All agreed.",
        delete_on=timezone.now().date() + timedelta(days=30),
    ),
}


@pytest.mark.parametrize("name", ACTS_AFTER_A_MEETING)
def test_an_act_waits_for_the_group_that_concludes_and_is_refused(
    committed_db: str, name: str
) -> None:
    group, chair, _other = group_with_two_chairs()
    meeting = factories.past_meeting(group)
    staff = factories.person("Sade Staff", staff=True)
    concluded = Event()

    def conclude_slowly() -> None:
        with transaction.atomic():
            conclude(staff, group)
            concluded.set()
            time.sleep(0.5)

    def act() -> object:
        assert concluded.wait(20)
        return ACTS_AFTER_A_MEETING[name](chair, meeting)

    outcomes = together(conclude_slowly, act)

    assert outcomes[0] is None
    assert isinstance(outcomes[1], WrongState), outcomes[1]


def test_two_acts_on_two_meetings_of_a_group_do_not_wait_for_each_other(committed_db: str) -> None:
    group, chair, other = group_with_two_chairs()
    first, second = factories.past_meeting(group), factories.past_meeting(group, number=2)
    begun, done = Event(), Event()

    def hold() -> bool:
        with transaction.atomic():
            ACTS_AFTER_A_MEETING["guest"](chair, first)
            begun.set()
            return done.wait(10)

    def act() -> None:
        assert begun.wait(20)
        ACTS_AFTER_A_MEETING["guest"](other, second)
        done.set()

    assert together(hold, act) == [True, None]
