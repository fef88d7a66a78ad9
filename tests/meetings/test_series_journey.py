"""A series in the browser, from an empty group to the third meeting with minutes that are final.

On the way one meeting is moved, one is cancelled, the hour of all that follow is changed, somebody
checks in by phone, and an item is carried over. The calendar that a member subscribed to shows exactly
that, in two programs.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from common.times import since
from demo.clock import Clock, set_back
from members.people.models import Person
from notifications.fan_out import fan_out_waiting
from tests import factories
from tests.chromium import session_cookie
from tests.journeys.people import Somebody
from tests.meetings import programs
from workinggroups.groups.models import ActionItem
from workinggroups.groups.tasks import remind_of_due_items
from workinggroups.meetings import actions, tasks
from workinggroups.meetings.models import Meeting

pytestmark = pytest.mark.xdist_group("minutes")

FORTNIGHT = timedelta(weeks=2)

# PostgreSQL's clock, by which queries tell what is coming and what is past, ahead as the other one is:
# functions are looked up in this schema first.
CLOCK = """
CREATE SCHEMA clock;
CREATE TABLE clock.ahead (span interval);
INSERT INTO clock.ahead VALUES ('0');
CREATE FUNCTION clock.statement_timestamp() RETURNS timestamptz LANGUAGE sql STABLE AS
    'SELECT pg_catalog.statement_timestamp() + span FROM clock.ahead';
"""


class LaterClock(Clock):
    """A clock that goes, by so much `ahead` of the machine's."""

    def __init__(self, now: datetime) -> None:
        self.ahead = now - datetime.now(UTC)

    @property
    def now(self) -> datetime:  # type: ignore[override]
        return datetime.now(UTC) + self.ahead


class World:
    """Time goes by for everybody: the periodic tasks run, and people sign in again."""

    def __init__(self, chromium: Any, site: str, clock: LaterClock) -> None:
        self.chromium, self.site, self.clock = chromium, site, clock
        self.people: dict[Person, Somebody] = {}

    def opened(self, person: Person, *, is_phone: bool = False) -> Somebody:
        """Return a browser in which this person is signed in; that of a phone if so."""
        somebody = self.people[person] = Somebody(
            self.chromium, self.site, person.email, person.name
        )
        somebody.context.add_cookies([session_cookie(person, self.site)])
        if is_phone:
            somebody.page.set_viewport_size({"width": 390, "height": 844})
        return somebody

    def go_on(self, **span: float) -> None:
        self.clock.ahead += timedelta(**span)
        with connection.cursor() as cursor:
            cursor.execute("UPDATE clock.ahead SET span = %s", [self.clock.ahead])
        actions.extend_series()
        tasks.number_begun()
        tasks.make_minutes_final()
        for person, somebody in self.people.items():
            somebody.context.add_cookies([session_cookie(person, self.site)])

    def go_on_until(self, moment: datetime) -> None:
        self.go_on(seconds=(moment - self.clock.now).total_seconds())


@pytest.fixture
def world(chromium: Any, committed_db: str, site: str, settings: Any) -> Iterator[World]:
    """A world at ten in the morning, UTC, tomorrow."""
    settings.SITE_URL = site
    with connection.cursor() as cursor:
        cursor.execute(CLOCK)
        cursor.execute(
            f'ALTER DATABASE "{committed_db}" SET search_path = clock, public, pg_catalog'
        )
    connection.close()
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    with set_back(LaterClock(tomorrow.replace(hour=10, minute=0))) as clock:
        world = World(chromium, site, clock)
        world.go_on()
        yield world
        for somebody in world.people.values():
            assert somebody.complaints == []
            somebody.context.close()


def holds(world: World, officer: Somebody, meeting: Meeting, notes: str) -> None:
    """The meeting is over; its notes are offered as minutes, which become final by rule."""
    world.go_on_until(meeting.ends_at + timedelta(hours=1))
    officer.go(f"{meeting.get_absolute_url()}notes/")
    officer.fill(source=notes)
    officer.press("Save notes")
    officer.go(meeting.get_absolute_url())
    officer.follow("Offer as draft minutes")
    officer.press("Offer minutes")
    officer.reads("Draft minutes.")
    world.go_on(days=8)
    officer.go(meeting.get_absolute_url())
    officer.reads("Approved minutes.", "by the rules of")


def test_a_fortnightly_series_from_an_empty_group_to_final_minutes(world: World) -> None:
    organization = factories.organization("Aurora Labs")
    chair = factories.member_of(organization, "Mira Chair")
    member = factories.member_of(organization, "Tom Member")
    group = factories.group("Trust Benchmarks", preset="listed", chair=chair)
    factories.seat(group, member)
    long = since(factories.ago(days=90))
    factories.charter(group, minutes_rule="by_rule", correction_days=7, during=long)
    officer, phone = world.opened(chair), world.opened(member, is_phone=True)
    base = f"/groups/{group.slug}/meetings/"

    # An empty group schedules a meeting every second week, from in three days on.
    begins = (timezone.now() + timedelta(days=3, minutes=10)).replace(second=0, microsecond=0)
    officer.go(base)
    officer.follow("Schedule a meeting")
    officer.fill(
        title="Evaluations call",
        local_date=begins.date().isoformat(),
        local_time=f"{begins:%H:%M}",
        zone="UTC",
        duration_minutes="60",
    )
    officer.page.get_by_text("Repeat this meeting").click()
    officer.fill(frequency="weekly", interval="2")
    officer.press("Schedule meeting")
    officer.reads(f"Every second {begins:%A}, {begins:%H:%M} UTC")

    # The member subscribes.
    phone.go("/calendar/")
    phone.press("Create calendar address")
    feed = phone.page.locator("#feed-url").input_value()

    # One meeting is moved, one is cancelled, and from the seventh on all begin at another hour.
    made = in_order()
    moved, cancelled, seventh = made[4:7]
    officer.go(f"{moved.get_absolute_url()}edit/")
    there = moved.starts_at + timedelta(days=2)
    officer.fill(local_date=there.date().isoformat(), local_time="09:30")
    officer.press("Save changes")
    officer.reads("This meeting was moved.")
    officer.go(f"{cancelled.get_absolute_url()}cancel/")
    officer.fill(reason="Holiday in most of our countries.")
    officer.press("Cancel meeting")
    officer.reads("This meeting was cancelled.")
    officer.go(f"{seventh.get_absolute_url()}following/")
    officer.fill(local_time="07:15")
    officer.press("Save changes")
    officer.reads("07:15 UTC")

    expected = [begins + FORTNIGHT * number for number in range(len(made))]
    expected[4] = datetime.combine(there.date(), time(9, 30), tzinfo=UTC)
    expected[6:] = [datetime.combine(one.date(), time(7, 15), tzinfo=UTC) for one in expected[6:]]
    del expected[5]
    assert in_calendars(phone, world.chromium, feed, expected[-1]) == [expected] * 2

    # The first meeting is about to begin: the member checks in by phone.
    first, second, third = in_order()[:3]
    officer.go(f"{first.get_absolute_url()}agenda/")
    officer.fill(title="A limit for spoken answers")
    officer.press("Add item")
    world.go_on_until(first.starts_at - timedelta(minutes=5))
    phone.go(first.get_absolute_url())
    assert too_wide(phone) == []
    phone.page.get_by_role("button", name="Check in").first.click()
    phone.page.get_by_text("You are checked in.").first.wait_for()
    assert too_wide(phone) == []
    world.go_on_until(first.starts_at + timedelta(minutes=5))
    first.refresh_from_db()
    assert (first.number, first.attendance.get().how) == (1, "self")

    due = (first.ends_at + timedelta(days=9)).date()
    holds(world, officer, first, f"# Limits\n\naction: @Tom Member measure the limit by {due}")
    item = ActionItem.objects.get()
    assert (item.owner, item.due_on) == (member, due)

    # What it left open is carried over.
    officer.go(f"{second.get_absolute_url()}agenda/")
    officer.reads("Carry over from Evaluations call", "1 open action item of earlier meetings")
    officer.press("Add these items")
    agenda = list(second.agenda.values_list("title", "carried_kind"))
    assert agenda == [("A limit for spoken answers", "item"), ("Open action items", "action_items")]
    officer.misses("Carry over from")

    # Its owner is reminded the day before it is due, once, and does it.
    assert [remind_of_due_items(), remind_of_due_items()] == [1, 0]
    fan_out_waiting()
    titles = phone.inbox()
    assert titles.count("Due tomorrow: Measure the limit") == 1, titles
    phone.go(item.get_absolute_url())
    phone.press("Mark as done")
    item.refresh_from_db()
    assert item.state == "done"

    for number, meeting in enumerate([second, third], 2):
        holds(world, officer, meeting, f"# Results\n\nMeeting {number} agreed on nothing new.")
        meeting.refresh_from_db()
        assert (meeting.number, meeting.minutes_state) == (number, "approved")
    assert third.minutes_approved_by is None


def in_order() -> list[Meeting]:
    return list(Meeting.objects.select_related("group").order_by("recurrence_id"))


def too_wide(reader: Somebody) -> list[str]:
    """Return the elements that are wider than the phone."""
    reader.page.wait_for_load_state("load")
    return list(
        reader.page.evaluate(
            """() => document.documentElement.scrollWidth <= window.innerWidth ? [] :
              [...document.querySelectorAll("body *")]
                .filter(it => it.getBoundingClientRect().right > window.innerWidth)
                .map(it => `${it.localName}.${it.className}`)"""
        )
    )


def in_calendars(
    reader: Somebody, chromium: Any, feed: str, until: datetime
) -> list[list[datetime]]:
    """Return when the meetings of the feed begin up to a moment, in ical.js and in libical."""
    answer = reader.context.request.get(feed)
    assert answer.status == 200
    read_by = []
    with programs.ical_js(chromium) as ical_js:
        for read in (ical_js, programs.libical):
            (moments,) = read([answer.body()], until)
            read_by.append(sorted(one for several in moments.values() for one in several))
    return [[datetime.fromtimestamp(one, UTC) for one in moments] for moments in read_by]
