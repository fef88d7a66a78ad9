"""What callers do in a running meeting."""

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from common.api.serializers import StrictSerializer
from common.api.viewsets import ReadViewSet
from members.people.requests import caller_of
from workinggroups.meetings.actions.speakers import lower_hand, raise_hand
from workinggroups.meetings.models import Meeting


class HandSerializer(StrictSerializer):
    """Whether you want to speak."""

    raised = serializers.BooleanField()


class RaisedSerializer(serializers.Serializer[dict[str, bool]]):
    """Whether you wait to speak, or speak."""

    raised = serializers.BooleanField()


class LiveActions(ReadViewSet[Meeting]):
    """The part of the meetings' viewset that is about a running meeting."""

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
