"""Gathering single meetings into a series by the API: what is sent, and what a dry run answers."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from rest_framework import serializers

from common.access import Viewer
from common.api.serializers import StrictSerializer
from workinggroups.groups.models import Group
from workinggroups.meetings import gathering
from workinggroups.meetings.api.planning import (
    MeetingTimeSerializer,
    SkippedDaySerializer,
)
from workinggroups.meetings.choices import (
    GATHERED_MAX,
    SERIES_MAX_INTERVAL,
    SERIES_MAX_SKIPPED,
    Frequency,
)
from workinggroups.meetings.gathering import Fate, Gathering
from workinggroups.meetings.models import Meeting

FATES = [
    (Fate.FOLLOWS.value, "A date of the series, like the others"),
    (Fate.APART.value, "A date of the series that differs from the others"),
    (Fate.MOVED.value, "On another day than the date that it stands for"),
    (Fate.EXTRA.value, "Near no date of the series"),
]


class GatheredSeriesSerializer(MeetingTimeSerializer):
    """The series; `local_date` is its first date, which can have passed. It cannot be `daily`."""

    frequency = serializers.ChoiceField(choices=Frequency.choices)
    interval = serializers.IntegerField(min_value=1, max_value=SERIES_MAX_INTERVAL, default=1)
    until = serializers.DateField(allow_null=True, default=None, help_text="The last date.")
    skipped = serializers.ListField(
        child=SkippedDaySerializer(), default=list, max_length=SERIES_MAX_SKIPPED
    )


class GatherPreviewSerializer(StrictSerializer):
    """Meetings to gather, and the series; without it, one is proposed that fits them."""

    group = serializers.CharField(max_length=100, help_text="The address of the group.")
    meetings = serializers.ListField(
        child=serializers.UUIDField(),
        min_length=2,
        max_length=GATHERED_MAX,
        help_text="Meetings of the group that belong to no series, also past ones.",
    )
    series = GatheredSeriesSerializer(required=False)

    def chosen(self, viewer: Viewer, group: Group) -> list[Meeting]:
        """Return the meetings. Raises ValidationError for one that cannot be gathered."""
        wanted: set[UUID] = set(self.validated_data["meetings"])
        single = Meeting.objects.visible_to(viewer).filter(group=group).single()
        meetings = list(single.filter(uuid__in=wanted).order_by("starts_at", "pk"))
        if len(meetings) < len(wanted):
            message = "Each must be a meeting of the group that belongs to no series."
            raise serializers.ValidationError({"meetings": [message]})
        return meetings

    def series_values(self, meetings: Sequence[Meeting]) -> dict[str, Any]:
        """Return what was sent of the series, or what is proposed, as the API shows it."""
        if sent := self.validated_data.get("series"):
            return dict(sent)
        values = gathering.proposal(meetings)
        return {
            **values,
            "skipped": [{"day": day, "reason": reason} for day, reason in values["skipped"]],
        }


class GatherSerializer(GatherPreviewSerializer):
    """Meetings to gather into this series, as a dry run has shown it."""

    series = GatheredSeriesSerializer()
    seen = serializers.RegexField(r"^[0-9a-f]+$", max_length=64, help_text="`seen` of the dry run.")


def details_of(series: dict[str, Any]) -> dict[str, Any]:
    """Return these values of a series as `gather_meetings` takes them."""
    values = dict(series)
    first_on = values.pop("local_date")
    skipped = [(each["day"], each["reason"]) for each in values.pop("skipped")]
    return {**values, "first_on": first_on, "skipped": skipped}


class GatheredSerializer(serializers.Serializer[object]):
    """What becomes of one meeting."""

    uuid = serializers.UUIDField(source="meeting.uuid")
    becomes = serializers.ChoiceField(choices=FATES, source="fate.value")
    day = serializers.DateField(
        allow_null=True, help_text="The date of the rule for which it stands."
    )
    differs_in = serializers.ListField(
        child=serializers.CharField(), help_text="Names of what it has otherwise than the series."
    )


class GatheringSerializer(serializers.Serializer[object]):
    """What gathering would do now. Nothing has been saved."""

    series = GatheredSeriesSerializer()
    meetings = GatheredSerializer(many=True)
    passed = serializers.ListField(
        child=serializers.DateField(), help_text="Dates that passed without a meeting: skipped."
    )
    new = serializers.ListField(
        child=serializers.DateField(), help_text="The first dates that get a new meeting."
    )
    goes_on = serializers.BooleanField(help_text="Whether there are more new dates than these.")
    seen = serializers.CharField(help_text="Send it to gather exactly this.")


def shown_gathering(result: Gathering, series: dict[str, Any]) -> dict[str, object]:
    """Return what the API shows of a dry run."""
    shown: dict[str, object] = GatheringSerializer(
        {
            "series": series,
            "meetings": result.meetings,
            "passed": result.passed,
            "new": result.new,
            "goes_on": result.goes_on,
            "seen": result.token,
        }
    ).data
    return shown
