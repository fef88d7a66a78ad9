"""Meetings for calendar programs (RFC 5545): one to download or mail, or a whole feed.

Feed, download and mail have the same `uid` and `sequence`, so a reader who has several of them sees
one meeting.

A series is one event with its rule (RRULE), the dates it skips (EXDATE) and, for each meeting that was
changed by itself, an event with the same `uid` and the original start (RECURRENCE-ID). An extra meeting
of a series is an event of its own: many programs take no heed of RDATE. So is a meeting that was
scheduled by itself and later gathered into a series: calendars that have it know it by its own `uid`. The
event of the series leaves its date out (EXDATE), so that it is shown once.

Programs do not agree about an hour that clocks skip or show twice. On such a date the meeting is an
event of its own too, and its time is written in UTC.

Each process caches the bytes of an event by what it shows (`Facts`), and those of a time zone by
the years it is needed for; a feed joins these pieces. Everything an event shows is in its facts, so
a cached piece is never out of date.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from email.utils import parseaddr
from functools import lru_cache
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

import icalendar
from django.conf import settings
from django.db.models import QuerySet, prefetch_related_objects
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from workinggroups.meetings.calendar_zones import is_clear, unclear_days, zone_bytes
from workinggroups.meetings.choices import FEED_MAX_MEETINGS, FEED_PAST_DAYS, MeetingState
from workinggroups.meetings.models import Meeting, MeetingSeries
from workinggroups.meetings.models.meetings import gathered_dates
from workinggroups.meetings.models.series import date_of
from workinggroups.meetings.queries.calendars import EVENT_COLUMNS, EventRow, event_rows
from workinggroups.meetings.recurrence import Recurrence, moment_of

MEDIA_TYPE = "text/calendar; charset=utf-8"
# How long we ask programs to wait before they read a feed again; some wait a day anyway.
REFRESH = timedelta(hours=6)
# A series without an end carries the rules of its time zone for so long.
ENDLESS = timedelta(days=10 * 366)
# Pieces that a process caches, at about a kilobyte each.
EVENTS_KEPT = 8192
HEADS_KEPT = 512
END = b"END:VCALENDAR\r\n"
_CANCELLED = EVENT_COLUMNS.index("state")


class Facts(NamedTuple):
    """All that an event shows of a meeting and its group, and when any of it last changed."""

    uid: str
    sequence: int
    address: str
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
    # Of a meeting of a series that was changed by itself: its original start.
    replaces: datetime | None = None


class SeriesFacts(NamedTuple):
    """All that the event of a series shows, and when any of it last changed."""

    uid: str
    sequence: int
    uuid: UUID
    title: str
    recurrence: Recurrence
    local_time: time
    zone: str
    duration_minutes: int
    place: str
    join_url: str
    skipped: tuple[date, ...]
    created_at: datetime
    changed_at: datetime
    group_name: str
    group_slug: str

    @property
    def replaces(self) -> None:
        """Return None: a series replaces no date of another, as a single meeting can."""

    @property
    def starts_at(self) -> datetime:
        return moment_of(self.recurrence.first, self.local_time, ZoneInfo(self.zone))

    @property
    def ends_at(self) -> datetime:
        """Return when its last meeting ends, or a moment after all that readers plan for."""
        if self.recurrence.until is None:
            return timezone.now() + ENDLESS
        last = moment_of(self.recurrence.until, self.local_time, ZoneInfo(self.zone))
        return max(last, self.starts_at) + timedelta(minutes=self.duration_minutes)

    @property
    def has_dates(self) -> bool:
        """Tell whether any date is left: all may be skipped, or be events of their own."""
        return any(day not in self.skipped for day in self.recurrence.dates())

    def unclear_days(self) -> list[date]:
        """Return the dates on which clocks skip the hour of the series, or show it twice."""
        first, last = self.starts_at.year, self.ends_at.year
        days = unclear_days(self.recurrence, self.local_time, self.zone, first, last)
        return [day for day in days if day not in self.skipped]


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
        address=meeting.address,
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
        replaces=_original_start(
            meeting.recurrence_id,
            meeting.keeps_uid,
            meeting.series.zone if meeting.series else None,
        ),
    )


def series_facts_of(series: MeetingSeries) -> SeriesFacts:
    """Return what the event of a series shows.

    Fetched with it are its group and, unless a feed has annotated them, its skipped days and
    `gathered_dates`.
    """
    recurrence, left_out = _dates_of(series)
    return SeriesFacts(
        uid=series.uid,
        sequence=series.sequence,
        uuid=series.uuid,
        title=series.title,
        recurrence=recurrence,
        local_time=series.local_time,
        zone=series.zone,
        duration_minutes=series.duration_minutes,
        place=series.place,
        join_url=series.join_url,
        skipped=left_out,
        created_at=series.created_at,
        changed_at=max(series.changed_at, series.group.changed_at),
        group_name=series.group.name,
        group_slug=series.group.slug,
    )


def _dates_of(series: MeetingSeries) -> tuple[Recurrence, tuple[date, ...]]:
    """Return the rule and the dates on which the event of the series does not take place.

    Of gathered meetings, the rule begins with the first date that no event of its own has.
    """
    rule = series.recurrence
    annotated = series.__dict__
    skipped = annotated.get("skipped_days")
    if skipped is None:
        skipped = [each.day for each in series.skipped.all()]
    places = annotated.get("gathered_places")
    if places is None:
        places = [each.recurrence_id for each in series.gathered]
    if not places:
        return rule, tuple(skipped)
    left_out = sorted({*skipped, *map(date_of, places)})
    first = next((day for day in rule.dates() if day not in left_out), None)
    if first is None:
        return rule, tuple(left_out)
    return replace(rule, first=first), tuple(day for day in left_out if day > first)


def _original_start(recurrence_id: str, keeps_uid: bool, zone: str | None) -> datetime | None:
    if not recurrence_id or keeps_uid or zone is None:
        return None
    return datetime.fromisoformat(recurrence_id).replace(tzinfo=ZoneInfo(zone))


def facts_in(meetings: "QuerySet[Meeting] | Iterable[EventRow]") -> list[Facts]:
    """Return the facts of many meetings, or of rows as of `event_rows`. At most one query."""
    rows = event_rows(meetings) if isinstance(meetings, QuerySet) else meetings
    return [
        Facts._make(
            (
                *row[:_CANCELLED],
                row[_CANCELLED] == MeetingState.CANCELLED,
                *row[_CANCELLED + 1 : -3],
                _original_start(*row[-3:]),
            )
        )
        for row in rows
    ]


def calendar_of(meeting: Meeting) -> bytes:
    """Return one meeting to put into a calendar by hand; of a series, the whole series.

    A meeting that keeps its own `uid` is an event of its own.
    """
    if meeting.series and meeting.recurrence_id and not meeting.keeps_uid:
        return calendar_of_series(meeting.series)
    return _joined(_head("PUBLISH", "", settings.SITE_NAME), [facts_of(meeting)])


def calendar_of_series(*several: MeetingSeries) -> bytes:
    """Return series to put into a calendar by hand, with what was changed of single meetings.

    Extra and gathered meetings are in it if a feed would have them.
    """
    prefetch_related_objects(several, "skipped", gathered_dates())
    since = timezone.now() - timedelta(days=FEED_PAST_DAYS)
    events: list[Facts | SeriesFacts] = []
    for series in several:
        changed = facts_in(series.meetings.apart_from_series().order_by("recurrence_id"))
        own = series.meetings.events_of_their_own().filter(starts_at__gte=since)
        beside = facts_in(own.order_by("starts_at", "pk")[:FEED_MAX_MEETINGS])
        events += [series_facts_of(series), *changed, *beside]
    return _joined(_head("PUBLISH", "", settings.SITE_NAME), events)


def feed(name: str, events: "Sequence[Facts | SeriesFacts]") -> bytes:
    """Return a calendar to subscribe to."""
    return _joined(_head("", name, settings.SITE_NAME), events)


def _joined(head: bytes, events: "Sequence[Facts | SeriesFacts]") -> bytes:
    setting = Setting.now()
    events = [each for each in events if not isinstance(each, SeriesFacts) or each.has_dates]
    apart = {(facts.uid, facts.replaces.date()) for facts in events if facts.replaces}
    written = []
    for facts in events:
        written.append(_event_bytes(facts, setting))
        if isinstance(facts, SeriesFacts):
            unclear = (day for day in facts.unclear_days() if (facts.uid, day) not in apart)
            written += [_unclear_bytes(facts, day, setting) for day in unclear]
    return b"".join([head, *_zones(events), *written, END])


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


def _zones(meetings: "Iterable[Facts | SeriesFacts]") -> list[bytes]:
    """Return each zone once, for the years of its meetings; by default it would go on to 2038."""
    years: dict[str, tuple[int, int]] = {}
    for facts in meetings:
        first, last = years.get(facts.zone, (9999, 0))
        years[facts.zone] = min(first, facts.starts_at.year), max(last, facts.ends_at.year)
    return [zone_bytes(zone, first, last) for zone, (first, last) in sorted(years.items())]


@lru_cache(maxsize=EVENTS_KEPT)
def _event_bytes(facts: Facts | SeriesFacts, setting: Setting) -> bytes:
    """Return an event. Its language is the active one, which `setting` names for the cache."""
    event = (
        _series_event(facts, setting)
        if isinstance(facts, SeriesFacts)
        else _meeting_event(facts, setting)
    )
    lines: bytes = event.to_ical()
    return lines


def _meeting_event(facts: Facts, setting: Setting) -> icalendar.Event:
    event = _event(facts, setting, reverse("meeting", args=[facts.group_slug, facts.address]))
    if facts.replaces:
        event.add("recurrence-id", facts.replaces)
    event.add("dtstart", _local(facts.starts_at, facts.zone))
    event.add("dtend", _local(facts.ends_at, facts.zone))
    event.add("status", "CANCELLED" if facts.is_cancelled else "CONFIRMED")
    return event


def _series_event(facts: SeriesFacts, setting: Setting) -> icalendar.Event:
    event = _event(facts, setting, reverse("meeting-series", args=[facts.group_slug, facts.uuid]))
    zone = ZoneInfo(facts.zone)
    event.add("dtstart", datetime.combine(facts.recurrence.first, facts.local_time, tzinfo=zone))
    event.add("duration", timedelta(minutes=facts.duration_minutes))
    event.add("rrule", facts.recurrence.rule_parts(facts.local_time, zone))
    for day in facts.skipped:
        event.add("exdate", datetime.combine(day, facts.local_time, tzinfo=zone))
    event.add("status", "CONFIRMED")
    return event


@lru_cache(maxsize=EVENTS_KEPT)
def _unclear_bytes(facts: SeriesFacts, day: date, setting: Setting) -> bytes:
    """Return the meeting of a series on a day on which programs do not agree about its hour."""
    event = _event(facts, setting, reverse("meeting-series", args=[facts.group_slug, facts.uuid]))
    local = datetime.combine(day, facts.local_time, tzinfo=ZoneInfo(facts.zone))
    event.add("recurrence-id", local)
    event.add("dtstart", local.astimezone(UTC))
    event.add("duration", timedelta(minutes=facts.duration_minutes))
    event.add("status", "CONFIRMED")
    lines: bytes = event.to_ical()
    return lines


def _local(moment: datetime, zone: str) -> datetime:
    """Return a moment as it is written: by the clocks of the zone, or in UTC if they show it twice."""
    local = moment.astimezone(ZoneInfo(zone))
    return local if is_clear(local) else moment.astimezone(UTC)


def _event(facts: Facts | SeriesFacts, setting: Setting, path: str) -> icalendar.Event:
    """Return an event with what meetings and series have in common."""
    event = icalendar.Event()
    event.add("uid", facts.uid)
    event.add("sequence", facts.sequence)
    event.add("dtstamp", facts.changed_at)
    event.add("created", facts.created_at)
    event.add("last-modified", facts.changed_at)
    event.add("summary", f"{facts.group_name}: {facts.title}")
    url = f"{setting.site_url}{path}"
    event.add("url", url)
    if facts.place or facts.join_url:
        event.add("location", facts.place or facts.join_url)
    event.add("description", _description(facts, url))
    organizer = icalendar.vCalAddress(f"mailto:{setting.sender}")
    organizer.params["CN"] = icalendar.vText(facts.group_name)
    event.add("organizer", organizer)
    return event


def _description(facts: Facts | SeriesFacts, url: str) -> str:
    lines = []
    if isinstance(facts, Facts) and facts.is_cancelled:
        lines.append(_("Cancelled: %(reason)s") % {"reason": facts.cancelled_reason})
    if facts.join_url:
        lines.append(_("Join: %(url)s") % {"url": facts.join_url})
    lines.append(_("Agenda, notes and your answer: %(url)s") % {"url": url})
    return "\n".join(lines)
