"""Who was at a meeting, its guests, and what callers say about their own attendance."""

from django.db.models import F
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from common.api.serializers import StrictModelSerializer, StrictSerializer
from common.api.viewsets import ReadViewSet
from members.people.api import PersonSerializer
from members.people.requests import caller_of
from workinggroups.meetings.actions.check_in import check_in, undo_check_in
from workinggroups.meetings.actions.claims import claim_attendance
from workinggroups.meetings.choices import ClaimState, PresenceSource
from workinggroups.meetings.models import Attendance, Guest, Meeting


class AttendanceSerializer(StrictModelSerializer[Attendance]):
    """What one person answered, or that they were present or absent, and for which organization."""

    person = PersonSerializer(read_only=True)
    organization = serializers.CharField(
        source="organization.slug", read_only=True, allow_null=True, default=None
    )
    how = serializers.ChoiceField(
        choices=["", *PresenceSource.values],
        read_only=True,
        help_text="How it is known that the person was present; empty for all others.",
    )

    class Meta:
        model = Attendance
        fields = ["person", "organization", "state", "how"]
        read_only_fields = fields


class GuestSerializer(StrictModelSerializer[Guest]):
    """A person without a seat in the group who was there."""

    name = serializers.CharField(
        read_only=True, help_text="Empty once the guest has asked to have it erased."
    )

    class Meta:
        model = Guest
        fields = ["uuid", "name", "affiliation", "added_at"]
        read_only_fields = fields


class CheckInSerializer(StrictSerializer):
    """Whether you are here."""

    here = serializers.BooleanField()


class CheckedInSerializer(serializers.Serializer[dict[str, object]]):
    """Whether you are recorded as present."""

    here = serializers.BooleanField()


class ClaimSerializer(serializers.Serializer[dict[str, str]]):
    """What became of your saying that you were there."""

    state = serializers.ChoiceField(choices=ClaimState.values)


class PresenceActions(ReadViewSet[Meeting]):
    """The part of the meetings' viewset that is about presence."""

    @extend_schema(responses=AttendanceSerializer(many=True))
    @action(detail=True)
    def attendance(self, request: Request, **kwargs: object) -> Response:
        """Answers and attendance, by name."""
        rows = self.get_object().attendance.select_related("person", "organization")
        ordered = rows.annotate(sort_name=F("person__sort_name"))
        return self.paged(ordered, AttendanceSerializer, "sort_name", "pk")

    @extend_schema(responses=GuestSerializer(many=True))
    @action(detail=True)
    def guests(self, request: Request, **kwargs: object) -> Response:
        """The guests, in the order in which they were added."""
        return self.paged(self.get_object().guests.all(), GuestSerializer, "added_at", "pk")

    @extend_schema(request=CheckInSerializer, responses=CheckedInSerializer)
    @action(detail=True, methods=["post"], url_path="check-in")
    def check_in(self, request: Request, **kwargs: object) -> Response:
        """Check in, or undo your own check-in.

        409 unless it is 15 minutes before the start at most, and not yet the planned end.
        """
        meeting = self.get_object()
        form = CheckInSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        is_here = form.validated_data["here"]
        if is_here:
            check_in(actor=caller_of(request), meeting=meeting)
        else:
            undo_check_in(actor=caller_of(request), meeting=meeting)
        return Response({"here": is_here})

    @extend_schema(request=None, responses=ClaimSerializer)
    @action(detail=True, methods=["post"])
    def claim(self, request: Request, **kwargs: object) -> Response:
        """Say that you were there; an officer confirms or declines it.

        409 before the planned end, once you are recorded as present, and once the minutes are approved.
        """
        claimed = claim_attendance(actor=caller_of(request), meeting=self.get_object())
        return Response({"state": claimed.state})
