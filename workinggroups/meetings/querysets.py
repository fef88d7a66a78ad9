from datetime import timedelta
from typing import Any

from django.db import models
from django.db.models import Q, QuerySet
from django.db.models.functions import Now

from common.access import Viewer
from workinggroups.groups.content import GroupContentQuerySet
from workinggroups.meetings.choices import (
    MEETING_MAX_MINUTES,
    MINUTES_DUE_DAYS,
    AttendanceState,
    MeetingState,
    MinutesState,
)

LONGEST = timedelta(minutes=MEETING_MAX_MINUTES)


class MeetingQuerySet(GroupContentQuerySet):
    def upcoming(self) -> "MeetingQuerySet":
        """Planned and not yet over, the next first.

        No meeting is longer than a day: the bound on the start lets the index skip all past ones.
        """
        return self.filter(
            state=MeetingState.PLANNED, starts_at__gt=Now() - LONGEST, ends_at__gt=Now()
        ).order_by("starts_at", "pk")

    def coming(self) -> "MeetingQuerySet":
        """What a list of dates to come shows: as `upcoming`, and cancelled ones in their place."""
        return self.filter(starts_at__gt=Now() - LONGEST, ends_at__gt=Now()).order_by(
            "starts_at", "pk"
        )

    def past(self) -> "MeetingQuerySet":
        """Over, the latest first. Cancelled ones stay in the list."""
        return self.filter(starts_at__lte=Now(), ends_at__lte=Now()).order_by("-starts_at", "-pk")

    def without_minutes(self) -> "MeetingQuerySet":
        """Over, and their minutes are still to be approved. The latest first."""
        return (
            self.past()
            .exclude(state=MeetingState.CANCELLED)
            .exclude(minutes_state=MinutesState.APPROVED)
        )

    def minutes_late(self) -> "MeetingQuerySet":
        """Of those, the ones whose minutes were due by now (`Meeting.minutes_are_late`)."""
        due = Now() - timedelta(days=MINUTES_DUE_DAYS)
        return self.without_minutes().filter(
            Q(entered_at__isnull=True) | Q(entered_at__lt=due), ends_at__lt=due
        )

    def of_seats(self, viewer: Viewer) -> "MeetingQuerySet":
        """Meetings of the groups in which the viewer has a seat, as far as it may read them."""
        return self.visible_to(viewer).filter(group_id__in=viewer.group_ids)

    def before(self, starts_at: Any, pk: Any) -> "MeetingQuerySet":
        """Those that stand after this place in a list whose latest is first.

        The first condition says nothing new; it is the one that the index can start from.
        """
        return self.filter(starts_at__lte=starts_at).filter(
            Q(starts_at__lt=starts_at) | Q(pk__lt=pk)
        )

    def after(self, starts_at: Any, pk: Any) -> "MeetingQuerySet":
        """Those that stand before this place in that list."""
        return self.filter(starts_at__gte=starts_at).filter(
            Q(starts_at__gt=starts_at) | Q(pk__gt=pk)
        )


class AttendanceQuerySet(models.QuerySet[Any]):
    def present(self) -> QuerySet[Any]:
        return self.filter(state=AttendanceState.PRESENT)
