"""A series with as many meetings as one that meets every second week for ten years."""

from datetime import time, timedelta
from zoneinfo import ZoneInfo

from bench.large.chronicle import Chronicle, Circle
from workinggroups.meetings.actions.occurrences import set_time
from workinggroups.meetings.actions.series import series_facts
from workinggroups.meetings.choices import (
    SERIES_AHEAD_DAYS,
    Frequency,
    InSeries,
    MeetingState,
    SeriesAct,
)
from workinggroups.meetings.models import Meeting, MeetingSeries
from workinggroups.meetings.models.series import recurrence_id
from workinggroups.meetings.recurrence import moment_of

ZONE = "Europe/Berlin"
HOUR = time(15, 30)
WEEK = timedelta(weeks=1)


def add(chronicle: Chronicle, circle: Circle) -> list[Meeting]:
    """Write the series; return its meetings, unsaved, the last of them as far ahead as they are made.

    It meets weekly: the group is not old enough for ten years.
    """
    count = chronicle.sizes.occurrences
    last = (chronicle.now + timedelta(days=SERIES_AHEAD_DAYS - 7)).date()
    days = [last - WEEK * number for number in reversed(range(count))]
    planned = max(chronicle.ago((chronicle.now.date() - days[0]).days + 10), circle.began)
    uuid = chronicle.uuid(planned)
    series = MeetingSeries.objects.create(
        uuid=uuid,
        uid=f"{uuid}@large.example",
        group=circle.group,
        level=circle.group.content_level,
        title="Weekly call of the editors",
        first_on=days[0],
        local_time=HOUR,
        zone=ZONE,
        duration_minutes=60,
        place="By video",
        frequency=Frequency.WEEKLY,
        made_until=days[-1],
        created_by=circle.secretary,
        created_at=planned,
        changed_at=planned,
    )
    chronicle.act(SeriesAct.PLANNED, series, planned, circle.secretary, **series_facts(series))
    meetings: list[Meeting] = []
    for day in days:
        starts_at = moment_of(day, HOUR, ZoneInfo(ZONE))
        made = min(
            max(planned, starts_at - timedelta(days=SERIES_AHEAD_DAYS)), starts_at, chronicle.now
        )
        meeting = Meeting(
            uuid=chronicle.uuid(made),
            uid=series.uid,
            recurrence_id=recurrence_id(day, HOUR),
            day_key=day.isoformat(),
            series=series,
            in_series=InSeries.DATE,
            follows_series=True,
            group=circle.group,
            level=series.level,
            state=MeetingState.PLANNED,
            created_by=circle.secretary,
            created_at=made,
            changed_at=made,
        )
        set_time(meeting, series, starts_at)
        if meeting.ends_at < chronicle.now:
            meeting.state = MeetingState.HELD
        meetings.append(meeting)
    return meetings
