"""Gathering meetings while another person edits or cancels one of them."""

from typing import Any

import pytest

from common.errors import Conflict
from tests.committed import together
from tests.meetings.test_gathering import details, single
from tests.meetings.test_series_races import group_with_two_chairs
from workinggroups.meetings import actions
from workinggroups.meetings.models import Meeting, MeetingSeries


@pytest.mark.parametrize("act", ["move", "cancel", "gather"])
def test_of_two_at_one_meeting_one_wins_and_the_other_is_told(committed_db: str, act: str) -> None:
    group, chair, other = group_with_two_chairs()
    meetings = [single(group, days) for days in (3, 10, 17)]
    values = details(meetings)
    seen = actions.preview_gathering(meetings, **values).token
    stale = Meeting.objects.get(pk=meetings[1].pk)

    def gather(actor: Any) -> Any:
        return actions.gather_meetings(
            actor=actor, group=group, meetings=meetings, seen=seen, **values
        )

    def disturb() -> Any:
        if act == "gather":
            return gather(other)
        if act == "cancel":
            return actions.cancel_meeting(actor=other, meeting=stale, reason="Holiday.")
        return actions.change_meeting(
            actor=other,
            meeting=stale,
            sequence=0,
            title="Call",
            local_date=stale.local_date,
            local_time=stale.local_time.replace(hour=8),
            zone=stale.zone,
            duration_minutes=60,
        )

    outcomes = together(lambda: gather(chair), disturb)

    assert sum(isinstance(one, Conflict) for one in outcomes) == 1, outcomes
    assert sum(isinstance(one, Meeting | MeetingSeries) for one in outcomes) == 1
    stale.refresh_from_db()
    assert (stale.series is None) == isinstance(outcomes[1], Meeting)
    assert MeetingSeries.objects.count() == (stale.series is not None)
