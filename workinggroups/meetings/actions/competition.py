"""Recording that the notice of competition law was shown."""

from hashlib import sha256

from django.db import transaction
from django.utils import timezone

from common.record.actions import record
from members.people.models import Person
from workinggroups.meetings import competition
from workinggroups.meetings.actions.live import hold, lock_for
from workinggroups.meetings.choices import MeetingAct
from workinggroups.meetings.models import CompetitionNotice, Meeting
from workinggroups.meetings.permissions import can_run_meeting
from workinggroups.meetings.phases import LiveAct


@transaction.atomic
def show_competition_law(*, actor: Person, meeting: Meeting) -> CompetitionNotice:
    """Record that the notice of competition law was shown now, with its version and its words.

    The first time counts: returns that row when it was recorded before. Locks the meeting.
    """
    meeting = lock_for(
        LiveAct.SHOW_COMPETITION_LAW, actor=actor, meeting=meeting, rule=can_run_meeting
    )
    earlier = CompetitionNotice.objects.filter(meeting=meeting).first()
    if earlier is not None:
        return earlier
    text = str(competition.NOTICE)
    shown = CompetitionNotice.objects.create(
        meeting=meeting,
        version=competition.VERSION,
        text=text,
        shown_at=timezone.now(),
        shown_by=actor,
    )
    facts = {"version": shown.version, "sha256": sha256(text.encode()).hexdigest()}
    record(actor, MeetingAct.COMPETITION_LAW_SHOWN, meeting, facts=facts)
    hold(meeting)
    return shown
