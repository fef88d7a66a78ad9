"""The latest news of each group in the inboxes of its people; nobody is mailed."""

from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection

from bench.large.chronicle import Chronicle, Circle
from members.people.models import Person
from notifications.actions import drop_unsent_mail
from notifications.fan_out import fan_out_next
from notifications.models import Event
from notifications.types import NotificationType
from workinggroups.decisions.notifications import DecisionRecorded
from workinggroups.groups.actions import remind_of_due_items
from workinggroups.meetings.choices import MeetingState
from workinggroups.meetings.notifications.meetings import MeetingPlanned

# Of every group so many pieces of news are told; of the usual one, as many as the sizes say.
LATEST = 3

# For all events what `notifications.fan_out` does for one: these types are for everybody with a seat
# in the group. Of five notifications three were read, unless they are of today.
FAN_OUT = """
INSERT INTO notifications_notice
       (event_id, person_id, channel, state, rhythm, due_at, created_at, read_at)
SELECT e.id, s.person_id, 'inbox', 'done', 'now', e.at, e.at,
       CASE WHEN mod(row_number() OVER (PARTITION BY s.person_id ORDER BY e.at, e.id), 5) < 3
             AND e.at < %(lately)s THEN e.at + interval '5 hours' END
  FROM notifications_event e
  JOIN groups_group g ON g.uuid = e.scope_uuid
  JOIN groups_seat s ON s.group_id = g.id
 WHERE e.id = ANY(%(events)s) AND s.person_id <> e.actor_id
 ORDER BY e.at, e.id, s.person_id
"""


class News(NamedTuple):
    """Something of which the people of a group were notified."""

    at: datetime
    payload: NotificationType[Any]
    cause: UUID
    actor: Person


def add(chronicle: Chronicle) -> None:
    events: list[Event] = []
    for number, circle in enumerate(chronicle.circles):
        count = LATEST if number else chronicle.sizes.notifications
        events += [_event(chronicle, circle, news) for news in _news(circle)[-count:]]
    events.sort(key=lambda event: event.at)
    chronicle.save(events, 0.2)
    with connection.cursor() as cursor:
        cursor.execute(
            FAN_OUT, {"events": [event.pk for event in events], "lately": chronicle.ago(1)}
        )
    # As the clock does each morning, so that it finds nothing left to say.
    remind_of_due_items()
    while fan_out_next():
        pass
    drop_unsent_mail()


def _news(circle: Circle) -> list[News]:
    """In the order of time: meetings that were planned, and decisions of their own."""
    found = [
        News(
            meeting.created_at,
            MeetingPlanned(group=circle.group.pk, meeting=str(meeting.uuid)),
            meeting.uuid,
            meeting.created_by,
        )
        for meeting in circle.meetings
        if meeting.state != MeetingState.CANCELLED
    ]
    found += [
        News(
            decision.recorded_at,
            DecisionRecorded(group=circle.group.pk, decision=decision.pk),
            decision.uuid,
            circle.secretary,
        )
        for decision in circle.decisions
        if not (decision.charter_version_id or decision.subject_uuid)
    ]
    return sorted(found, key=lambda news: news.at)


def _event(chronicle: Chronicle, circle: Circle, news: News) -> Event:
    return Event(
        uuid=chronicle.uuid(news.at),
        dedupe_key=f"{news.payload.name}:{news.cause}",
        kind=news.payload.name,
        ref=news.payload.to_ref(),
        scope_uuid=circle.group.uuid,
        actor=news.actor,
        at=news.at,
        expanded_at=news.at,
    )
