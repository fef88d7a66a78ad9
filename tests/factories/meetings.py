"""Meetings, with what they cannot be without."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from common.access import Level
from common.identifiers import new_uuid
from common.text.markdown import TextKind, render
from common.text.rendered import html_fields
from members.people.models import Person
from tests.factories.people import person
from tests.factories.times import ago, ahead
from workinggroups.groups.models import Group
from workinggroups.meetings.models import (
    AgendaItem,
    AgendaProposal,
    Attendance,
    AttendanceClaim,
    Guest,
    Meeting,
    MeetingSeries,
    NotesRevision,
    OptionAnswer,
    Paper,
    SpeakerRequest,
    TemplateItem,
    TimeOption,
    TimePoll,
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
    text = str(fields.pop("text", ""))
    columns = {"source": text, **html_fields(render(text, TextKind.POST)), **fields}
    return AgendaItem.objects.create(
        **{"meeting": of, "position": of.agenda.count() + 1, "title": title, **columns}
    )


def paper(of: AgendaItem, title: str = "The law", **fields: Any) -> Paper:
    """The next paper of the item: a web address."""
    place = of.papers.count() + 1
    return Paper.objects.create(
        **{"item": of, "position": place, "title": title, "url": f"https://law.example/{place}"}
        | {"added_by": fields.pop("added_by", None) or person(), **fields}
    )


def agenda_proposal(
    of: Meeting, somebody: Person, title: str = "Licences of test data", **fields: Any
) -> AgendaProposal:
    """Somebody proposes an item for the agenda."""
    text = str(fields.pop("text", ""))
    columns = {"source": text, **html_fields(render(text, TextKind.POST)), **fields}
    return AgendaProposal.objects.create(meeting=of, author=somebody, title=title, **columns)


def template_item(of: MeetingSeries, title: str = "Welcome", **fields: Any) -> TemplateItem:
    """The next item of the agenda template."""
    text = str(fields.pop("text", ""))
    columns = {"source": text, **html_fields(render(text, TextKind.POST)), **fields}
    return TemplateItem.objects.create(
        **{"series": of, "position": of.template.count() + 1, "title": title, **columns}
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
    """What somebody answered, or what an officer recorded."""
    how = "officer" if state == "present" else ""
    return Attendance.objects.create(
        **{"meeting": of, "person": somebody, "state": state, "how": how, **fields}
    )


def time_poll(where: Group, title: str = "Kick-off", **fields: Any) -> TimePoll:
    """An open poll of two times next week, each an hour, to be answered in three days."""
    starts: list[datetime] = fields.pop("starts", None) or [ahead(days=7), ahead(days=8)]
    poll: TimePoll = TimePoll.objects.create(
        **{
            "group": where,
            "level": Level.MEMBERS,
            "title": title,
            "zone": "UTC",
            "duration_minutes": 60,
            "answers_due_on": ahead(days=3).date(),
            "created_by": fields.pop("created_by", None) or person(),
            **fields,
        }
    )
    zone = ZoneInfo(poll.zone)
    for start in starts:
        start = start.replace(second=0, microsecond=0)
        there = start.astimezone(zone)
        TimeOption.objects.create(
            poll=poll, local_date=there.date(), local_time=there.time(), starts_at=start
        )
    return poll


def option_answer(of: TimeOption, somebody: Person, answer: str = "yes") -> OptionAnswer:
    return OptionAnswer.objects.create(option=of, person=somebody, answer=answer)


def approve_minutes(of: Meeting) -> None:
    """Make notes of the meeting its approved minutes."""
    of.minutes_revision = of.minutes_revision or notes(of)
    of.minutes_state, of.minutes_approved_by, of.minutes_approved_at = "approved", person(), ago()
    of.save()


def running_meeting(where: Group, title: str = "Working session", **fields: Any) -> Meeting:
    """A meeting of an hour that began ten minutes ago."""
    return meeting(where, title, **{"starts_at": ago(minutes=10), **fields})


def guest(of: Meeting, name: str = "Gwen Guest", **fields: Any) -> Guest:
    return Guest.objects.create(
        **{
            "meeting": of,
            "name": name,
            "affiliation": "Guild of Guests",
            "added_by": fields.pop("added_by", None) or person(),
            **fields,
        }
    )


def attendance_claim(of: Meeting, somebody: Person, **fields: Any) -> AttendanceClaim:
    """Somebody says that they were there."""
    return AttendanceClaim.objects.create(meeting=of, person=somebody, **fields)


def speaker_request(of: Meeting, somebody: Person, **fields: Any) -> SpeakerRequest:
    """Somebody asks to speak."""
    return SpeakerRequest.objects.create(meeting=of, person=somebody, **fields)
