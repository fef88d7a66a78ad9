"""What calendar programs make of a series is what our pages show, whatever was changed, and when.

Sequences of what chairs do are tried, while time goes on. After each step no meeting is lost or doubled
and the past is as it was; at the end, feed and mailed file have the moments of our rows. `make series`
tries many more.
"""

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from common.access import viewer_for
from common.errors import DomainError
from demo.clock import Clock, set_back
from members.people.models import Person
from tests.meetings import programs
from tests.meetings.test_gathering import gathered, single
from tests.meetings.test_series import PARIS, changed, planned
from workinggroups.groups.models import Group
from workinggroups.meetings import actions, calendars, queries
from workinggroups.meetings.choices import FEED_PAST_DAYS, Frequency, InSeries, MeetingState
from workinggroups.meetings.models import Meeting, MeetingSeries
from workinggroups.meetings.views.calendar import events_of

EXAMPLES = int(os.environ.get("SERIES_ROUNDS", "6"))
ZONES = [PARIS, "America/New_York", "Australia/Lord_Howe", "Africa/Casablanca", "UTC"]
# What no change of a series may touch of a meeting that has begun.
KEPT = (
    "starts_at", "ends_at", "title", "state", "zone", "local_date", "local_time", "day_key", "number",
    "place", "duration_minutes", "cancelled_reason",
)  # fmt: skip

which = st.integers(0, 40)
days = st.integers(1, 9)
hours = st.builds(time, st.integers(0, 23), st.sampled_from([0, 30]))
steps = st.one_of(
    st.tuples(st.just("wait"), st.integers(1, 60)),
    st.tuples(st.just("move"), which, st.integers(-9, 9), hours),
    st.tuples(st.just("cancel"), which),
    st.tuples(st.just("extra"), days, hours),
    st.tuples(st.just("hour"), which, hours),
    st.tuples(st.just("zone"), which, st.sampled_from(ZONES)),
    st.tuples(st.just("rule"), which, days, st.integers(1, 3)),
    st.tuples(st.just("monthly"), which),
    st.tuples(st.just("skip"), which, st.sets(st.integers(0, 4), min_size=1)),
    st.tuples(st.just("until"), which, st.integers(0, 100)),
)


class Scene:
    """A group with a series, and a clock that goes on.

    Without an interval the series is gathered from meetings of which some do not fall on its rule.
    """

    def __init__(self, chair: Person, group: Group, clock: Clock, zone: str, interval: int) -> None:
        self.chair, self.group, self.clock = chair, group, clock
        if interval:
            planned(chair, group, zone=zone, interval=interval)
            return
        singly = [single(group, 3 + 7 * week + (week in {2, 5})) for week in (0, 1, 2, 4, 5, 7)]
        gathered(chair, singly, until=None, skipped=[])

    def coming(self) -> list[Meeting]:
        rows = Meeting.objects.filter(in_series=InSeries.DATE, starts_at__gt=self.clock.now)
        return list(rows.select_related("series", "group").order_by("starts_at", "pk"))

    def take(self, kind: str, *details: Any) -> None:
        """Do a step; what is refused changes nothing."""
        coming = self.coming()
        if kind == "wait":
            self.clock.now += timedelta(days=details[0], hours=5)
            actions.extend_series()
            return
        if not coming:
            return
        try:
            with transaction.atomic():
                self._act(kind, coming, *details)
        except DomainError:
            pass

    def _act(self, kind: str, coming: list[Meeting], first: int, *details: Any) -> None:
        meeting = coming[first % len(coming)]
        day = actions.original_date(meeting)
        match kind, *details:
            case "move", moved, at:
                self._move(meeting, meeting.local_date + timedelta(days=moved), at)
            case ("cancel",):
                actions.cancel_meeting(actor=self.chair, meeting=meeting, reason="Holiday.")
            case "extra", at:
                assert meeting.series is not None
                actions.add_extra_meeting(
                    actor=self.chair,
                    series=meeting.series,
                    **self._time_of(meeting, meeting.local_date + timedelta(days=1), at),
                )
            case "hour", at:
                changed(self.chair, meeting, local_time=at)
            case "zone", zone:
                changed(self.chair, meeting, zone=zone)
            case "rule", later, interval:
                first_on = day + timedelta(days=later)
                changed(self.chair, meeting, first_on=first_on, interval=interval)
            case ("monthly",):
                changed(self.chair, meeting, frequency=Frequency.MONTHLY_DAY, interval=1)
            case "skip", weeks:
                skipped = [(day + timedelta(weeks=week), "") for week in sorted(weeks)]
                changed(self.chair, meeting, skipped=skipped)
            case "until", left:
                changed(self.chair, meeting, until=day + timedelta(days=left))

    def _move(self, meeting: Meeting, day: date, at: time) -> None:
        actions.change_meeting(
            actor=self.chair,
            meeting=meeting,
            sequence=meeting.sequence,
            **self._time_of(meeting, day, at),
        )

    def _time_of(self, meeting: Meeting, day: date, at: time) -> Any:
        return {
            "title": meeting.title,
            "local_date": day,
            "local_time": at,
            "zone": meeting.zone,
            "duration_minutes": 30,
            "fold": 0,
        }

    def past(self) -> dict[int, tuple[Any, ...]]:
        begun = Meeting.objects.filter(starts_at__lte=self.clock.now)
        return {pk: tuple(kept) for pk, *kept in begun.values_list("pk", *KEPT)}


@contextmanager
def undone() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def as_if_committed() -> None:
    """Check what the database checks when a transaction ends, such as (uid, recurrence_id)."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def moments(read: dict[str, list[int]]) -> list[int]:
    return sorted(moment for several in read.values() for moment in several)


def shown(series: Sequence[MeetingSeries], until: datetime) -> list[int]:
    """Return when the meetings of these series start that were not cancelled.

    Extra meetings are events of their own, which a calendar leaves out after a quarter of a year.
    """
    rows = Meeting.objects.exclude(state=MeetingState.CANCELLED).filter(series__in=series)
    since = timezone.now() - timedelta(days=FEED_PAST_DAYS)
    rows = rows.exclude(in_series=InSeries.EXTRA, starts_at__lt=since)
    rows = rows.filter(starts_at__lte=until).order_by("starts_at")
    return [int(moment.timestamp()) for moment in rows.values_list("starts_at", flat=True)]


@pytest.fixture
def ical_js(chromium: Any) -> Iterator[programs.Read]:
    with programs.ical_js(chromium) as read:
        yield read


NOON = time(12)
# Meetings that were brought forward and have begun, when those before them are changed; one that was put
# off behind others; the past of a running series.
OUT_OF_ORDER = [
    [("move", 1, -9, NOON), ("wait", 2), ("hour", 0, time(9))],
    [("move", 2, -9, NOON), ("wait", 9), ("hour", 0, time(9)), ("wait", 20)],
    [("move", 2, -9, NOON), ("wait", 9), ("rule", 0, 2, 1), ("wait", 20)],
    [("move", 2, -9, NOON), ("wait", 9), ("skip", 0, {0, 1, 2})],
    [("move", 0, 9, NOON), ("wait", 10), ("rule", 0, 9, 1), ("wait", 20)],
    [("cancel", 0), ("move", 1, 3, NOON), ("wait", 60), ("wait", 60), ("hour", 3, time(9))],
]


@pytest.fixture
def lives(db: None, ical_js: programs.Read, chair: Person, group: Group) -> Callable[..., None]:
    """`lives(zone, interval, steps)` takes the steps with a new series and checks what is left."""

    def run(zone: str, interval: int, taken: list[tuple[Any, ...]]) -> None:
        with undone(), set_back(Clock(timezone.now())) as clock:
            scene = Scene(chair, group, clock, zone, interval)
            for step in taken:
                rows = set(Meeting.objects.values_list("pk", flat=True))
                past = scene.past()
                scene.take(*step)
                as_if_committed()
                assert rows <= set(Meeting.objects.values_list("pk", flat=True))
                after = scene.past()
                assert {pk: after[pk] for pk in past} == past
                assert not Meeting.objects.filter(number=None, day_key="").exists()
                places = Meeting.objects.exclude(recurrence_id="").values_list("recurrence_id")
                dates = [place[:8] for (place,) in places]
                assert sorted(set(dates)) == sorted(dates)

            until = clock.now + timedelta(days=150)
            viewer = viewer_for(chair.pk)
            feed = calendars.feed("Mine", events_of(viewer))
            mailed = MeetingSeries.objects.select_related("group").latest("pk")
            file = calendars.calendar_of_series(mailed)
            for read in (ical_js, programs.libical):
                in_feed, in_mail = (moments(one) for one in read([feed, file], until))
                assert in_feed == shown(queries.feed_series(viewer), until)
                assert in_mail == shown([mailed], until)

    return run


@pytest.mark.parametrize("taken", OUT_OF_ORDER)
def test_meetings_out_of_order_are_neither_lost_nor_doubled(
    lives: Callable[..., None], taken: list[tuple[Any, ...]]
) -> None:
    lives(PARIS, 1, taken)


@given(zone=st.sampled_from(ZONES), interval=st.integers(0, 3), taken=st.lists(steps, max_size=7))
@settings(
    max_examples=EXAMPLES,
    derandomize="SERIES_ROUNDS" not in os.environ,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_whatever_chairs_change_no_meeting_is_lost_and_the_past_stays(
    lives: Callable[..., None], zone: str, interval: int, taken: list[tuple[Any, ...]]
) -> None:
    lives(zone, interval, taken)


@pytest.mark.parametrize("taken", [[], [("hour", 1, time(9))], [("rule", 0, 2, 1), ("wait", 20)]])
def test_gathered_meetings_are_shown_once(
    lives: Callable[..., None], taken: list[tuple[Any, ...]]
) -> None:
    lives(PARIS, 0, taken)
