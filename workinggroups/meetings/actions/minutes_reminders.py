"""Reminding the people who write that minutes are missing, once before they are late and once after."""

from collections import defaultdict
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from notifications.actions import notify
from workinggroups.groups.choices import GroupState, OfficeKind
from workinggroups.groups.models import Office, Seat
from workinggroups.meetings.choices import (
    MINUTES_REMINDED_DAYS,
    MINUTES_REMINDER_DAYS,
    MinutesReminder,
    MinutesState,
)
from workinggroups.meetings.models import Meeting, NotesRevision
from workinggroups.meetings.notifications.minutes_due import MinutesDue
from workinggroups.meetings.notifications.named_meetings import join_uuids


def remind_of_minutes() -> int:
    """Remind people of minutes that are missing; return how many people were notified.

    Of notes not offered some days after the meeting, their last author is reminded, without notes or
    if the author has left the group its secretaries, else its chairs. Of late minutes the chairs are
    reminded too. A person gets one notification about all their meetings. Called once a day; a
    second run, or one at the same time, reminds nobody again.
    """
    with transaction.atomic():
        due = _due()
        meetings_of: defaultdict[int, list[Meeting]] = defaultdict(list)
        for meeting, people in _recipients(due).items():
            for person in people:
                meetings_of[person].append(meeting)
        today = timezone.now().date().isoformat()
        for person, meetings in meetings_of.items():
            uuids = join_uuids(meetings)
            notify(MinutesDue(person=person, meetings=uuids), cause=f"{person}:{today}")
        for meeting in due:
            meeting.minutes_reminder = _stage(meeting)
        Meeting.objects.bulk_update(due, ["minutes_reminder"])
    return len(meetings_of)


def _stage(meeting: Meeting) -> MinutesReminder:
    return MinutesReminder.LATE if meeting.minutes_are_late else MinutesReminder.TO_OFFER


def _due() -> list[Meeting]:
    """Return the meetings of which people are to be reminded now, locked, the oldest first."""
    now = timezone.now()
    rows = (
        Meeting.objects.without_minutes()
        .filter(
            ends_at__lt=now - timedelta(days=MINUTES_REMINDER_DAYS),
            ends_at__gt=now - timedelta(days=MINUTES_REMINDED_DAYS),
            minutes_reminder__lt=MinutesReminder.LATE,
        )
        .exclude(group__state=GroupState.CONCLUDED)
        .select_for_update(of=("self",), no_key=True, skip_locked=True)
    )
    return [meeting for meeting in rows.order_by("starts_at", "pk") if _is_due(meeting)]


def _is_due(meeting: Meeting) -> bool:
    if meeting.minutes_are_late:
        return True
    if meeting.minutes_state != MinutesState.NONE or meeting.minutes_reminder:
        return False
    began = max(meeting.ends_at, meeting.entered_at or meeting.ends_at)
    return began < timezone.now() - timedelta(days=MINUTES_REMINDER_DAYS)


def _recipients(meetings: list[Meeting]) -> dict[Meeting, set[int]]:
    """Return the ids of the people to remind of each meeting. Three queries."""
    groups = {meeting.group_id for meeting in meetings}
    seated: defaultdict[int, set[int]] = defaultdict(set)
    for group, person in Seat.objects.filter(group__in=groups, read_only=False).values_list(
        "group_id", "person_id"
    ):
        seated[group].add(person)
    offices: defaultdict[tuple[int, bool], set[int]] = defaultdict(set)
    for group, person, office in (
        Office.objects.current()
        .filter(group__in=groups)
        .values_list("group_id", "person_id", "office")
    ):
        if person in seated[group]:
            offices[group, office == OfficeKind.SECRETARY].add(person)
    writers = dict(
        NotesRevision.objects.filter(meeting__in=meetings)
        .order_by("meeting", "-number")
        .distinct("meeting")
        .values_list("meeting_id", "author_id")
    )
    recipients = {}
    for meeting in meetings:
        chairs, secretaries = offices[meeting.group_id, False], offices[meeting.group_id, True]
        writer = writers.get(meeting.pk)
        people: set[int] = set()
        if meeting.minutes_state == MinutesState.NONE:
            is_here = writer in seated[meeting.group_id]
            people = {writer} if writer is not None and is_here else secretaries or chairs
        recipients[meeting] = people | (chairs if meeting.minutes_are_late else set())
    return recipients
