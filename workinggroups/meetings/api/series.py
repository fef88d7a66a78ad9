"""Series of meetings: reading them, scheduling one, an extra meeting, and fair times."""

from django.db.models import QuerySet
from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from common.access import Viewer
from common.api.problems import check_query
from common.api.serializers import (
    LocalTimeField,
    StrictModelSerializer,
)
from common.api.viewsets import ReadViewSet, by_address, one_of, viewer_of
from common.http.idempotency import idempotent
from members.people.requests import caller_of
from workinggroups.meetings import permissions
from workinggroups.meetings.actions.extras import add_extra_meeting
from workinggroups.meetings.actions.gathering import gather_meetings, preview_gathering
from workinggroups.meetings.actions.series import plan_series
from workinggroups.meetings.api.gathering import (
    GatheringSerializer,
    GatherPreviewSerializer,
    GatherSerializer,
    details_of,
    shown_gathering,
)
from workinggroups.meetings.api.meetings import MeetingSerializer
from workinggroups.meetings.api.planning import (
    PlanSeriesSerializer,
    SingleTimeSerializer,
    group_to_plan,
)
from workinggroups.meetings.choices import COMPARED_MEETINGS, SeriesState
from workinggroups.meetings.fair_times import (
    FairTimes,
    current_times,
    fair_times,
    next_date,
)
from workinggroups.meetings.models import MeetingSeries, TemplateItem
from workinggroups.meetings.queries import turns_of
from workinggroups.meetings.recurrence import Recurrence
from workinggroups.meetings.rotation import EVERY_HOUR, candidates_at


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

    rotation = serializers.UUIDField(
        read_only=True, allow_null=True, help_text="The same for series that take turns."
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
            "rotation",
        ]
        read_only_fields = fields


class RegionSerializer(serializers.Serializer[object]):
    """People whose clocks show the same, at least three."""

    name = serializers.CharField()
    people = serializers.IntegerField()


class ShareSerializer(serializers.Serializer[object]):
    """Minutes outside the working day of each person of a region."""

    region = serializers.CharField(source="region.name")
    early_or_late_minutes = serializers.IntegerField(source="burden.edge")
    night_or_weekend_minutes = serializers.IntegerField(source="burden.night")


class TurnSerializer(serializers.Serializer[object]):
    first_on = serializers.DateField()
    local_time = LocalTimeField(help_text="In the time zone of the series.")


class WaySerializer(serializers.Serializer[object]):
    """One time, or two or three in turn, and what each region then has over all meetings."""

    times = TurnSerializer(many=True)
    shares = ShareSerializer(many=True)
    is_most_even = serializers.BooleanField()


class FairTimesSerializer(serializers.Serializer[object]):
    """Ways to share the hours of a series over its next meetings. Regions go from west to east."""

    regions = RegionSerializer(many=True)
    without_zone = serializers.IntegerField(
        help_text="How many people have chosen no time zone; they are not counted."
    )
    meetings = serializers.IntegerField(help_text="Over how many meetings ways are compared.")
    ways = WaySerializer(many=True, help_text="The first is the present one.")
    held = serializers.IntegerField(help_text="How many meetings the last quarter had.")
    so_far = ShareSerializer(many=True, help_text="Over the meetings of the last quarter.")


def shown_fair_times(result: FairTimes) -> dict[str, object]:
    """Return what the API shows of a comparison."""
    shown: dict[str, object] = FairTimesSerializer(
        {
            "regions": result.regions.regions,
            "without_zone": result.regions.without_zone,
            "meetings": result.meetings,
            "ways": [
                {
                    "times": [
                        {"first_on": each.dates[turn], "local_time": each.at}
                        for turn, each in enumerate(way.times)
                    ],
                    "shares": way.shares,
                    "is_most_even": way is result.most_even,
                }
                for way in result.ways
            ],
            "held": result.held,
            "so_far": result.so_far,
        }
    ).data
    return shown


class TemplateItemSerializer(StrictModelSerializer[TemplateItem]):
    """An item with which each agenda of the series begins."""

    office = serializers.CharField(
        read_only=True, help_text="Who holds this office presents it: `chair`, … or empty."
    )
    text = serializers.CharField(source="source", read_only=True, help_text="Markdown.")

    class Meta:
        model = TemplateItem
        fields = ["uuid", "position", "title", "minutes", "goal", "office", "text"]
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

    @extend_schema(responses=FairTimesSerializer)
    @action(detail=True, url_path="fair-times")
    def fair_times(self, request: Request, **kwargs: object) -> Response:
        """Whose night the series is in, by region, and ways to share it at any full hour.

        For the people of the group; 404 for others.
        """
        check_query(request)
        series = self.get_object()
        viewer = viewer_of(request)
        if not permissions.can_see_polls(viewer, series.group):
            raise Http404
        turns = turns_of(series)
        first = min(next_date(each) for each in turns)
        rule = Recurrence(
            first=first, frequency=series.frequency, interval=series.interval // len(turns)
        )
        result = fair_times(
            series.group,
            viewer,
            zone=series.zone_info,
            duration_minutes=series.duration_minutes,
            candidates=candidates_at(
                EVERY_HOUR, rule, series.zone_info, meetings=COMPARED_MEETINGS
            ),
            current=current_times(turns, first),
        )
        return Response(shown_fair_times(result))

    @extend_schema(responses=TemplateItemSerializer(many=True))
    @action(detail=True, url_path="agenda-template")
    def agenda_template(self, request: Request, **kwargs: object) -> Response:
        """The items of the agenda template, in order."""
        template = self.get_object().template.all()
        return self.paged(template, TemplateItemSerializer, "position", "uuid")

    @extend_schema(request=PlanSeriesSerializer, responses={201: MeetingSeriesSerializer})
    @idempotent
    def create(self, request: Request, **kwargs: object) -> Response:
        """Schedule a series, or a meeting of several days, and notify the group, as an officer."""
        form = PlanSeriesSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        group = group_to_plan(viewer_of(request), form.validated_data["group"])
        permissions.can_plan_meeting.require(viewer_of(request), group)
        form.check_start()
        series = plan_series(actor=caller_of(request), group=group, **form.details())
        return Response(MeetingSeriesSerializer(series).data, status=201)

    @extend_schema(request=GatherPreviewSerializer, responses=GatheringSerializer)
    @action(detail=False, methods=["post"], url_path="gather-preview", pagination_class=None)
    def gather_preview(self, request: Request, **kwargs: object) -> Response:
        """What gathering single meetings into a series would do, as an officer. Saves nothing."""
        form = GatherPreviewSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        viewer = viewer_of(request)
        group = group_to_plan(viewer, form.validated_data["group"])
        permissions.can_plan_meeting.require(viewer, group)
        meetings = form.chosen(viewer, group)
        series = form.series_values(meetings)
        return Response(shown_gathering(preview_gathering(meetings, **details_of(series)), series))

    @extend_schema(request=GatherSerializer, responses={201: MeetingSeriesSerializer})
    @action(detail=False, methods=["post"], pagination_class=None)
    @idempotent
    def gather(self, request: Request, **kwargs: object) -> Response:
        """Gather single meetings into a series and notify the group, as an officer.

        Takes `series` and `seen` of a dry run; 409 when something else would be done by now.
        """
        form = GatherSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        viewer = viewer_of(request)
        group = group_to_plan(viewer, form.validated_data["group"])
        permissions.can_plan_meeting.require(viewer, group)
        meetings = form.chosen(viewer, group)
        series = gather_meetings(
            actor=caller_of(request),
            group=group,
            meetings=meetings,
            seen=form.validated_data["seen"],
            **details_of(form.series_values(meetings)),
        )
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
        permissions.can_plan_meeting.require(viewer_of(request), series.group)
        form.check_start()
        meeting = add_extra_meeting(actor=caller_of(request), series=series, **form.validated_data)
        return Response(MeetingSerializer(meeting).data, status=201)
