"""Meetings as calendar programs read them (RFC 5545): one to download or mail, or a whole feed.

The same `uid` and `sequence` stand in the feed, the download and the mail, so that a reader who
has several of them sees one meeting.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import icalendar
from django.conf import settings
from django.utils.translation import gettext as _

from members.people.models import Person
from workinggroups.meetings.models import Meeting

MEDIA_TYPE = "text/calendar; charset=utf-8"
# What programs are asked to wait between two looks at a feed; some wait a day whatever we say.
REFRESH = timedelta(hours=6)


def calendar_of(meeting: Meeting) -> bytes:
    """One meeting to put into a calendar by hand."""
    calendar = _empty_calendar()
    calendar.add("method", "PUBLISH")
    return _with_events(calendar, [meeting])


def feed(name: str, meetings: Iterable[Meeting]) -> bytes:
    """A calendar to subscribe to."""
    calendar = _empty_calendar()
    calendar.add("name", name)
    calendar.add("x-wr-calname", name)
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT6H")
    return _with_events(calendar, list(meetings))


def _empty_calendar() -> icalendar.Calendar:
    calendar = icalendar.Calendar()
    calendar.add("prodid", f"-//{settings.SITE_NAME}//Meetings//EN")
    calendar.add("version", "2.0")
    return calendar


def _with_events(
    calendar: icalendar.Calendar, meetings: list[Meeting], attendee: Person | None = None
) -> bytes:
    for meeting in meetings:
        calendar.add_component(_event(meeting, attendee))
    if meetings:
        # Without bounds each zone would carry its changes of clocks from 1970 to 2038.
        calendar.add_missing_timezones(
            first_date=min(meeting.starts_at for meeting in meetings).date() - timedelta(days=1),
            last_date=max(meeting.ends_at for meeting in meetings).date() + timedelta(days=1),
        )
    content: bytes = calendar.to_ical()
    return content


def _event(meeting: Meeting, attendee: Person | None) -> icalendar.Event:
    event = icalendar.Event()
    event.add("uid", meeting.uid)
    event.add("sequence", meeting.sequence)
    event.add("dtstamp", meeting.changed_at)
    event.add("created", meeting.created_at)
    event.add("last-modified", meeting.changed_at)
    event.add("summary", f"{meeting.group.name}: {meeting.title}")
    event.add("dtstart", _local(meeting, meeting.starts_at))
    event.add("dtend", _local(meeting, meeting.ends_at))
    event.add("status", "CANCELLED" if meeting.is_cancelled else "CONFIRMED")
    url = f"{settings.SITE_URL}{meeting.get_absolute_url()}"
    event.add("url", url)
    if meeting.place or meeting.join_url:
        event.add("location", meeting.place or meeting.join_url)
    event.add("description", _description(meeting, url))
    organizer = icalendar.vCalAddress(f"mailto:{settings.DEFAULT_FROM_EMAIL}")
    organizer.params["CN"] = icalendar.vText(meeting.group.name)
    event.add("organizer", organizer)
    if attendee is not None:
        address = icalendar.vCalAddress(f"mailto:{attendee.email.lower()}")
        address.params["CN"] = icalendar.vText(str(attendee))
        address.params["ROLE"] = icalendar.vText("REQ-PARTICIPANT")
        address.params["PARTSTAT"] = icalendar.vText("NEEDS-ACTION")
        event.add("attendee", address)
    return event


def _local(meeting: Meeting, moment: datetime) -> datetime:
    return moment.astimezone(ZoneInfo(meeting.zone))


def _description(meeting: Meeting, url: str) -> str:
    lines = []
    if meeting.is_cancelled:
        lines.append(_("Cancelled: %(reason)s") % {"reason": meeting.cancelled_reason})
    if meeting.join_url:
        lines.append(_("Join: %(url)s") % {"url": meeting.join_url})
    lines.append(_("Agenda, answer and notes: %(url)s") % {"url": url})
    return "\n".join(lines)
