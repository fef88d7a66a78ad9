"""The minutes of a meeting by the API: their state, what was approved, corrections."""

from collections.abc import Mapping

from django.conf import settings
from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from common.api.serializers import MomentField, StrictModelSerializer, StrictSerializer
from common.api.viewsets import ReadViewSet, viewer_of
from common.http.idempotency import idempotent
from common.pdf.choices import PdfState
from common.pdf.models import PdfFile
from common.pdf.responses import serve
from members.organizations.api import OrganizationNameSerializer
from members.people.api import PersonSerializer
from members.people.requests import caller_of
from workinggroups.groups.choices import MinutesRule
from workinggroups.meetings import permissions
from workinggroups.meetings.actions.corrections import ask_for_correction
from workinggroups.meetings.choices import CORRECTION_MAX_CHARACTERS, MinutesState, PdfKind
from workinggroups.meetings.documents import minutes_file, request_minutes
from workinggroups.meetings.models import Correction, Meeting, Recording
from workinggroups.meetings.queries.minutes import seal_in_force


class MinutesSerializer(serializers.Serializer[Mapping[str, object]]):
    """Where the minutes are on their way, and what was approved."""

    state = serializers.ChoiceField(choices=MinutesState.choices)
    rule = serializers.ChoiceField(
        choices=MinutesRule.choices,
        help_text="How they become final, by the charter in force when the meeting began.",
    )
    offered_at = MomentField(allow_null=True)
    corrections_until = MomentField(allow_null=True)
    becomes_final_at = MomentField(
        allow_null=True,
        help_text="When a draft becomes final by the charter, unless a correction requested in time "
        "still waits then. Null where the charter does not make it final.",
    )
    unanswered_in_time = serializers.IntegerField(
        help_text="Corrections requested in time that have no answer yet: the draft waits for them."
    )
    due_at = MomentField(help_text="Later than this they are late.")
    is_late = serializers.BooleanField()
    approved_at = MomentField(allow_null=True)
    approved_by = PersonSerializer(
        allow_null=True, help_text="Nobody where the charter made them final."
    )
    approved_at_meeting = serializers.UUIDField(
        allow_null=True, help_text="The later meeting at which the group approved them."
    )
    revision = serializers.IntegerField(
        allow_null=True, help_text="The number of the approved text."
    )
    form = serializers.IntegerField(
        allow_null=True, help_text="What `sealed` is: 1, the text alone; 2, JSON."
    )
    sha256 = serializers.CharField(
        allow_null=True, help_text="The checksum in the audit record: of `sealed` as UTF-8."
    )
    sealed = serializers.CharField(allow_null=True, help_text="Exactly what was approved.")


class CorrectionSerializer(StrictModelSerializer[Correction]):
    """A correction asked for in the draft (`asked`), or noted after approval (`note`)."""

    author = PersonSerializer(read_only=True)
    organization = OrganizationNameSerializer(read_only=True, allow_null=True)
    answered_by = PersonSerializer(read_only=True, allow_null=True)

    class Meta:
        model = Correction
        fields = [
            "uuid",
            "kind",
            "text",
            "author",
            "organization",
            "created_at",
            "in_time",
            "answer",
            "answer_note",
            "answered_by",
            "answered_at",
        ]
        read_only_fields = fields


class CueSerializer(serializers.Serializer[dict[str, object]]):
    """What one speaker says."""

    start_ms = serializers.IntegerField()
    end_ms = serializers.IntegerField()
    speaker = serializers.CharField()
    words = serializers.CharField()


class RecordingSerializer(StrictModelSerializer[Recording]):
    """The recording of a meeting: who noted the consent, where it is, and until when it is kept."""

    noted_by = PersonSerializer(read_only=True)
    transcript = serializers.SerializerMethodField()

    class Meta:
        model = Recording
        fields = [
            "consent",
            "noted_by",
            "noted_at",
            "delete_on",
            "url",
            "transcript",
            "deleted_at",
        ]
        read_only_fields = fields

    @extend_schema_field(CueSerializer(many=True))
    def get_transcript(self, recording: Recording) -> list[dict[str, object]]:
        names = ("start_ms", "end_ms", "speaker", "words")
        return [dict(zip(names, cue, strict=True)) for cue in recording.transcript]


class AskSerializer(StrictSerializer):
    """What is to be corrected in the draft."""

    text = serializers.CharField(max_length=CORRECTION_MAX_CHARACTERS)


class PdfSerializer(serializers.Serializer[Mapping[str, object]]):
    """A PDF. Ask until its state is `done`, then read `url`; the state is null if nobody asked for it."""

    kind = serializers.ChoiceField(choices=PdfKind.choices)
    state = serializers.ChoiceField(choices=PdfState.choices, allow_null=True)
    url = serializers.CharField(allow_null=True)
    failure = serializers.CharField()
    bytes = serializers.IntegerField()
    sha256 = serializers.CharField(help_text="Of the file; empty until it is done.")
    is_accessible = serializers.BooleanField(help_text="Whether it is PDF/UA-1.")


class PdfRequestSerializer(StrictSerializer):
    """What the PDF is to have."""

    kind = serializers.ChoiceField(choices=PdfKind.choices, default="minutes")


def _shown(meeting: Meeting, file: PdfFile) -> Mapping[str, object]:
    url = reverse("api-meeting-pdf-content", args=[meeting.uuid, file.pk])
    return {
        "kind": file.kind,
        "state": file.state or None,
        "url": f"{settings.SITE_URL}{url}" if file.is_ready else None,
        "failure": file.failure,
        "bytes": file.bytes,
        "sha256": file.sha256,
        "is_accessible": file.is_accessible,
    }


PDF_KIND = OpenApiParameter("kind", enum=PdfKind.values, default="minutes")


class MinutesViews(ReadViewSet[Meeting]):
    """The part of the meetings that is about their minutes."""

    @extend_schema(responses=MinutesSerializer)
    @action(detail=True)
    def minutes(self, request: Request, **kwargs: object) -> Response:
        """The state of the minutes and, once they are approved, what was sealed."""
        meeting = self.get_object()
        seal = seal_in_force(meeting)
        at = meeting.minutes_approved_at_meeting
        values: Mapping[str, object] = {
            "state": meeting.minutes_state,
            "rule": meeting.minutes_rule,
            "offered_at": meeting.minutes_offered_at,
            "corrections_until": meeting.corrections_until,
            "becomes_final_at": meeting.corrections_until
            if meeting.becomes_final_by_rule
            else None,
            "unanswered_in_time": meeting.corrections.delaying().count(),
            "due_at": meeting.minutes_due_at,
            "is_late": meeting.minutes_are_late,
            "approved_at": meeting.minutes_approved_at,
            "approved_by": meeting.minutes_approved_by,
            "approved_at_meeting": at.uuid if at else None,
            "revision": seal.revision.number if seal else None,
            "form": seal.form if seal else None,
            "sha256": seal.sha256 if seal else None,
            "sealed": seal.content if seal else None,
        }
        return Response(MinutesSerializer(values).data)

    @extend_schema(methods=["get"], responses=CorrectionSerializer(many=True))
    @extend_schema(methods=["post"], request=AskSerializer, responses={201: CorrectionSerializer})
    @action(detail=True, methods=["get", "post"])
    def corrections(self, request: Request, **kwargs: object) -> Response:
        """List the corrections with their answers, or ask for one while the minutes are a draft.

        Asking after approval, or before the minutes were offered, is a conflict (409).
        """
        meeting = self.get_object()
        if request.method == "POST":
            return self._ask(request, meeting)
        rows = meeting.corrections.select_related("author", "organization", "answered_by")
        return self.paged(rows, CorrectionSerializer, "created_at", "uuid")

    @extend_schema(responses=RecordingSerializer)
    @action(detail=True)
    def recording(self, request: Request, **kwargs: object) -> Response:
        """The recording and its transcript, for the people of the group; 404 if there is none."""
        meeting = self.get_object()
        if not permissions.can_read_recording(viewer_of(request), meeting):
            raise Http404
        rows = Recording.objects.select_related("noted_by")
        return Response(RecordingSerializer(get_object_or_404(rows, meeting=meeting)).data)

    @extend_schema(methods=["get"], parameters=[PDF_KIND], responses=PdfSerializer)
    @extend_schema(methods=["post"], request=PdfRequestSerializer, responses={202: PdfSerializer})
    @action(detail=True, methods=["get", "post"])
    def pdf(self, request: Request, **kwargs: object) -> Response:
        """How far the PDF of the minutes is as they are now, or ask for it."""
        meeting = self.get_object()
        if request.method == "POST":
            form = PdfRequestSerializer(data=request.data)
            form.is_valid(raise_exception=True)
            file = request_minutes(meeting, PdfKind(form.validated_data["kind"]))
            return Response(PdfSerializer(_shown(meeting, file)).data, status=202)
        kind = request.query_params.get("kind", PdfKind.MINUTES)
        if kind not in list(PdfKind):
            raise serializers.ValidationError({"kind": [f"One of {', '.join(PdfKind)}."]})
        file = minutes_file(meeting, PdfKind(kind)) or PdfFile(kind=kind, state="")
        return Response(PdfSerializer(_shown(meeting, file)).data)

    @extend_schema(
        operation_id="meetings_pdf_content",
        parameters=[OpenApiParameter("file", OpenApiTypes.UUID, OpenApiParameter.PATH)],
        responses={(200, "application/pdf"): OpenApiTypes.BINARY},
    )
    @action(detail=True, url_path="pdf/<uuid:file>", url_name="pdf-content")
    def pdf_content(self, request: Request, **kwargs: object) -> HttpResponseBase:
        """A PDF of the meeting that is done."""
        files = PdfFile.objects.filter(owner_uuid=self.get_object().uuid, kind__in=list(PdfKind))
        return serve(get_object_or_404(files, pk=kwargs["file"]), request._request)

    @idempotent
    def _ask(self, request: Request, meeting: Meeting) -> Response:
        permissions.can_ask_for_correction.require(viewer_of(request), meeting)
        form = AskSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        correction = ask_for_correction(
            actor=caller_of(request), meeting=meeting, **form.validated_data
        )
        answer = CorrectionSerializer(correction).data
        return Response(answer, status=status.HTTP_201_CREATED)
