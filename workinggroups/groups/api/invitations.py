"""Invitations into groups, for the invited person: reading, accepting and declining them."""

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from common.access import Viewer
from common.api.serializers import StrictModelSerializer
from common.api.viewsets import ReadViewSet, viewer_of
from members.people.api import PersonSerializer
from members.people.requests import caller_of
from workinggroups.groups.actions import accept_invitation, decline_invitation
from workinggroups.groups.api.affiliations import AcceptSerializer, affiliation_of
from workinggroups.groups.api.groups import JoinedSerializer
from workinggroups.groups.choices import ParticipationLevel
from workinggroups.groups.models import Group, GroupInvitation


class InvitedGroupSerializer(StrictModelSerializer[Group]):
    """What an invited person may know of the group before answering."""

    class Meta:
        model = Group
        fields = ["name", "purpose"]


class OwnInvitationSerializer(StrictModelSerializer[GroupInvitation]):
    """An invitation into a group that waits for your answer."""

    group = InvitedGroupSerializer(read_only=True)
    invited_by = PersonSerializer(read_only=True)

    class Meta:
        model = GroupInvitation
        fields = ["uuid", "group", "address", "level", "invited_by", "created_at", "expires_at"]


class GroupInvitationViewSet(ReadViewSet[GroupInvitation]):
    """Invitations into groups that wait for your answer."""

    serializer_class = OwnInvitationSerializer

    def rows(self, viewer: Viewer) -> QuerySet[GroupInvitation]:
        return GroupInvitation.objects.to_answer(viewer.person_id)

    @extend_schema(request=AcceptSerializer, responses=JoinedSerializer)
    @action(detail=True, methods=["post"])
    def accept(self, request: Request, **kwargs: object) -> Response:
        """Accepts the invitation: you take part in the group, at the level of the invitation."""
        invitation: GroupInvitation = self.get_object()
        form = AcceptSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        is_expert = invitation.level == ParticipationLevel.EXPERT
        slug = form.validated_data.get("organization")
        accept_invitation(
            actor=caller_of(request),
            invitation=invitation,
            organization=None if is_expert else affiliation_of(viewer_of(request), slug),
        )
        return Response({"outcome": "joined"})

    @extend_schema(request=None, responses={204: None})
    @action(detail=True, methods=["post"])
    def decline(self, request: Request, **kwargs: object) -> Response:
        """Declines the invitation. The chairs can see that you declined."""
        decline_invitation(actor=caller_of(request), invitation=self.get_object())
        return Response(status=204)
