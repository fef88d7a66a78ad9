"""What every action in a meeting begins and ends with: lock, right, phase; and the next version."""

from common.access import viewer_for
from common.access.rules import Rule
from common.access.viewer import Viewer
from members.people.models import Person
from workinggroups.meetings.actions.locking import lock_meeting, refuse_approved, touch
from workinggroups.meetings.choices import MeetingState
from workinggroups.meetings.models import Meeting
from workinggroups.meetings.phases import LiveAct, require_open


def lock_for(
    act: LiveAct, *, actor: Person, meeting: Meeting, rule: Rule[[Viewer, Meeting]]
) -> Meeting:
    """Lock the meeting; return it if the actor has the right and the phase allows the act.

    Where the charter has made the minutes final, nothing changes who was there, even before the
    periodic task approves them.
    """
    meeting = lock_meeting(meeting)
    rule.require(viewer_for(actor.pk), meeting)
    require_open(act, meeting)
    refuse_approved(meeting)
    return meeting


def changed(meeting: Meeting) -> None:
    """Note that the page "In the meeting" shows something else now. The caller holds the lock."""
    meeting.live_version += 1
    meeting.save(update_fields=["live_version"])


def hold(meeting: Meeting) -> None:
    """Count the meeting as held from its first formal act on, and note the change.

    Before it has begun it can still be moved or cancelled, so nothing but the change is noted.
    """
    if meeting.state == MeetingState.PLANNED and meeting.has_begun:
        meeting.state = MeetingState.HELD
        touch(meeting, "state")
    changed(meeting)
