"""Calendars: one identity in feed, download and mail; zones bounded; text escaped; secrets secret."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, time, timedelta
from time import time as time_now
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import icalendar
import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.http import http_date

from common.access import Level, viewer_for
from tests import factories
from tests.browser import queries_of
from workinggroups.groups.actions import choose_address, edit_group
from workinggroups.groups.models import Group
from workinggroups.meetings import actions, calendars, queries
from workinggroups.meetings.models import CalendarFeed, Meeting, MeetingSeries
from workinggroups.meetings.views.calendar import feed_url

pytestmark = pytest.mark.django_db

# What a meeting and a group are changed by.
CHANGED = (
    "title", "local_date", "local_time", "fold", "zone", "duration_minutes", "place", "join_url",
)  # fmt: skip
GROUP_SETTINGS = ("name", "kind", "purpose", "focus_area", "listing", "admission", "content")


def event_of(content: bytes):
    return icalendar.Calendar.from_ical(content).walk("VEVENT")[0]


@pytest.fixture
def meeting(group):
    return factories.meeting(
        group,
        "Guardrails, part 2; the limit",
        zone="Europe/Zurich",
        starts_at=datetime(2030, 11, 26, 17, tzinfo=UTC),
        place="Room 4\nBEGIN:VEVENT",
        join_url="https://join.example/1",
    )


def test_a_download_has_the_hour_in_its_zone_and_the_identity(meeting):
    event = event_of(calendars.calendar_of(meeting))

    assert event["UID"] == meeting.uid
    assert event["SEQUENCE"] == 0
    assert event["STATUS"] == "CONFIRMED"
    assert event.decoded("DTSTART") == datetime(2030, 11, 26, 18, tzinfo=ZoneInfo("Europe/Zurich"))
    assert event["DTSTART"].params["TZID"] == "Europe/Zurich"


def test_text_cannot_break_out_of_its_line(meeting):
    content = calendars.calendar_of(meeting)

    assert content.count(b"\r\nBEGIN:VEVENT") == 1
    assert event_of(content)["LOCATION"] == "Room 4\nBEGIN:VEVENT"
    assert b"Guardrails\\, part 2\\; the limit" in content.replace(b"\r\n ", b"")
    assert all(len(line) <= 75 for line in content.split(b"\r\n"))


def test_the_zone_is_described_for_the_days_of_the_meeting_only(meeting):
    content = calendars.calendar_of(meeting)

    assert content.count(b"BEGIN:VTIMEZONE") == 1
    assert len(content) < 2_000


def test_a_moved_and_a_cancelled_meeting_raise_the_sequence_of_one_identity(chair, meeting):
    moved = actions.change_meeting(
        actor=chair,
        meeting=meeting,
        sequence=0,
        title=meeting.title,
        local_date=meeting.local_date,
        local_time=meeting.local_time,
        zone="UTC",
        duration_minutes=90,
    )
    moved_event = event_of(calendars.calendar_of(moved))
    cancelled = actions.cancel_meeting(actor=chair, meeting=moved, reason="Nobody can")
    event = event_of(calendars.calendar_of(cancelled))

    assert event["UID"] == moved_event["UID"] == meeting.uid
    assert (moved_event["SEQUENCE"], event["SEQUENCE"]) == (1, 2)
    assert event["STATUS"] == "CANCELLED"
    assert event.decoded("DTSTAMP") >= moved_event.decoded("DTSTAMP")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DEFAULT_FROM_EMAIL", "other@alliance.example"),
        ("SITE_URL", "https://other.example"),
        ("SITE_NAME", "Other Alliance"),
    ],
)
def test_what_an_operator_sets_renews_each_calendar_that_shows_it(
    client, settings, member, feed, group, name, value
):
    factories.meeting(group)
    paths = [urlsplit(url).path for url in (feed_url(feed), feed_url(feed, group))]
    before = [client.get(path) for path in paths]

    setattr(settings, name, value)

    for path, answer in zip(paths, before, strict=True):
        assert b"BEGIN:VEVENT" in answer.content
        again = client.get(path, headers={"If-None-Match": answer["ETag"]})
        assert (again.status_code, again.content != answer.content) == (200, True)


@pytest.mark.parametrize(
    "sender", ["alliance@alliance.example", '"Alliance, the" <alliance@alliance.example>']
)
def test_the_organizer_is_an_address_with_the_name_of_the_group(settings, meeting, sender):
    settings.DEFAULT_FROM_EMAIL = sender

    organizer = event_of(calendars.calendar_of(meeting))["ORGANIZER"]

    assert organizer == "mailto:alliance@alliance.example"
    assert organizer.params["CN"] == meeting.group.name


def test_whatever_an_event_shows_renews_it_and_what_moves_it_raises_its_sequence(
    client, client_of, chair, member, staff, feed, group
):
    """Change each in turn; ask the feed and the download again with the tags of before."""
    meeting = factories.meeting(group, zone="Europe/Zurich", place="Room 4")
    reader = client_of(member)

    def ask(tags: Sequence[str] = ("", "", "")) -> list[Any]:
        """The feed, that of the group and the download, each by its present address."""
        now = Meeting.objects.select_related("group").get(pk=meeting.pk)
        addresses = [feed_url(feed), feed_url(feed, now.group)]
        addresses.append(reverse("meeting-ics", args=[now.group.slug, now.number]))
        later = http_date(time_now() + 60)
        return [
            browser.get(
                urlsplit(url).path,
                headers={"If-None-Match": tag, "If-Modified-Since": later} if tag else {},
            )
            for url, tag, browser in zip(addresses, tags, (client, client, reader), strict=True)
        ]

    def change(**fields: Any) -> None:
        shown = Meeting.objects.get(pk=meeting.pk)
        kept = {name: getattr(shown, name) for name in CHANGED}
        actions.change_meeting(
            actor=chair, meeting=shown, sequence=shown.sequence, **{**kept, **fields}
        )

    def rename(**fields: Any) -> None:
        group = Group.objects.get(pk=meeting.group_id)
        kept = {name: getattr(group, name) for name in GROUP_SETTINGS}
        edit_group(actor=chair, group=group, version=group.version, **{**kept, **fields})

    def move_group() -> None:
        group = Group.objects.get(pk=meeting.group_id)
        choose_address(actor=staff, group=group, address="limits")

    steps: list[tuple[Callable[[], Any], bool]] = [
        (lambda: change(title="Guardrails"), False),
        (lambda: change(place="Room 5"), True),
        (lambda: change(join_url="https://join.example/2"), True),
        (lambda: change(local_time=time(17)), True),
        (lambda: change(duration_minutes=90), True),
        (lambda: change(zone="Asia/Tokyo"), True),
        (lambda: rename(name="Limits"), False),
        (move_group, False),
        (
            lambda: actions.cancel_meeting(
                actor=chair, meeting=Meeting.objects.get(pk=meeting.pk), reason="Nobody can"
            ),
            True,
        ),
    ]
    for step, moves in steps:
        before = ask()
        was = calendars.facts_of(Meeting.objects.get(pk=meeting.pk))
        step()
        now = calendars.facts_of(Meeting.objects.get(pk=meeting.pk))

        assert (now.sequence > was.sequence) is moves
        assert now.changed_at > was.changed_at
        after = ask([answer["ETag"] for answer in before])
        assert [answer.status_code for answer in after] == [200] * 3
        for answer, again in zip(before, after, strict=True):
            older, event = event_of(answer.content), event_of(again.content)
            assert event.to_ical() != older.to_ical()
            assert event.decoded("DTSTAMP") >= older.decoded("DTSTAMP")
            assert event["SEQUENCE"] == now.sequence
        assert [one.status_code for one in ask([one["ETag"] for one in after])] == [304] * 3


def test_each_zone_of_a_feed_is_described_once_and_covers_its_meetings(client, feed, group):
    zones = ["Europe/Zurich", "America/New_York", "UTC", "Europe/Zurich", "Asia/Tokyo"]
    made = [
        factories.meeting(group, zone=zone, starts_at=timezone.now() + timedelta(days=60 * number))
        for number, zone in enumerate(zones)
    ]

    calendar = icalendar.Calendar.from_ical(client.get(feed_url(feed)).content)

    described = [str(zone["TZID"]) for zone in calendar.walk("VTIMEZONE")]
    assert sorted(described) == ["America/New_York", "Asia/Tokyo", "Europe/Zurich"]
    starts = {str(event["UID"]): event.decoded("DTSTART") for event in calendar.walk("VEVENT")}
    described_zones = {
        str(zone["TZID"]): zone.to_tz(lookup_tzid=False) for zone in calendar.walk("VTIMEZONE")
    }
    for meeting in made:
        naive = starts[meeting.uid].replace(tzinfo=None)
        zone = described_zones.get(meeting.zone, UTC)
        assert naive.replace(tzinfo=zone) == meeting.starts_at


def test_the_download_is_for_readers(client_of, member, outsider, meeting):
    url = reverse("meeting-ics", args=[meeting.group.slug, meeting.number])

    response = client_of(member).get(url)

    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert event_of(response.content)["UID"] == meeting.uid
    assert client_of(outsider).get(url).status_code == 404


# --- the feed ----------------------------------------------------------------------------------


def uids(response) -> set[str]:
    calendar = icalendar.Calendar.from_ical(response.content)
    return {str(event["UID"]) for event in calendar.walk("VEVENT")}


@pytest.fixture
def feed(member) -> CalendarFeed:
    return actions.reset_feed(actor=member)


def test_a_feed_holds_the_meetings_of_ones_groups_cancelled_ones_included(
    client, chair, feed, group
):
    coming = factories.meeting(group)
    off = factories.meeting(group, state="cancelled")
    past = factories.past_meeting(group)
    factories.meeting(group, starts_at=timezone.now() - timedelta(days=100))
    factories.meeting(factories.group("Other open", preset="open", chair=chair))

    response = client.get(feed_url(feed))

    assert uids(response) == {coming.uid, off.uid, past.uid}
    assert b"REFRESH-INTERVAL;VALUE=DURATION:PT6H" in response.content


def test_one_group_has_a_feed_of_its_own(client, member, feed, group):
    own = factories.meeting(group)
    other = factories.group("Other one", chair=member)
    factories.meeting(other)

    assert uids(client.get(feed_url(feed, group))) == {own.uid}


def test_a_feed_of_a_group_without_a_seat_is_not_there(client, feed, outsider):
    other = factories.group("Other one", preset="open", chair=outsider)

    assert client.get(feed_url(feed, other)).status_code == 404


def test_a_feed_shows_only_what_may_be_read_now(client, member, feed, group):
    factories.meeting(group)
    member.participations.all().delete()

    assert uids(client.get(feed_url(feed))) == set()


def test_a_new_address_ends_the_old_one(client, member, feed):
    old = feed_url(feed)

    new = feed_url(actions.reset_feed(actor=member))

    assert client.get(old).status_code == 404
    assert client.get(new).status_code == 200


def test_a_suspended_person_has_no_feed(client, member, feed):
    member.is_active = False
    member.save(update_fields=["is_active"])

    assert client.get(feed_url(feed)).status_code == 404


def test_an_address_that_was_not_signed_here_is_not_there(client, feed):
    for token in (feed.key.hex, f"{feed.key.hex}.x", "x" * 500, "%00"):
        assert client.get(f"/calendar/{token}.ics").status_code in {400, 404}


def test_an_unchanged_feed_is_not_sent_again(client, feed, group, chair):
    meeting = factories.meeting(group)
    url = feed_url(feed)
    tag = client.get(url)["ETag"]

    unchanged = client.get(url, headers={"If-None-Match": tag})
    actions.cancel_meeting(actor=chair, meeting=meeting, reason="Nobody can")
    changed = client.get(url, headers={"If-None-Match": tag})

    assert (unchanged.status_code, changed.status_code) == (304, 200)


def test_the_calendar_page_makes_an_address_only_when_asked(client_of, member):
    client = client_of(member)
    client.get(reverse("calendar"))
    assert not CalendarFeed.objects.exists()

    client.post(reverse("calendar-reset"))

    assert feed_url(CalendarFeed.objects.get()) in client.get(reverse("calendar")).content.decode()


def test_the_calendar_shows_my_days_in_my_zone(client_of, member, group):
    member.zone = "Pacific/Auckland"
    member.save(update_fields=["zone"])
    factories.meeting(group, "Late one", starts_at=datetime(2030, 11, 26, 17, tzinfo=UTC))

    page = client_of(member).get(reverse("calendar"), {"month": "2030-11"}).content.decode()

    assert "Wed 27 Nov 2030" in page
    assert ">06:00<" in page
    assert "NZDT (UTC+13)" in page


@pytest.mark.parametrize("who", ["chair", "secretary", "member", "observer"])
def test_a_feed_has_what_its_person_can_read(who, group, request):
    person = request.getfixturevalue(who)
    series = factories.meeting_series(group)
    for level in Level:
        factories.meeting(group, f"For {level.name}", level=level)
        MeetingSeries.objects.create(
            **{
                field.attname: getattr(series, field.attname)
                for field in MeetingSeries._meta.concrete_fields
                if field.attname not in {"id", "uuid", "uid", "level"}
            },
            uid=f"{level.name}@meetings.example",
            level=level,
        )
    viewer = viewer_for(person.pk)

    for where in (None, group):
        shown = {facts.uid for facts in calendars.facts_in(queries.feed_meetings(viewer, where))}
        readable = Meeting.objects.of_seats(viewer).exclude(follows_series=True)
        assert shown == set(readable.values_list("uid", flat=True))
        assert set(queries.feed_series(viewer, where)) == set(
            MeetingSeries.objects.visible_to(viewer).filter(group=group)
        )


def test_a_feed_costs_as_many_queries_with_many_meetings_and_series(client, feed, group, chair):
    path = urlsplit(feed_url(feed)).path
    factories.meeting_series(group, "First")
    few = queries_of(client, path)
    for number in range(3):
        series = factories.meeting_series(group, f"Series {number}")
        series.skipped.create(day=series.first_on + timedelta(days=14))
    factories.meeting(group, "One more")

    assert queries_of(client, path) == few <= 5
    assert client.get(path).text.count("EXDATE") == 3
