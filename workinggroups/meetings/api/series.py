"""Series of meetings: reading them, scheduling one, and an extra meeting of one."""

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from common.access import Viewer
from common.api.serializers import (
    LocalTimeField,
    StrictModelSerializer,
)
from common.api.viewsets import ReadViewSet, by_address, one_of, viewer_of
from common.http.idempotency import idempotent
from members.people.requests import caller_of
from workinggroups.meetings.actions.extras import add_extra_meeting
from workinggroups.meetings.actions.series import plan_series
from workinggroups.meetings.api.meetings import MeetingSerializer
from workinggroups.meetings.api.planning import (
    PlanSeriesSerializer,
    SingleTimeSerializer,
    group_to_plan,
)
from workinggroups.meetings.choices import SeriesState
from workinggroups.meetings.models import MeetingSeries


class MeetingSeriesSerializer(StrictModelSerializer[MeetingSeries]):
    """A series: its rule, and what its meetings have in common. Its meetings are meetings."""

    group = serializers.CharField(source="group.slug", read_only=True)
    local_time = LocalTimeField(read_only=True, help_text="In the time zone `zone`.")
    rule = serializers.CharField(source="words", read_only=True, help_text="The rule in words.")
    days = serializers.IntegerField(
        source="days_in_all",
        read_only=True,
        allow_null=True,
        help_text="Of a meeting of several days: how many, also by series that continue this one.",
    )
    continues = serializers.UUIDField(
        source="continues.uuid",
        read_only=True,
        allow_null=True,
        default=None,
        help_text="The series that this one goes on with, by a changed rule.",
    )

    class Meta:
        model = MeetingSeries
        fields = [
            "uuid",
            "group",
            "title",
            "state",
            "rule",
            "frequency",
            "interval",
            "first_on",
            "until",
            "days",
            "local_time",
            "zone",
            "duration_minutes",
            "place",
            "join_url",
            "ended_reason",
            "continues",
        ]
        read_only_fields = fields


class MeetingSeriesViewSet(ReadViewSet[MeetingSeries]):
    """Series of meetings of the groups you can read."""

    serializer_class = MeetingSeriesSerializer
    queryset = MeetingSeries.objects.none()
    filters = {
        "group": by_address("group__uuid__in", "group"),
        "state": one_of(SeriesState.values, "state"),
    }

    def rows(self, viewer: Viewer) -> QuerySet[MeetingSeries]:
        return MeetingSeries.objects.visible_to(viewer).select_related("group", "continues")

    @extend_schema(request=PlanSeriesSerializer, responses={201: MeetingSeriesSerializer})
    @idempotent
    def create(self, request: Request, **kwargs: object) -> Response:
        """Schedule a series, or a meeting of several days, and notify the group, as an officer."""
        form = PlanSeriesSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        group = group_to_plan(viewer_of(request), form.validated_data["group"])
        series = plan_series(actor=caller_of(request), group=group, **form.details())
        return Response(MeetingSeriesSerializer(series).data, status=201)

    @extend_schema(request=SingleTimeSerializer, responses={201: MeetingSerializer})
    @action(detail=True, methods=["post"])
    def extra(self, request: Request, **kwargs: object) -> Response:
        """Schedule one more meeting of the series, outside of its rule, as an officer of the group."""
        return self._extra(request, self.get_object())

    @idempotent
    def _extra(self, request: Request, series: MeetingSeries) -> Response:
        form = SingleTimeSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        meeting = add_extra_meeting(actor=caller_of(request), series=series, **form.validated_data)
        return Response(MeetingSerializer(meeting).data, status=201)
