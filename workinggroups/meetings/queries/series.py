"""The series of a group."""

from collections import defaultdict

from django.db.models import Q

from common.access import Viewer
from common.days import today_in
from workinggroups.groups.models import Group
from workinggroups.meetings.choices import Frequency
from workinggroups.meetings.models import MeetingSeries


def active_series(group: Group, viewer: Viewer) -> list[MeetingSeries]:
    """Return the series of the group that go on and that this viewer can read.

    Meetings of several days are left out: lists show their days.
    """
    visible = MeetingSeries.objects.visible_to(viewer).active()
    visible = visible.exclude(frequency=Frequency.DAILY)
    today = today_in("UTC")
    going_on = visible.filter(group=group).filter(Q(until__isnull=True) | Q(until__gte=today))
    series = list(going_on)
    for each in series:
        each.group = group
    return series


def with_continuations(series: MeetingSeries) -> set[int]:
    """Return the ids of the series and of all that continue it by a changed rule. One query."""
    pairs = MeetingSeries.objects.filter(group=series.group_id).exclude(continues=None)
    followers: dict[int, list[int]] = defaultdict(list)
    for pk, continued in pairs.values_list("pk", "continues_id"):
        followers[continued].append(pk)
    reached, waiting = {series.pk}, [series.pk]
    while waiting:
        later = set(followers[waiting.pop()]) - reached
        reached |= later
        waiting.extend(later)
    return reached
