"""What a calendar feed has."""

from datetime import timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone

from common.access import Viewer
from common.days import today_in
from workinggroups.groups.models import Group
from workinggroups.meetings.choices import (
    FEED_COMING_DAYS,
    FEED_MAX_MEETINGS,
    FEED_MAX_SERIES,
    FEED_PAST_DAYS,
    InSeries,
)
from workinggroups.meetings.models import (
    Meeting,
    MeetingSeries,
)
from workinggroups.meetings.models.meetings import gathered_dates


def feed_meetings(viewer: Viewer, group: Group | None = None) -> QuerySet[Meeting]:
    """Return the meetings of this viewer's feed: a quarter back, a year ahead, and a maximum.

    Of series, only what was changed by itself, extra and gathered meetings: the rest is in
    `feed_series`.
    """
    now = timezone.now()
    meetings = Meeting.objects.of_seats(viewer)
    if group is not None:
        meetings = meetings.filter(group=group)
    return (
        meetings.filter(
            starts_at__gte=now - timedelta(days=FEED_PAST_DAYS),
            starts_at__lte=now + timedelta(days=FEED_COMING_DAYS),
        )
        .exclude(follows_series=True, keeps_uid=False)
        .exclude(in_series=InSeries.DROPPED, keeps_uid=False)
        .order_by("starts_at", "pk")[:FEED_MAX_MEETINGS]
    )


def feed_series(viewer: Viewer, group: Group | None = None) -> QuerySet[MeetingSeries]:
    """Return the series of this viewer's feed, with all that calendars show: a maximum, newest first.

    A series that ended before the last quarter is left out.
    """
    since = today_in("UTC") - timedelta(days=FEED_PAST_DAYS)
    series = MeetingSeries.objects.visible_to(viewer).filter(group_id__in=viewer.group_ids)
    if group is not None:
        series = series.filter(group=group)
    lasting = series.filter(Q(until__isnull=True) | Q(until__gte=since))
    return (
        lasting.select_related("group")
        .prefetch_related("skipped", gathered_dates())
        .order_by("-created_at", "-pk")[:FEED_MAX_SERIES]
    )
