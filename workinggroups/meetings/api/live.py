"""What callers do in a running meeting."""

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from common.api.problems import check_query
from common.api.serializers import StrictModelSerializer, StrictSerializer
from common.api.viewsets import ReadViewSet, viewer_of
from members.people.api import PersonSerializer
from members.people.requests import caller_of
from workinggroups.meetings.actions.speakers import lower_hand, raise_hand
from workinggroups.meetings.models import Meeting, SpeakerRequest
from workinggroups.meetings.phases import Phase
from workinggroups.meetings.queries import LiveState, QuorumCount, live_state


class HandSerializer(StrictSerializer):
    """Whether you want to speak."""

    raised = serializers.BooleanField()


class RaisedSerializer(serializers.Serializer[dict[str, bool]]):
    """Whether you wait to speak, or speak."""

    raised = serializers.BooleanField()


class QuorumSerializer(serializers.Serializer[QuorumCount]):
    """The quorum by the charter in force at the start."""

    present = serializers.IntegerField(help_text="Organizations that are present.")
    total = serializers.IntegerField(help_text="Organizations that take part.")
    needed = serializers.IntegerField()
    is_reached = serializers.BooleanField()


class SpeakerSerializer(StrictModelSerializer[SpeakerRequest]):
    """Someone who speaks or waits to speak."""

    person = PersonSerializer(read_only=True)
    organization = serializers.CharField(
        source="organization.slug", read_only=True, allow_null=True, default=None
    )

    class Meta:
        model = SpeakerRequest
        fields = ["person", "organization", "raised_at", "called_at"]
        read_only_fields = fields


class LiveSerializer(serializers.Serializer[LiveState]):
    """A meeting at this moment."""

    phase = serializers.ChoiceField(choices=[phase.value for phase in Phase])
    is_here = serializers.BooleanField(
        source="own.is_present", help_text="Whether you are recorded as present."
    )
    people_present = serializers.SerializerMethodField()
    quorum = QuorumSerializer(allow_null=True, help_text="Null where the charter asks for none.")
    competition_law_shown_at = serializers.DateTimeField(
        source="presence.competition_notice.shown_at", allow_null=True, default=None
    )
    running_item = serializers.UUIDField(
        source="agenda.running.item.uuid", allow_null=True, default=None
    )
    speaking = SpeakerSerializer(source="speakers.speaking", allow_null=True)
    waiting = SpeakerSerializer(
        source="speakers.waiting", many=True, help_text="In the order in which they are called."
    )

    def get_people_present(self, live: LiveState) -> int:
        return len(live.roll.present)


class LiveActions(ReadViewSet[Meeting]):
    """The part of the meetings' viewset that is about a running meeting."""

    @extend_schema(responses=LiveSerializer)
    @action(detail=True)
    def live(self, request: Request, **kwargs: object) -> Response:
        """Who is present, which item runs, who speaks and who waits."""
        check_query(request)
        live = live_state(self.get_object(), viewer_of(request))
        return Response(LiveSerializer(live).data)

    @extend_schema(request=HandSerializer, responses=RaisedSerializer)
    @action(detail=True, methods=["post"])
    def hand(self, request: Request, **kwargs: object) -> Response:
        """Ask to speak, or lower your hand; while you speak, that ends your turn.

        409 unless the meeting runs and you have checked in.
        """
        meeting = self.get_object()
        form = HandSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        is_raised = form.validated_data["raised"]
        if is_raised:
            raise_hand(actor=caller_of(request), meeting=meeting)
        else:
            lower_hand(actor=caller_of(request), meeting=meeting)
        return Response({"raised": is_raised})
