"""Meetings for calendar programs (RFC 5545): one to download or mail, or a whole feed.

Feed, download and mail have the same `uid` and `sequence`, so a reader who has several of them sees
one meeting.

Each process caches the bytes of an event by what it shows (`Facts`), and those of a time zone by
the years it is needed for; a feed joins these pieces. Everything an event shows is in its facts, so
a cached piece is never out of date.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from email.utils import parseaddr
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

import icalendar
from django.conf import settings
from django.db.models import QuerySet
from django.db.models.functions import Greatest
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from workinggroups.meetings.choices import MeetingState
from workinggroups.meetings.models import Meeting

MEDIA_TYPE = "text/calendar; charset=utf-8"
# How long we ask programs to wait before they read a feed again; some wait a day anyway.
REFRESH = timedelta(hours=6)
# Pieces that a process caches, at about a kilobyte each.
EVENTS_KEPT = 8192
ZONES_KEPT = HEADS_KEPT = 512
END = b"END:VCALENDAR\r\n"


class Facts(NamedTuple):
    """All that an event shows of a meeting and its group, and when any of it last changed."""

    uid: str
    sequence: int
    number: int
    title: str
    starts_at: datetime
    ends_at: datetime
    zone: str
    place: str
    join_url: str
    is_cancelled: bool
    cancelled_reason: str
    created_at: datetime
    changed_at: datetime
    group_name: str
    group_slug: str


# The columns of `Facts`, in its order.
COLUMNS = (
    "uid", "sequence", "number", "title", "starts_at", "ends_at", "zone", "place", "join_url",
    "state", "cancelled_reason", "created_at", "shown_changed_at", "group__name", "group__slug",
)  # fmt: skip


class Setting(NamedTuple):
    """What an event shows besides its meeting: the reader's language, and where it comes from."""

    language: str
    site_url: str
    sender: str

    @classmethod
    def now(cls) -> "Setting":
        sender = parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
        return cls(get_language() or "", settings.SITE_URL, sender)


def facts_of(meeting: Meeting) -> Facts:
    """Return what the event of a meeting shows. Its group must be fetched with it."""
    return Facts(
        uid=meeting.uid,
        sequence=meeting.sequence,
        number=meeting.number,
        title=meeting.title,
        starts_at=meeting.starts_at,
        ends_at=meeting.ends_at,
        zone=meeting.zone,
        place=meeting.place,
        join_url=meeting.join_url,
        is_cancelled=meeting.is_cancelled,
        cancelled_reason=meeting.cancelled_reason,
        created_at=meeting.created_at,
        changed_at=max(meeting.changed_at, meeting.group.changed_at),
        group_name=meeting.group.name,
        group_slug=meeting.group.slug,
    )


def facts_in(meetings: "QuerySet[Meeting]") -> list[Facts]:
    """Return the facts of many meetings in one query, without creating model instances."""
    changed = Greatest("changed_at", "group__changed_at")
    rows = meetings.annotate(shown_changed_at=changed).values_list(*COLUMNS)
    cancelled = COLUMNS.index("state")
    return [
        Facts._make(
            (*row[:cancelled], row[cancelled] == MeetingState.CANCELLED, *row[cancelled + 1 :])
        )
        for row in rows
    ]


def calendar_of(meeting: Meeting) -> bytes:
    """Return one meeting to put into a calendar by hand."""
    return _joined(_head("PUBLISH", "", settings.SITE_NAME), [facts_of(meeting)])


def feed(name: str, meetings: Sequence[Facts]) -> bytes:
    """Return a calendar to subscribe to."""
    return _joined(_head("", name, settings.SITE_NAME), meetings)


def _joined(head: bytes, meetings: Sequence[Facts]) -> bytes:
    setting = Setting.now()
    events = [_event_bytes(facts, setting) for facts in meetings]
    return b"".join([head, *_zones(meetings), *events, END])


@lru_cache(maxsize=HEADS_KEPT)
def _head(method: str, name: str, site_name: str) -> bytes:
    """Return the lines before the first component; `name` is that of a feed."""
    calendar = icalendar.Calendar()
    calendar.add("prodid", f"-//{site_name}//Meetings//EN")
    calendar.add("version", "2.0")
    if method:
        calendar.add("method", method)
    if name:
        calendar.add("name", name)
        calendar.add("x-wr-calname", name)
        calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
        calendar.add("x-published-ttl", "PT6H")
    lines: bytes = calendar.to_ical()
    return lines.removesuffix(END)


def _zones(meetings: Iterable[Facts]) -> list[bytes]:
    """Return each zone once, for the years of its meetings; by default it would go on to 2038."""
    years: dict[str, tuple[int, int]] = {}
    for facts in meetings:
        first, last = years.get(facts.zone, (9999, 0))
        years[facts.zone] = min(first, facts.starts_at.year), max(last, facts.ends_at.year)
    return [_zone_bytes(zone, first, last) for zone, (first, last) in sorted(years.items())]


@lru_cache(maxsize=ZONES_KEPT)
def _zone_bytes(zone: str, first: int, last: int) -> bytes:
    """Return a VTIMEZONE for these years; nothing for UTC, whose hours are written with a Z."""
    moment = icalendar.vDatetime(datetime(first, 1, 1, tzinfo=ZoneInfo(zone)))
    if "TZID" not in moment.params:
        return b""
    timezone = icalendar.Timezone.from_tzid(
        zone, first_date=date(first, 1, 1), last_date=date(last + 1, 1, 2)
    )
    lines: bytes = timezone.to_ical()
    return lines


@lru_cache(maxsize=EVENTS_KEPT)
def _event_bytes(facts: Facts, setting: Setting) -> bytes:
    """Return an event. Its language is the active one, which `setting` names for the cache."""
    event = icalendar.Event()
    event.add("uid", facts.uid)
    event.add("sequence", facts.sequence)
    event.add("dtstamp", facts.changed_at)
    event.add("created", facts.created_at)
    event.add("last-modified", facts.changed_at)
    event.add("summary", f"{facts.group_name}: {facts.title}")
    event.add("dtstart", facts.starts_at.astimezone(ZoneInfo(facts.zone)))
    event.add("dtend", facts.ends_at.astimezone(ZoneInfo(facts.zone)))
    event.add("status", "CANCELLED" if facts.is_cancelled else "CONFIRMED")
    path = reverse("meeting", args=[facts.group_slug, facts.number])
    url = f"{setting.site_url}{path}"
    event.add("url", url)
    if facts.place or facts.join_url:
        event.add("location", facts.place or facts.join_url)
    event.add("description", _description(facts, url))
    organizer = icalendar.vCalAddress(f"mailto:{setting.sender}")
    organizer.params["CN"] = icalendar.vText(facts.group_name)
    event.add("organizer", organizer)
    lines: bytes = event.to_ical()
    return lines


def _description(facts: Facts, url: str) -> str:
    lines = []
    if facts.is_cancelled:
        lines.append(_("Cancelled: %(reason)s") % {"reason": facts.cancelled_reason})
    if facts.join_url:
        lines.append(_("Join: %(url)s") % {"url": facts.join_url})
    lines.append(_("Agenda, notes and your answer: %(url)s") % {"url": url})
    return "\n".join(lines)
