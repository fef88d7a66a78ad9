"""Reminding the officers that the agenda of a coming meeting is missing, at most twice for each."""

from collections import defaultdict
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from notifications.actions import notify
from workinggroups.groups.models import Office, Seat
from workinggroups.meetings import queries
from workinggroups.meetings.models import Meeting
from workinggroups.meetings.notifications.agenda import AgendaMissing
from workinggroups.meetings.notifications.named_meetings import join_uuids


def remind_of_agendas() -> int:
    """Remind officers of agendas that are empty and due; return how many people were notified.

    An agenda is due when the notice period of the charter begins: officers are reminded two days
    before, and once more then if it is still empty. Without such a period they are reminded once, two
    days before the meeting. A person gets one notification about all their meetings. A meeting of
    a group without officers waits until there is one. Called by a periodic task; a second run, or one
    at the same time, reminds nobody again.
    """
    with transaction.atomic():
        now = timezone.now()
        rows = queries.agendas_missing(now).order_by("starts_at", "pk")
        due = list(rows.select_for_update(of=("self",), no_key=True, skip_locked=True))
        officers = _officers_by_group({meeting.group_id for meeting in due})
        meetings_of: defaultdict[int, list[Meeting]] = defaultdict(list)
        reminded = [meeting for meeting in due if officers[meeting.group_id]]
        for meeting in reminded:
            if _is_early(meeting, now):
                meeting.agenda_reminded_early_at = now
            else:
                meeting.agenda_reminded_at = now
            for person in officers[meeting.group_id]:
                meetings_of[person].append(meeting)
        for person, meetings in meetings_of.items():
            uuids = join_uuids(meetings)
            # No later run has the first of them again for the same reason.
            early = "early:" if _is_early(meetings[0], now) else ""
            cause = f"{person}:{early}{meetings[0].uuid}"
            notify(AgendaMissing(person=person, meetings=uuids), cause=cause)
        Meeting.objects.bulk_update(reminded, ["agenda_reminded_at", "agenda_reminded_early_at"])
    return len(meetings_of)


def _is_early(meeting: Meeting, now: datetime) -> bool:
    """Whether the agenda is not late yet by the charter; False where that asks for no notice."""
    # Annotated by `with_agenda_due`.
    due_at: datetime | None = vars(meeting)["due_at"]
    return due_at is not None and due_at > now


def _officers_by_group(groups: set[int]) -> defaultdict[int, set[int]]:
    """Return the ids of the officers with a seat in which they can write. Two queries."""
    seats = Seat.objects.filter(group__in=groups, read_only=False, person__is_active=True)
    seated = set(seats.values_list("group_id", "person_id"))
    offices = Office.objects.current().filter(group__in=groups)
    officers: defaultdict[int, set[int]] = defaultdict(set)
    for group, person in offices.values_list("group_id", "person_id"):
        if (group, person) in seated:
            officers[group].add(person)
    return officers
