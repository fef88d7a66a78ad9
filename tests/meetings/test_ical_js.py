"""Our calendars as ical.js reads them, which Thunderbird and others are built on."""

from datetime import UTC, datetime, timedelta
from typing import Any

from tests.meetings.programs import ICAL_JS
from workinggroups.meetings import calendars
from workinggroups.meetings.calendars import Facts

READ = """
text => {
    const calendar = new ICAL.Component(ICAL.parse(text));
    calendar.getAllSubcomponents("vtimezone").forEach(zone => ICAL.TimezoneService.register(zone));
    return calendar.getAllSubcomponents("vevent").map(component => {
        const event = new ICAL.Event(component);
        return {
            uid: event.uid, summary: event.summary, location: event.location,
            sequence: event.sequence, attendees: event.attendees.length,
            organizer: event.organizer, status: component.getFirstPropertyValue("status"),
            starts: event.startDate.toUnixTime(), ends: event.endDate.toUnixTime(),
        };
    });
}
"""


def facts(zone: str, starts_at: datetime, **fields: Any) -> Facts:
    noted = datetime(2026, 11, 1, tzinfo=UTC)
    return Facts(
        **{
            "uid": f"{zone}@{starts_at:%Y%m%d}",
            "sequence": 3,
            "address": "7",
            "title": "Limits; “part, 2” \\ 図\nthe rest",
            "starts_at": starts_at,
            "ends_at": starts_at + timedelta(minutes=90),
            "zone": zone,
            "place": "Room 4, left",
            "join_url": "https://join.example/?a=1;b",
            "is_cancelled": False,
            "cancelled_reason": "",
            "created_at": noted,
            "changed_at": noted,
            "group_name": "Trust & Benchmarks",
            "group_slug": "trust",
            **fields,
        }
    )


def test_ical_js_reads_each_hour_and_word(chromium: Any, settings: Any) -> None:
    settings.DEFAULT_FROM_EMAIL = "Alliance <alliance@alliance.example>"
    days = [datetime(2026, month, 28, 9, 30, tzinfo=UTC) for month in (1, 3, 7, 10, 12)]
    zones = ("Europe/Zurich", "America/New_York", "Asia/Kolkata", "Pacific/Auckland", "UTC")
    shown = [facts(zone, day) for zone in zones for day in days]
    shown.append(facts("Asia/Tokyo", days[0], is_cancelled=True, cancelled_reason="Nobody can"))
    page = chromium.new_page()
    page.add_script_tag(content=ICAL_JS.read_text(encoding="utf-8"))

    events = page.evaluate(READ, calendars.feed("My meetings", shown).decode())
    page.close()

    assert events == [
        {
            "uid": one.uid,
            "summary": f"{one.group_name}: {one.title}",
            "location": one.place,
            "sequence": 3,
            "attendees": 0,
            "organizer": "mailto:alliance@alliance.example",
            "status": "CANCELLED" if one.is_cancelled else "CONFIRMED",
            "starts": int(one.starts_at.timestamp()),
            "ends": int(one.ends_at.timestamp()),
        }
        for one in shown
    ]
