"""What a calendar feed has."""

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta
from typing import Any, TypeAlias

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import CharField, OuterRef, Q, QuerySet
from django.db.models.functions import Cast, Coalesce, Greatest
from django.utils import timezone

from common.access import Level, Viewer
from common.days import today_in
from common.prepared_statements import prepared
from workinggroups.groups.models import Group
from workinggroups.meetings.choices import (
    FEED_COMING_DAYS,
    FEED_MAX_MEETINGS,
    FEED_MAX_SERIES,
    FEED_PAST_DAYS,
    InSeries,
)
from workinggroups.meetings.models import (
    CalendarFeed,
    Meeting,
    MeetingSeries,
    SkippedDay,
)

# What the event of a meeting shows, in the order of `calendars.Facts`, and the zone of its series.
EVENT_COLUMNS = (
    "uid", "sequence", "shown_address", "title", "starts_at", "ends_at", "zone", "place", "join_url",
    "state", "cancelled_reason", "created_at", "shown_changed_at", "group__name", "group__slug",
    "recurrence_id", "keeps_uid", "series__zone",
)  # fmt: skip
EventRow: TypeAlias = tuple[Any, ...]
_ADDRESS = Coalesce(Cast("number", CharField()), "day_key")


def event_rows(meetings: "QuerySet[Meeting]") -> "QuerySet[Meeting, EventRow]":
    """Return the columns of the events of these meetings, without creating model instances."""
    changed = Greatest("changed_at", "group__changed_at")
    annotated = meetings.annotate(shown_changed_at=changed, shown_address=_ADDRESS)
    return annotated.values_list(*EVENT_COLUMNS)


@prepared
def person_of_feed(key: str) -> QuerySet[CalendarFeed, tuple[int]]:
    """Return the id of the person whose feed has this key, as 32 hexadecimal digits."""
    return CalendarFeed.objects.filter(key=key).values_list("person_id")


@prepared
def groups_of_feed(slug: str, groups: Collection[int]) -> QuerySet[Group]:
    """Return the group among these that has or had this address."""
    return Group.objects.at_address(slug).filter(pk__any_of=groups).only("name")


@prepared
def meetings_in_feed(
    groups: Collection[int], chaired: Collection[int], since: datetime, until: datetime
) -> "QuerySet[Meeting, EventRow]":
    """Return the events of meetings in these groups that begin in this time, up to a maximum.

    `chaired` are those among the groups of which the viewer also reads what only chairs read.
    """
    meetings = Meeting.objects.filter(
        Q(level__lte=Level.MEMBERS) | Q(group__pk__any_of=chaired),
        group__pk__any_of=groups,
        starts_at__gte=since,
        starts_at__lte=until,
    )
    apart = meetings.exclude(follows_series=True, keeps_uid=False).exclude(
        in_series=InSeries.DROPPED, keeps_uid=False
    )
    return event_rows(apart.order_by("starts_at", "pk"))[:FEED_MAX_MEETINGS]


@prepared
def changed_in_series(
    series: Collection[int], chaired: Collection[int], since: datetime, until: datetime
) -> "QuerySet[Meeting, EventRow]":
    """Return the events of the changed meetings of these series that begin before or after this time.

    `chaired` as in `meetings_in_feed`; the viewer has a seat in the groups of these series.
    """
    changed = Meeting.objects.apart_from_series().filter(
        Q(level__lte=Level.MEMBERS) | Q(group__pk__any_of=chaired),
        Q(starts_at__lt=since) | Q(starts_at__gt=until),
        series__pk__any_of=series,
    )
    return event_rows(changed.order_by("-starts_at", "-pk"))[:FEED_MAX_MEETINGS]


@prepared
def series_in_feed(
    groups: Collection[int], chaired: Collection[int], since: date
) -> QuerySet[MeetingSeries]:
    """Return the series of these groups that go on after this day, with groups and skipped days.

    `chaired` as in `meetings_in_feed`.
    """
    skipped = SkippedDay.objects.filter(series=OuterRef("pk")).order_by("day").values("day")
    gathered = Meeting.objects.gathered().filter(series=OuterRef("pk")).order_by("recurrence_id")
    series = MeetingSeries.objects.filter(
        Q(level__lte=Level.MEMBERS) | Q(group__pk__any_of=chaired),
        Q(until__isnull=True) | Q(until__gte=since),
        group__pk__any_of=groups,
    )
    return (
        series.select_related("group")
        .only(
            "uuid", "uid", "sequence", "title", "first_on", "local_time", "zone", "duration_minutes",
            "place", "join_url", "frequency", "interval", "until", "created_at", "changed_at",
            "group__name", "group__slug", "group__changed_at",
        )
        .annotate(
            skipped_days=ArraySubquery(skipped),
            gathered_places=ArraySubquery(gathered.values("recurrence_id")),
        )
        .order_by("-created_at", "-pk")[:FEED_MAX_SERIES]
    )  # fmt: skip


def feed_meetings(viewer: Viewer, group: Group | None = None) -> list[EventRow]:
    """Return the events of this viewer's feed: a quarter back, a year ahead, and a maximum.

    Of series, only what was changed by itself, extra and gathered meetings: the rest is in
    `feed_series`.
    """
    now = timezone.now()
    groups, chaired = _groups(viewer, group)
    return meetings_in_feed(
        groups=groups,
        chaired=chaired,
        since=now - timedelta(days=FEED_PAST_DAYS),
        until=now + timedelta(days=FEED_COMING_DAYS),
    )


def changed_before(viewer: Viewer, series: Sequence[MeetingSeries]) -> list[EventRow]:
    """Return the events of meetings of these series that were changed by themselves and are no more,
    or not yet, in `feed_meetings`: without them a program would show them where the rule has them.

    A maximum, the latest first.
    """
    now = timezone.now()
    _seated, chaired = _groups(viewer, None)
    return changed_in_series(
        series=[each.pk for each in series],
        chaired=chaired,
        since=now - timedelta(days=FEED_PAST_DAYS),
        until=now + timedelta(days=FEED_COMING_DAYS),
    )


def feed_series(viewer: Viewer, group: Group | None = None) -> list[MeetingSeries]:
    """Return the series of this viewer's feed, with all that calendars show: a maximum, newest first.

    A series that ended before the last quarter is left out.
    """
    groups, chaired = _groups(viewer, group)
    since = today_in("UTC") - timedelta(days=FEED_PAST_DAYS)
    return series_in_feed(groups=groups, chaired=chaired, since=since)


def _groups(viewer: Viewer, group: Group | None) -> tuple[list[int], list[int]]:
    """Return the groups of the feed, and those whose meetings for chairs the viewer reads."""
    seated = sorted(viewer.group_ids if group is None else viewer.group_ids & {group.pk})
    return seated, [pk for pk in seated if viewer.read_level(pk) >= Level.CHAIRS]
