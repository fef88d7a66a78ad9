"""What calendar programs make of a series is what our pages show, whatever was changed.

ical.js, on which Thunderbird is built, expands the rule; it shares no code with ours.
"""

import random
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

import pytest
from django.utils import timezone

from common.errors import DomainError
from members.people.models import Person
from tests.meetings.test_gathering import gathered, single
from tests.meetings.test_series import changed, planned
from workinggroups.groups.models import Group
from workinggroups.meetings import actions, calendars, local_time, queries
from workinggroups.meetings.calendars import SeriesFacts
from workinggroups.meetings.choices import Frequency, MeetingState
from workinggroups.meetings.models import Meeting, MeetingSeries
from workinggroups.meetings.recurrence import Recurrence, moment_of

ICAL = Path(__file__).parents[1] / "vendor" / "ical.js-2.2.1" / "ical.es5.min.cjs"
EXPAND = """
([text, until]) => {
    const calendar = new ICAL.Component(ICAL.parse(text));
    calendar.getAllSubcomponents("vtimezone").forEach(zone => ICAL.TimezoneService.register(zone));
    const components = calendar.getAllSubcomponents("vevent");
    const masters = components.filter(one => !one.hasProperty("recurrence-id"));
    const found = [];
    for (const master of masters) {
        const uid = master.getFirstPropertyValue("uid");
        const exceptions = components.filter(
            one => one.hasProperty("recurrence-id") && one.getFirstPropertyValue("uid") === uid
        );
        const event = new ICAL.Event(master, { strictExceptions: true, exceptions });
        if (!event.isRecurring()) {
            if (master.getFirstPropertyValue("status") !== "CANCELLED")
                found.push(event.startDate.toUnixTime());
            continue;
        }
        const dates = event.iterator();
        for (let next = dates.next(); next; next = dates.next()) {
            if (next.toUnixTime() > until) break;
            const details = event.getOccurrenceDetails(next);
            if (details.item.component.getFirstPropertyValue("status") !== "CANCELLED")
                found.push(details.startDate.toUnixTime());
        }
    }
    return found.sort((one, other) => one - other);
}
"""


@pytest.fixture
def expand(chromium: Any) -> Any:
    page = chromium.new_page()
    page.add_script_tag(content=ICAL.read_text(encoding="utf-8"))
    yield lambda content, until: page.evaluate(
        EXPAND, [content.decode(), int(until.timestamp()) + 864_000]
    )
    page.close()


def edit(dice: random.Random, chair: Person, group: Group) -> None:
    """Do one of the things that chairs do; what is refused is refused."""
    coming = Meeting.objects.filter(group=group, series__isnull=False, starts_at__gt=timezone.now())
    meeting = dice.choice(list(coming.exclude(recurrence_id="").order_by("pk")))
    at = time(dice.randrange(24), dice.choice([0, 30]))
    try:
        match dice.randrange(6):
            case 0:
                actions.cancel_meeting(actor=chair, meeting=meeting, reason="Holiday.")
            case 1:
                actions.change_meeting(
                    actor=chair,
                    meeting=meeting,
                    sequence=meeting.sequence,
                    title=meeting.title,
                    local_date=meeting.local_date + timedelta(days=dice.randrange(3)),
                    local_time=at,
                    zone=dice.choice([meeting.zone, "Asia/Kolkata"]),
                    duration_minutes=30,
                    fold=0,
                )
            case 2:
                changed(chair, meeting, local_time=at)
            case 3:
                day = actions.original_date(meeting) + timedelta(days=dice.randrange(1, 5))
                changed(chair, meeting, first_on=day, interval=dice.randrange(1, 4))
            case 4:
                day = actions.original_date(meeting)
                changed(chair, meeting, skipped=[(day + timedelta(days=7 * n), "") for n in (1, 3)])
            case 5:
                day = actions.original_date(meeting)
                changed(chair, meeting, frequency=Frequency.MONTHLY_DAY, first_on=day, interval=1)
    except DomainError:
        pass


@pytest.mark.parametrize("seed", range(12))
def test_a_calendar_has_the_meetings_that_our_pages_have(
    db: None, expand: Any, chair: Person, group: Group, seed: int
) -> None:
    dice = random.Random(seed)
    zone = dice.choice(["Europe/Paris", "America/New_York", "Australia/Lord_Howe", "UTC"])
    if seed % 2:
        singly = [single(group, 3 + 7 * week + dice.randrange(2)) for week in range(8)]
        gathered(chair, dice.sample(singly, 6), until=None, skipped=[])
    else:
        planned(chair, group, zone=zone, interval=dice.randrange(1, 4))
    rows = set(Meeting.objects.values_list("pk", flat=True))
    for _step in range(5):
        boundary = {row.pk: row for row in Meeting.objects.all()}
        edit(dice, chair, group)
        assert boundary.keys() <= set(Meeting.objects.values_list("pk", flat=True))
        assert Meeting.objects.filter(number=None, day_key="").count() == 0
    assert rows <= set(Meeting.objects.values_list("pk", flat=True))

    until = timezone.now() + timedelta(days=150)
    viewer = calendars_viewer(chair)
    series = [calendars.series_facts_of(each) for each in queries.feed_series(viewer)]
    content = calendars.feed("Mine", [*series, *calendars.facts_in(queries.feed_meetings(viewer))])
    shown = Meeting.objects.exclude(state=MeetingState.CANCELLED).filter(starts_at__lte=until)
    assert [moment for moment in expand(content, until) if moment <= until.timestamp()] == sorted(
        int(starts_at.timestamp()) for starts_at in shown.values_list("starts_at", flat=True)
    )


def calendars_viewer(person: Person) -> Any:
    from common.access import viewer_for

    return viewer_for(person.pk)


def test_every_zone_has_the_same_instants(settings: Any, expand: Any) -> None:
    """Over two years of each IANA zone, at an hour at which many change their clocks.

    Of an hour that comes twice ical.js takes the second, where RFC 5545 says the first: left out.
    """
    wrong = []
    for name in sorted(available_timezones()):
        if name in {"localtime", "Factory"}:
            continue
        zone = ZoneInfo(name)
        facts = SeriesFacts(
            uid=f"{name}@meetings.example",
            sequence=0,
            uuid=MeetingSeries().uuid,
            title="Call",
            recurrence=Recurrence(
                first=datetime(2026, 1, 4).date(),
                frequency=Frequency.WEEKLY,
                until=datetime(2027, 12, 31).date(),
            ),
            local_time=time(3, 30),
            zone=name,
            duration_minutes=60,
            place="",
            join_url="",
            skipped=(),
            created_at=datetime(2026, 1, 1, tzinfo=UTC),
            changed_at=datetime(2026, 1, 1, tzinfo=UTC),
            group_name="Trust",
            group_slug="trust",
        )
        days = list(facts.recurrence.dates())
        ours = [int(moment_of(day, facts.local_time, zone).timestamp()) for day in days]
        theirs = expand(calendars.feed("Zones", [facts]), datetime(2028, 2, 1, tzinfo=UTC))
        assert len(ours) == len(theirs)
        wrong += [
            (name, day, other - own)
            for day, own, other in zip(days, ours, theirs, strict=True)
            if own != other and len(local_time.instants(day, facts.local_time, zone)) == 1
        ]

    assert wrong == []
