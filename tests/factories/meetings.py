"""Meetings, with what they cannot be without."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from common.identifiers import new_uuid
from common.text.rendered import html_fields
from members.people.models import Person
from tests.factories.people import person
from tests.factories.times import ago, ahead
from workinggroups.groups.models import Group
from workinggroups.meetings.models import (
    AgendaItem,
    Attendance,
    Meeting,
    MeetingSeries,
    NotesRevision,
)
from workinggroups.meetings.models.series import recurrence_id
from workinggroups.meetings.recurrence import moment_of
from workinggroups.meetings.rendering import notes_html


def meeting(where: Group, title: str = "Weekly meeting", **fields: Any) -> Meeting:
    """A planned meeting of an hour, a week ahead unless `starts_at` says when."""
    starts_at: datetime = fields.pop("starts_at", None) or ahead(days=7)
    starts_at = starts_at.astimezone(UTC).replace(microsecond=0)
    there = starts_at.astimezone(ZoneInfo(fields.get("zone", "UTC")))
    number = Meeting.objects.filter(group=where).count() + 1
    return Meeting.objects.create(
        **{
            "group": where,
            "level": where.content_level,
            "uid": f"meeting-{where.pk}-{number}@meetings.example",
            "number": number,
            "title": title,
            "local_date": there.date(),
            "local_time": there.time(),
            "zone": "UTC",
            "starts_at": starts_at,
            "ends_at": starts_at + timedelta(hours=1),
            "created_by": fields.pop("created_by", None) or person(),
            **fields,
        }
    )


def past_meeting(where: Group, title: str = "Last meeting", **fields: Any) -> Meeting:
    """A meeting that was over yesterday."""
    return meeting(where, title, **{"starts_at": ago(days=1), **fields})


def meeting_series(where: Group, title: str = "Fortnightly call", **fields: Any) -> MeetingSeries:
    """A series every second week from next week on, with its first meeting."""
    uuid = new_uuid()
    by = fields.pop("created_by", None) or person()
    series: MeetingSeries = MeetingSeries.objects.create(
        **{
            "uuid": uuid,
            "uid": f"{uuid}@meetings.example",
            "group": where,
            "level": where.content_level,
            "title": title,
            "first_on": ahead(days=7).date(),
            "local_time": time(16),
            "zone": "UTC",
            "duration_minutes": 60,
            "frequency": "weekly",
            "interval": 2,
            "made_until": ahead(days=7).date(),
            "created_by": by,
            **fields,
        }
    )
    _meeting_of(series, series.first_on, by)
    return series


def several_days(where: Group, title: str = "Plenary", **fields: Any) -> MeetingSeries:
    """A meeting of two days, a month ahead."""
    first = ahead(days=30).date()
    series = meeting_series(
        where,
        title,
        **{
            "first_on": first,
            "until": first + timedelta(days=1),
            "made_until": first + timedelta(days=1),
            "frequency": "daily",
            "interval": 1,
            "days_in_all": 2,
            **fields,
        },
    )
    _meeting_of(series, first + timedelta(days=1), series.created_by)
    return series


def _meeting_of(series: MeetingSeries, day: date, by: Person) -> Meeting:
    """The meeting of the series on this date of its rule."""
    return meeting(
        series.group,
        series.title,
        starts_at=moment_of(day, series.local_time, series.zone_info),
        zone=series.zone,
        number=None,
        uid=series.uid,
        series=series,
        in_series="date",
        follows_series=True,
        recurrence_id=recurrence_id(day, series.local_time),
        day_key=f"{day}-{Meeting.objects.filter(group=series.group).count() + 1}",
        created_by=by,
    )


def agenda_item(
    of: Meeting, title: str = "Minutes of the last meeting", **fields: Any
) -> AgendaItem:
    """The next item of the agenda."""
    return AgendaItem.objects.create(
        **{"meeting": of, "position": of.agenda.count() + 1, "title": title, **fields}
    )


def notes(of: Meeting, source: str = "We met.", **fields: Any) -> NotesRevision:
    """The next revision of the notes; nothing is made of marked lines."""
    of.notes_count += 1
    of.save(update_fields=["notes_count"])
    return NotesRevision.objects.create(
        **{
            "meeting": of,
            "number": of.notes_count,
            "source": source,
            **html_fields(notes_html(source)),
            "author": fields.pop("author", None) or person(),
            **fields,
        }
    )


def attendance(of: Meeting, somebody: Person, state: str = "present", **fields: Any) -> Attendance:
    return Attendance.objects.create(meeting=of, person=somebody, state=state, **fields)
