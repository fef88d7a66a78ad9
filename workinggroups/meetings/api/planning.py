"""Planning meetings and series by the API: what is sent, and the group it is for."""

from datetime import datetime, time
from typing import Any

from django.utils import timezone
from rest_framework import serializers

from common.access import Viewer
from common.api.serializers import LocalTimeField, StrictSerializer
from common.web_addresses import check_address
from workinggroups.groups.lookup import visible_group
from workinggroups.groups.models import Group
from workinggroups.groups.permissions import can_read_content
from workinggroups.meetings import local_time
from workinggroups.meetings.choices import (
    MEETING_MAX_MINUTES,
    SERIES_MAX_INTERVAL,
    SERIES_MAX_SKIPPED,
    SKIPPED_REASON_MAX_CHARACTERS,
    Frequency,
)
from workinggroups.meetings.recurrence import moment_of


def group_to_plan(viewer: Viewer, slug: str) -> Group:
    """Return the group at this address. Raises Http404 where the viewer cannot read its meetings."""
    return visible_group(viewer, slug, can_read_content)


class MeetingTimeSerializer(StrictSerializer):
    """Title, time and place of a meeting, in local time."""

    title = serializers.CharField(max_length=160)
    local_date = serializers.DateField()
    local_time = LocalTimeField(help_text="In the time zone `zone`.")
    zone = serializers.CharField(max_length=64, help_text="An IANA name, such as Europe/Paris.")
    duration_minutes = serializers.IntegerField(
        min_value=1, max_value=MEETING_MAX_MINUTES, default=60
    )
    place = serializers.CharField(max_length=200, default="", allow_blank=True)
    join_url = serializers.URLField(
        max_length=500, default="", allow_blank=True, validators=[check_address]
    )

    def validate_local_time(self, at: time) -> time:
        return at.replace(second=0, microsecond=0)

    def check_start(self) -> None:
        """Refuse a start in the past. Raises Invalid for a year or a zone that we do not know.

        Called once the caller is known to be allowed to plan, so that others learn that first.
        """
        values = self.validated_data
        local_time.check_year(values["local_date"])
        zone = local_time.zone_of_record(values["zone"])
        if moment_of(values["local_date"], values["local_time"], zone) <= timezone.now():
            raise serializers.ValidationError({"local_date": ["This is in the past."]})


class SingleTimeSerializer(MeetingTimeSerializer):
    """The same of one meeting, whose hour may come twice."""

    fold = serializers.IntegerField(
        min_value=0,
        max_value=1,
        required=False,
        allow_null=True,
        help_text="Which of two hours is meant when clocks go back: 0 the first, 1 the second.",
    )


class PlanMeetingSerializer(SingleTimeSerializer):
    """A meeting to schedule."""

    group = serializers.CharField(max_length=100, help_text="The address of the group.")


class SkippedDaySerializer(StrictSerializer):
    """A date of the rule on which the group does not meet."""

    day = serializers.DateField()
    reason = serializers.CharField(
        max_length=SKIPPED_REASON_MAX_CHARACTERS, default="", allow_blank=True
    )


class PlanSeriesSerializer(MeetingTimeSerializer):
    """A series to schedule; `local_date` is its first date.

    With the frequency `daily` it is a meeting of several days, up to the day `until`.
    """

    group = serializers.CharField(max_length=100, help_text="The address of the group.")
    frequency = serializers.ChoiceField(choices=Frequency.choices)
    interval = serializers.IntegerField(min_value=1, max_value=SERIES_MAX_INTERVAL, default=1)
    until = serializers.DateField(allow_null=True, default=None, help_text="The last date.")
    skipped = serializers.ListField(
        child=SkippedDaySerializer(), default=list, max_length=SERIES_MAX_SKIPPED
    )

    def details(self) -> dict[str, Any]:
        """Return the valid values as `plan_series` takes them."""
        values = dict(self.validated_data)
        first_on = values.pop("local_date")
        skipped = [(each["day"], each["reason"]) for each in values.pop("skipped")]
        del values["group"]
        return {**values, "first_on": first_on, "skipped": skipped}


class PlannedTimeSerializer(StrictSerializer):
    """The time of a meeting that is being planned."""

    group = serializers.CharField(max_length=100, help_text="The address of the group.")
    starts_at = serializers.DateTimeField()
    minutes = serializers.IntegerField(min_value=1, max_value=MEETING_MAX_MINUTES)

    def validate_starts_at(self, starts_at: datetime) -> datetime:
        first, last = local_time.FIRST_YEAR, local_time.LAST_YEAR
        if not first <= starts_at.year <= last:
            raise serializers.ValidationError(f"A year from {first} to {last}.")
        return starts_at


class BusySerializer(serializers.Serializer[dict[str, int]]):
    """How many people take part in the group, and how many of them are busy."""

    people = serializers.IntegerField()
    busy = serializers.IntegerField()
