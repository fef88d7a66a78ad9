"""Meetings for calendar programs (RFC 5545): one to download or mail, or a whole feed.

Feed, download and mail have the same `uid` and `sequence`, so a reader who has several of them sees
one meeting.

A series is one event with its rule (RRULE), the dates it skips (EXDATE) and, for each meeting that was
changed by itself, an event with the same `uid` and the original start (RECURRENCE-ID). An extra meeting
of a series is an event of its own: many programs take no heed of RDATE. So is a meeting that was
scheduled by itself and later gathered into a series: calendars that have it know it by its own `uid`. The
event of the series leaves its date out (EXDATE), so that it is shown once.

Each process caches the bytes of an event by what it shows (`Facts`), and those of a time zone by
the years it is needed for; a feed joins these pieces. Everything an event shows is in its facts, so
a cached piece is never out of date.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from email.utils import parseaddr
from functools import lru_cache
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

import icalendar
from django.conf import settings
from django.db.models import CharField, QuerySet, prefetch_related_objects
from django.db.models.functions import Cast, Coalesce, Greatest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from workinggroups.meetings.choices import FEED_MAX_MEETINGS, FEED_PAST_DAYS, MeetingState
from workinggroups.meetings.models import Meeting, MeetingSeries
from workinggroups.meetings.models.meetings import gathered_dates
from workinggroups.meetings.models.series import date_of
from workinggroups.meetings.recurrence import Recurrence, moment_of

MEDIA_TYPE = "text/calendar; charset=utf-8"
# How long we ask programs to wait before they read a feed again; some wait a day anyway.
REFRESH = timedelta(hours=6)
# A series without an end carries the rules of its time zone for so long.
ENDLESS = timedelta(days=10 * 366)
# Pieces that a process caches, at about a kilobyte each.
EVENTS_KEPT = 8192
ZONES_KEPT = HEADS_KEPT = 512
END = b"END:VCALENDAR\r\n"


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


# The columns of `Facts`, in its order.
COLUMNS = (
    "uid", "sequence", "shown_address", "title", "starts_at", "ends_at", "zone", "place", "join_url",
    "state", "cancelled_reason", "created_at", "shown_changed_at", "group__name", "group__slug",
    "recurrence_id", "keeps_uid",
)  # fmt: skip
ADDRESS = Coalesce(Cast("number", CharField()), "day_key")


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

    Fetched with it are its group, its skipped days and `gathered_dates`.
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
    skipped = tuple(skipped.day for skipped in series.skipped.all())
    if not series.gathered:
        return rule, skipped
    left_out = sorted({*skipped, *(date_of(one.recurrence_id) for one in series.gathered)})
    first = next((day for day in rule.dates() if day not in left_out), None)
    if first is None:
        return rule, tuple(left_out)
    return replace(rule, first=first), tuple(day for day in left_out if day > first)


def _original_start(recurrence_id: str, keeps_uid: bool, zone: str | None) -> datetime | None:
    if not recurrence_id or keeps_uid or zone is None:
        return None
    return datetime.strptime(recurrence_id, "%Y%m%dT%H%M%S").replace(tzinfo=ZoneInfo(zone))


def facts_in(meetings: "QuerySet[Meeting]") -> list[Facts]:
    """Return the facts of many meetings in one query, without creating model instances."""
    changed = Greatest("changed_at", "group__changed_at")
    annotated = meetings.annotate(shown_changed_at=changed, shown_address=ADDRESS)
    rows = annotated.values_list(*COLUMNS, "series__zone")
    cancelled = COLUMNS.index("state")
    return [
        Facts._make(
            (
                *row[:cancelled],
                row[cancelled] == MeetingState.CANCELLED,
                *row[cancelled + 1 : -3],
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
    written = [_event_bytes(facts, setting) for facts in events]
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
    return [_zone_bytes(zone, first, last) for zone, (first, last) in sorted(years.items())]


@lru_cache(maxsize=ZONES_KEPT)
def _zone_bytes(zone: str, first: int, last: int) -> bytes:
    """Return a VTIMEZONE for these years; nothing for UTC, whose hours are written with a Z."""
    tz = ZoneInfo(zone)
    begin = datetime(first, 1, 1, tzinfo=tz)
    if "TZID" not in icalendar.vDatetime(begin).params:
        return b""
    component = icalendar.Timezone()
    component.add("tzid", zone)
    component.add_component(_observance(begin, begin))
    for before, after in _changes(tz, first, last):
        component.add_component(_observance(before, after))
    lines: bytes = component.to_ical()
    return lines


def _observance(before: datetime, after: datetime) -> icalendar.Component:
    """Return what clocks show from `after` on, a moment later than `before`.

    Each change of clocks is a component of its own. icalendar would join them by dates (RDATE); it
    leaves out changes of some zones, and ical.js takes no heed of the first of such dates.
    """
    is_summer = bool(after.dst())
    component = icalendar.TimezoneDaylight() if is_summer else icalendar.TimezoneStandard()
    offset = before.utcoffset() or timedelta()
    component.add("dtstart", (after.astimezone(UTC) + offset).replace(tzinfo=None))
    component.add("tzoffsetfrom", offset)
    component.add("tzoffsetto", after.utcoffset())
    component.add("tzname", after.tzname())
    return component


def _changes(tz: ZoneInfo, first: int, last: int) -> Iterator[tuple[datetime, datetime]]:
    """Yield the seconds before and after each change of clocks, from one year to another."""
    day, end = datetime(first, 1, 1, tzinfo=UTC), datetime(last + 1, 1, 2, tzinfo=UTC)
    while day < end:
        low, high = day, day + timedelta(days=1)
        if _shown(low, tz) != _shown(high, tz):
            while high - low > timedelta(seconds=1):
                middle = low + (high - low) // 2
                middle = middle.replace(microsecond=0)
                low, high = (
                    (middle, high) if _shown(middle, tz) == _shown(low, tz) else (low, middle)
                )
            yield low.astimezone(tz), high.astimezone(tz)
        day += timedelta(days=1)


def _shown(moment: datetime, tz: ZoneInfo) -> tuple[timedelta | None, str | None]:
    there = moment.astimezone(tz)
    return there.utcoffset(), there.tzname()


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
    event.add("dtstart", facts.starts_at.astimezone(ZoneInfo(facts.zone)))
    event.add("dtend", facts.ends_at.astimezone(ZoneInfo(facts.zone)))
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
