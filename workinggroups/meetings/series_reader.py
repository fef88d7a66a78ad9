"""Read series of meetings from the events of a calendar file; say in words what cannot be taken over.

Nothing here reads or writes the database.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from common.errors import Invalid
from workinggroups.meetings.calendar_files import (
    EVENT,
    Component,
    Property,
    date_in,
    duration_in,
    moment_in,
)
from workinggroups.meetings.choices import (
    AGENDA_TEXT_MAX_CHARACTERS,
    IMPORT_MAX_EXCEPTIONS,
    IMPORT_MAX_SHOWN,
    MEETING_MAX_MINUTES,
    Frequency,
)
from workinggroups.meetings.foreign_rules import CannotImport, rules_of
from workinggroups.meetings.foreign_zones import ForeignZones
from workinggroups.meetings.imported_series import ChangedDate, ImportedSeries, part_uid
from workinggroups.meetings.imported_texts import line_of, place_of, plain_text
from workinggroups.meetings.local_time import FIRST_YEAR, LAST_YEAR, instants
from workinggroups.meetings.recurrence import Recurrence, moment_of

UID_MAX_CHARACTERS = 200
# With a backslash before each sign of Markdown it still has room in an item of an agenda.
DESCRIPTION_MAX_CHARACTERS = AGENDA_TEXT_MAX_CHARACTERS // 2 - 100
# Dates that are written twice, or are none of the rule, count for nothing else.
VALUES_READ = 1000


def series_in(
    components: Iterable[Component], zones: ForeignZones, *, now: datetime
) -> list[ImportedSeries]:
    """Return each event of a file, in its order, those that repeat first.

    Raises Invalid for a file with too many series.
    """
    by_uid: dict[str, list[Component]] = defaultdict(list)
    for event in components:
        if event.kind == EVENT:
            by_uid[_uid_of(event)].append(event)
    repeating = {uid for uid, events in by_uid.items() if any(one.one("RRULE") for one in events)}
    if len(repeating) > IMPORT_MAX_SHOWN:
        raise _too_many_series()
    ordered = sorted(by_uid, key=lambda uid: uid not in repeating)[:IMPORT_MAX_SHOWN]
    imported = [series for uid in ordered for series in _series(uid, by_uid[uid], zones, now)]
    if any(series.recurrence for series in imported[IMPORT_MAX_SHOWN:]):
        raise _too_many_series()
    return imported[:IMPORT_MAX_SHOWN]


def _too_many_series() -> Invalid:
    message = _("The file has more than %(most)d series. Export only the ones you need.")
    return Invalid(message % {"most": IMPORT_MAX_SHOWN}, "file")


def _uid_of(event: Component) -> str:
    """Return the `uid`; a checksum of a long one, and of all that is in an event without one."""
    uid = event.text("UID")
    if 0 < len(uid) <= UID_MAX_CHARACTERS:
        return uid
    digest = hashlib.sha256((uid or repr(event.properties)).encode(errors="replace")).hexdigest()
    return f"sha256:{digest}"


def _series(
    uid: str, events: list[Component], zones: ForeignZones, now: datetime
) -> list[ImportedSeries]:
    """Return the series of these events: one, or one for each weekday of its rule."""
    masters = [event for event in events if not event.one("RECURRENCE-ID")]
    # Of two versions of an event, the one that was changed last (RFC 5546, 2.1.5).
    master = max(masters, key=_sequence, default=None)
    title = line_of((master or events[0]).text("SUMMARY"), 160) or _("Meeting")
    series = ImportedSeries(uid=uid, title=title)
    try:
        if master is None:
            raise CannotImport(_("The file has only single dates of this series, not its rule."))
        rules = _read_master(series, master, zones)
    except CannotImport as error:
        series.problem = str(error)
        return [series]
    whole = _days_of(rules) if len(events) > 1 or _has_dates(master) else frozenset()
    parts = _by_weekday(series, rules)
    for part in parts:
        try:
            _read_exceptions(part, master, events, zones, whole)
            _check_future(part, now)
        except CannotImport as error:
            part.problem = str(error)
    return parts


def _has_dates(master: Component) -> bool:
    """Whether the event lists dates. Raises nothing: too many are refused where they are read."""
    return 0 < len([*master.listed("EXDATE"), *master.listed("RDATE")]) <= VALUES_READ


def _days_of(rules: Iterable[Recurrence]) -> frozenset[date]:
    """Return all dates. Looked up once: each `rule.has` counts from the first date."""
    return frozenset(day for rule in rules for day in rule.dates())


def _by_weekday(series: ImportedSeries, rules: list[Recurrence]) -> list[ImportedSeries]:
    """Return the series with its rule; with several, one for each, which has its own `uid`."""
    series.recurrence = rules[0]
    if len(rules) == 1:
        return [series]
    note = _("It meets on several weekdays. Here it becomes a series for each of them.")
    return [
        replace(
            series,
            uid=part_uid(series.uid, rule),
            whole_uid=series.uid,
            other_weekdays=frozenset(each.first.weekday() for each in rules if each is not rule),
            is_first_part=rule is rules[0],
            recurrence=rule,
            notes=[*series.notes, note],
            skipped=[],
            exceptions=[],
            extra=[],
        )
        for rule in rules
    ]


def _sequence(event: Component) -> int:
    text = event.text("SEQUENCE")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def _read_master(series: ImportedSeries, event: Component, zones: ForeignZones) -> list[Recurrence]:
    """Read what the meetings have in common; return the rules by which they take place."""
    begin = event.one("DTSTART")
    if event.text("STATUS").upper() == "CANCELLED":
        raise CannotImport(_("This event was cancelled."))
    if begin is not None and date_in(begin):
        raise CannotImport(_("This is an all-day event. A meeting needs an hour."))
    if not event.one("RRULE"):
        raise CannotImport(
            _("This event does not repeat by a rule. Schedule it as a single meeting.")
        )
    if event.one("EXRULE") or len(event.properties["RRULE"]) > 1:
        raise CannotImport(_("It repeats by several rules at once. A series here has one."))
    local, series.zone = _planned(begin, zones, series)
    if local.second:
        series.notes.append(_("Seconds of its start are left out."))
    series.local_time = local.time().replace(second=0)
    series.duration_minutes = _minutes(event, local, series.zone, zones, series)
    rules = rules_of(event.text("RRULE"), local.date(), series.local_time, ZoneInfo(series.zone))
    series.place, series.join_url = place_of(event)
    description = plain_text(event.text("DESCRIPTION"))
    series.description = description[:DESCRIPTION_MAX_CHARACTERS]
    if description != series.description:
        _note(series, _("Its description is too long and is cut."))
    return rules


def _local(
    written: Property | None, zones: ForeignZones, series: ImportedSeries
) -> tuple[datetime, str]:
    """Return a local time and its zone."""
    moment = moment_in(written) if written else None
    if moment is None:
        raise CannotImport(_("Its start cannot be read."))
    zone = "UTC" if moment.zone == "UTC" else zones.named(moment.zone)
    if not moment.zone:
        zone = zones.preferred
        _note(series, _("Its times name no time zone. They are read in %(zone)s.") % {"zone": zone})
    elif zone is None:
        zone = zones.preferred
        _note(
            series,
            _("We do not know the time zone “%(name)s”. Its times are read in %(zone)s.")
            % {"name": line_of(moment.zone, 60), "zone": zone},
        )
    elif zone != moment.zone:
        _note(
            series,
            _("The time zone “%(name)s” is read as %(zone)s.")
            % {"name": line_of(moment.zone, 60), "zone": zone},
        )
    return moment.at, zone


def _planned(
    written: Property | None, zones: ForeignZones, series: ImportedSeries
) -> tuple[datetime, str]:
    """Return what `_local` does, of a year in which meetings are planned."""
    local, zone = _local(written, zones, series)
    if not FIRST_YEAR <= local.year <= LAST_YEAR:
        raise CannotImport(_("Its first date is in a year in which no meeting can be."))
    return local, zone


def _note(series: ImportedSeries, note: str) -> None:
    if note not in series.notes:
        series.notes.append(note)


def _minutes(
    event: Component, local: datetime, zone: str, zones: ForeignZones, series: ImportedSeries
) -> int:
    """Return the length of an event; an hour where the file says none."""
    length, end = event.one("DURATION"), event.one("DTEND")
    duration = duration_in(length) if length else None
    if end is not None and moment_in(end):
        until, end_zone = _local(end, zones, series)
        duration = until.replace(tzinfo=ZoneInfo(end_zone)).astimezone(UTC) - moment_of(
            local.date(), local.time(), ZoneInfo(zone)
        )
    if duration is None:
        _note(series, _("It has no end, so each meeting lasts an hour."))
        return 60
    minutes = int(duration / timedelta(minutes=1))
    if not 1 <= minutes <= MEETING_MAX_MINUTES:
        raise CannotImport(_("It lasts longer than a day, or ends before it begins."))
    return minutes


def _read_exceptions(
    series: ImportedSeries,
    master: Component,
    events: list[Component],
    zones: ForeignZones,
    whole: frozenset[date],
) -> None:
    """Read what was changed of single dates of the series. `whole` are the dates of all its parts."""
    rule = series.recurrence
    assert rule is not None
    values = [*master.listed("EXDATE"), *master.listed("RDATE")]
    if len(values) > VALUES_READ:
        raise _too_many()
    dates = _days_of([rule]) if series.whole_uid and whole else whole
    skipped = {
        day
        for written in master.listed("EXDATE")
        if (day := _day(series, written, zones)) is not None
    }
    series.skipped = sorted(skipped & dates)
    seen: dict[date, tuple[int, ChangedDate]] = {}
    for event in events:
        original = event.one("RECURRENCE-ID")
        if original is None:
            continue
        if original.parameters.get("RANGE", "").upper() == "THISANDFUTURE":
            _note(series, _("Changes of “this and all that follow” are not taken over."))
            continue
        day = _day(series, original, zones)
        if day in whole - dates:
            continue
        if day not in dates or day in skipped:
            _note(series, _("A changed meeting that is no date of the rule is left out."))
            continue
        changed = _exception(series, event, day, zones)
        if changed and (day not in seen or seen[day][0] <= _sequence(event)):
            seen[day] = (_sequence(event), changed)
    series.exceptions = [changed for _day_, (_seq, changed) in sorted(seen.items())]
    for written in master.listed("RDATE"):
        extra = _extra(series, written, zones)
        if extra and series.takes(extra.day):
            series.extra.append(extra)
    if rule.frequency == Frequency.DAILY:
        # The days of one meeting are counted, so a day without a meeting is cancelled.
        cancelled = [_cancelled(series, day) for day in series.skipped]
        series.exceptions, series.skipped = [*series.exceptions, *cancelled], []
    if len(series.skipped) + len(series.exceptions) + len(series.extra) > IMPORT_MAX_EXCEPTIONS:
        raise _too_many()


def _too_many() -> CannotImport:
    return CannotImport(
        _("More than %(most)d dates of this series were changed by themselves.")
        % {"most": IMPORT_MAX_EXCEPTIONS}
    )


def _day(series: ImportedSeries, written: Property, zones: ForeignZones) -> date | None:
    """Return the date of the series that a time or a date in a file stands for."""
    if whole := date_in(written):
        return whole
    moment = moment_in(written)
    if moment is None:
        return None
    zone = "UTC" if moment.zone == "UTC" else zones.named(moment.zone) or zones.preferred
    if not moment.zone:
        zone = series.zone
    there = moment.at.replace(tzinfo=ZoneInfo(zone)).astimezone(ZoneInfo(series.zone))
    return there.date()


def _exception(
    series: ImportedSeries, event: Component, day: date, zones: ForeignZones
) -> ChangedDate | None:
    is_cancelled = event.text("STATUS").upper() == "CANCELLED"
    place, join_url = place_of(event) if event.one("LOCATION") else (series.place, series.join_url)
    title = line_of(event.text("SUMMARY"), 160) or series.title
    join_url = join_url or series.join_url
    begin = event.one("DTSTART")
    if is_cancelled:
        return _cancelled(series, day)
    if begin is None:
        usual = _cancelled(series, day)
        return replace(usual, is_cancelled=False, title=title, place=place, join_url=join_url)
    try:
        local, zone = _planned(begin, zones, series)
        minutes = (
            _minutes(event, local, zone, zones, series)
            if event.one("DTEND") or event.one("DURATION")
            else series.duration_minutes
        )
    except CannotImport:
        _note(series, _("A changed meeting whose time cannot be read is left as it was."))
        return None
    starts_at = moment_of(local.date(), local.time().replace(second=0), ZoneInfo(zone))
    return ChangedDate(
        day=day,
        starts_at=starts_at,
        duration_minutes=minutes,
        zone=zone,
        title=title,
        place=place,
        join_url=join_url,
    )


def _cancelled(series: ImportedSeries, day: date) -> ChangedDate:
    return ChangedDate(
        day=day,
        starts_at=series.moment(day),
        duration_minutes=series.duration_minutes,
        zone=series.zone,
        title=series.title,
        place=series.place,
        join_url=series.join_url,
        is_cancelled=True,
    )


def _extra(series: ImportedSeries, written: Property, zones: ForeignZones) -> ChangedDate | None:
    try:
        local, zone = _planned(written, zones, series)
    except CannotImport:
        _note(series, _("An additional date whose time cannot be read is left out."))
        return None
    if not instants(local.date(), local.time(), ZoneInfo(zone)):
        _note(series, _("An additional date whose time cannot be read is left out."))
        return None
    return ChangedDate(
        day=local.date(),
        starts_at=moment_of(local.date(), local.time().replace(second=0), ZoneInfo(zone)),
        duration_minutes=series.duration_minutes,
        zone=zone,
        title=series.title,
        place=series.place,
        join_url=series.join_url,
    )


def _check_future(series: ImportedSeries, now: datetime) -> None:
    if next(series.coming(now), None) is None:
        raise CannotImport(_("All dates of this series have passed."))
