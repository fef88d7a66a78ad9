"""A meeting: reading it, answering its invitation, saving its notes."""

from collections.abc import Sequence
from datetime import timedelta

from django.conf import settings
from django.db.models import QuerySet
from django.http import Http404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from common.access import Viewer
from common.access.reading import note_read
from common.api.serializers import (
    LocalTimeField,
    StrictModelSerializer,
    StrictSerializer,
    field_named_as_in_base,
)
from common.api.viewsets import by_address, by_moment, by_uuid, one_of, viewer_of
from common.comparisons.actions import compare_sealed
from common.comparisons.api import (
    ComparedSerializer,
    ComparisonSerializer,
    compared_numbers,
    comparison_response,
)
from common.http.idempotency import idempotent
from common.text.figures import with_figures
from members.people.api import PersonSerializer
from members.people.models import Person
from members.people.requests import caller_of
from workinggroups.meetings import attachments, permissions
from workinggroups.meetings.actions.attendance import answer_meeting
from workinggroups.meetings.actions.notes import save_notes
from workinggroups.meetings.actions.planning import plan_meeting
from workinggroups.meetings.api.live import LiveActions
from workinggroups.meetings.api.minutes import MinutesViews
from workinggroups.meetings.api.planning import (
    BusySerializer,
    PlanMeetingSerializer,
    PlannedTimeSerializer,
    group_to_plan,
)
from workinggroups.meetings.api.presence import PresenceActions
from workinggroups.meetings.choices import InSeries, MeetingState, MinutesState
from workinggroups.meetings.models import AgendaItem, Meeting, NotesRevision
from workinggroups.meetings.papers import ShownPaper, papers_of, with_files
from workinggroups.meetings.queries.busy import Span, busy_people


class MeetingSerializer(StrictModelSerializer[Meeting]):
    """A meeting: when and where, in its own time zone and in UTC."""

    number = serializers.IntegerField(
        read_only=True,
        allow_null=True,
        help_text="A meeting of a series has none until it begins.",
    )
    series = serializers.UUIDField(
        source="series.uuid", read_only=True, allow_null=True, default=None
    )
    in_series = serializers.ChoiceField(
        choices=["", *InSeries.values],
        read_only=True,
        help_text="How it belongs to its series: by a date of the rule, or as an extra meeting; "
        "`dropped` when a changed rule has no date for it.",
    )
    day = serializers.IntegerField(
        source="day_number",
        read_only=True,
        allow_null=True,
        help_text="Which day of a meeting of several days it is.",
    )
    group = serializers.CharField(source="group.slug", read_only=True)
    local_time = LocalTimeField(read_only=True, help_text="In the time zone `zone`.")

    class Meta:
        model = Meeting
        fields = [
            "uuid",
            "group",
            "number",
            "series",
            "in_series",
            "day",
            "title",
            "state",
            "starts_at",
            "ends_at",
            "local_date",
            "local_time",
            "zone",
            "place",
            "join_url",
            "moved_from",
            "cancelled_reason",
            "minutes_state",
            "notes_count",
        ]
        read_only_fields = fields


class PaperSerializer(serializers.Serializer[ShownPaper]):
    """Something to read before an item: an object, a web page or a file."""

    kind = serializers.CharField(help_text="In words, such as Deliverable.")
    title = serializers.CharField()
    url = serializers.SerializerMethodField()

    @extend_schema_field(OpenApiTypes.URI)
    def get_url(self, paper: ShownPaper) -> str:
        return paper.url if paper.is_elsewhere else f"{settings.SITE_URL}{paper.url}"


class AgendaItemSerializer(StrictModelSerializer[AgendaItem]):
    presenter = PersonSerializer(read_only=True, allow_null=True)
    proposed_by = PersonSerializer(
        read_only=True, allow_null=True, help_text="Who proposed it, if it was proposed."
    )
    text = serializers.CharField(source="source", read_only=True, help_text="Markdown.")
    papers = PaperSerializer(
        source="shown_papers",
        many=True,
        read_only=True,
        help_text="Those that you can read, in order.",
    )

    class Meta:
        model = AgendaItem
        fields = [
            "uuid",
            "position",
            "title",
            "minutes",
            "goal",
            "presenter",
            "proposed_by",
            "text",
            "papers",
            "begun_at",
            "ended_at",
        ]
        read_only_fields = fields


class NotesSerializer(StrictModelSerializer[NotesRevision]):
    """One revision of the notes with its whole text."""

    author = PersonSerializer(read_only=True)
    html = serializers.SerializerMethodField()

    class Meta:
        model = NotesRevision
        fields = ["number", "source", "html", "author", "created_at"]
        read_only_fields = fields

    def get_html(self, notes: NotesRevision) -> str:
        pictures = attachments.pictures_for(notes.meeting, notes.html)
        return str(with_figures(notes.html, pictures, settings.SITE_URL))


class AnswerSerializer(StrictSerializer):
    """Whether you are coming."""

    coming = serializers.BooleanField()
    following = serializers.BooleanField(
        default=False, help_text="Also to the meetings that follow in the series."
    )


class AnsweredSerializer(serializers.Serializer[dict[str, str]]):
    """Your answer as it is recorded."""

    state = serializers.ChoiceField(choices=["coming", "regrets"])


class SaveNotesSerializer(StrictSerializer):
    """The whole text, and the number of the revision it is based on (0 for none)."""

    base = serializers.IntegerField(min_value=0, max_value=2**31 - 1)
    source = field_named_as_in_base(serializers.CharField(trim_whitespace=False, allow_blank=True))


class MeetingViewSet(MinutesViews, PresenceActions, LiveActions):
    """Meetings of the groups you can read."""

    serializer_class = MeetingSerializer
    queryset = Meeting.objects.none()
    filters = {
        "group": by_address("group__uuid__in", "group"),
        "series": by_uuid("series__uuid", "series"),
        "state": one_of(MeetingState.values, "state"),
        "minutes_state": one_of(MinutesState.values, "minutes_state"),
        "starts_from": by_moment("starts_at__gte", "starts_from"),
        "starts_before": by_moment("starts_at__lt", "starts_before"),
    }

    def rows(self, viewer: Viewer) -> QuerySet[Meeting]:
        return Meeting.objects.visible_to(viewer).select_related("group", "series")

    @extend_schema(request=PlanMeetingSerializer, responses={201: MeetingSerializer})
    @idempotent
    def create(self, request: Request, **kwargs: object) -> Response:
        """Schedule a meeting and notify the group, as one of its officers."""
        form = PlanMeetingSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        details = dict(form.validated_data)
        group = group_to_plan(viewer_of(request), details.pop("group"))
        permissions.can_plan_meeting.require(viewer_of(request), group)
        form.check_start()
        meeting = plan_meeting(actor=caller_of(request), group=group, **details)
        return Response(MeetingSerializer(meeting).data, status=201)

    @extend_schema(responses=AgendaItemSerializer(many=True))
    @action(detail=True)
    def agenda(self, request: Request, **kwargs: object) -> Response:
        """The items of the agenda, in order."""
        meeting = self.get_object()
        agenda = meeting.agenda.select_related("presenter", "proposed_by")

        def read_papers(items: Sequence[AgendaItem]) -> None:
            papers = papers_of(items, viewer_of(request))
            for paper in (paper for of_item in papers.values() for paper in of_item):
                note_read(request._request, paper.group_id, request.path)
            papers = with_files(papers, attachments.files_of(meeting, items))
            for item in items:
                item.shown_papers = papers.get(item.uuid, ())

        return self.paged(agenda, AgendaItemSerializer, "position", "uuid", prepare=read_papers)

    @extend_schema(parameters=[PlannedTimeSerializer], responses=BusySerializer)
    @action(detail=False, pagination_class=None)
    def busy(self, request: Request, **kwargs: object) -> Response:
        """How many people of a group already have another meeting at a time, for its officers.

        Only meetings that you can see count.
        """
        query = PlannedTimeSerializer(data=request.query_params.dict())
        query.is_valid(raise_exception=True)
        viewer, planned = viewer_of(request), query.validated_data
        group = group_to_plan(viewer, planned["group"])
        permissions.can_plan_meeting.require(viewer, group)
        ends_at = planned["starts_at"] + timedelta(minutes=planned["minutes"])
        busy = busy_people(group, viewer, [Span(planned["starts_at"], ends_at)])
        ((_span, count),) = busy.counts
        return Response(BusySerializer({"people": busy.people, "busy": count}).data)

    @extend_schema(request=AnswerSerializer, responses=AnsweredSerializer)
    @action(detail=True, methods=["post"])
    def answer(self, request: Request, **kwargs: object) -> Response:
        """Say whether you are coming; 409 once the meeting has taken place or was cancelled."""
        meeting = self.get_object()
        form = AnswerSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        answer = answer_meeting(
            actor=caller_of(request),
            meeting=meeting,
            is_coming=form.validated_data["coming"],
            and_following=form.validated_data["following"],
        )
        return Response({"state": answer.state})

    @extend_schema(methods=["get"], responses=NotesSerializer)
    @extend_schema(methods=["post"], request=SaveNotesSerializer, responses=NotesSerializer)
    @action(detail=True, methods=["get", "post"])
    def notes(self, request: Request, **kwargs: object) -> Response:
        """Read the latest revision (404 if there is none) or save the next one.

        If `base` is not the latest revision, the answer is 409: we keep your text with the meeting,
        and you choose on the site which text to use.
        """
        meeting = self.get_object()
        if request.method == "POST":
            return self._save_notes(request, meeting)
        latest = meeting.notes.select_related("author").first()
        if latest is None:
            raise Http404
        latest.meeting = meeting
        return Response(NotesSerializer(latest).data)

    @extend_schema(
        parameters=[ComparedSerializer],
        responses={200: ComparisonSerializer, 202: ComparisonSerializer},
    )
    @action(detail=True, url_path="notes/changes")
    def notes_changes(self, request: Request, **kwargs: object) -> Response:
        """Changes between two revisions of the notes, by default the last two."""
        meeting = self.get_object()
        numbers = compared_numbers(request)
        newer = meeting.notes.filter(number=numbers.get("after", meeting.notes_count)).first()
        if newer is None:
            raise Http404
        older = meeting.notes.filter(number=numbers.get("before", newer.number - 1)).first()
        if older is None:
            if "before" in numbers:
                raise Http404
            return comparison_response(None, newer.number, "")
        html = compare_sealed(older, newer)
        if html:
            pictures = attachments.pictures_for(meeting, older.html, newer.html)
            html = with_figures(html, pictures, settings.SITE_URL)
        return comparison_response(older.number, newer.number, html)

    @idempotent
    def _save_notes(self, request: Request, meeting: Meeting) -> Response:
        # Approved minutes are closed to everybody: a state (409), not a missing right (403).
        if not meeting.is_approved:
            permissions.can_write_notes.require(viewer_of(request), meeting)
        form = SaveNotesSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        assert isinstance(request.user, Person)
        revision = save_notes(actor=request.user, meeting=meeting, **form.validated_data)
        return Response(NotesSerializer(revision).data)
