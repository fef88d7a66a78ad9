"""Series of meetings, to read."""

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
from common.api.viewsets import ReadViewSet, by_address, one_of
from workinggroups.meetings.choices import SeriesState
from workinggroups.meetings.models import MeetingSeries, TemplateItem


class MeetingSeriesSerializer(StrictModelSerializer[MeetingSeries]):
    """A series: its rule, and what its meetings have in common. Its meetings are meetings."""

    group = serializers.CharField(source="group.slug", read_only=True)
    local_time = LocalTimeField(read_only=True, help_text="In the time zone `zone`.")
    rule = serializers.CharField(source="words", read_only=True, help_text="The rule in words.")
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
            "local_time",
            "zone",
            "duration_minutes",
            "place",
            "join_url",
            "ended_reason",
            "continues",
        ]
        read_only_fields = fields


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

    @extend_schema(responses=TemplateItemSerializer(many=True))
    @action(detail=True, url_path="agenda-template")
    def agenda_template(self, request: Request, **kwargs: object) -> Response:
        """The items of the agenda template, in order."""
        template = self.get_object().template.all()
        return self.paged(template, TemplateItemSerializer, "position", "uuid")
