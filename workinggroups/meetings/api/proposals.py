"""Items proposed for agendas: reading them, proposing, editing and withdrawing. Officers answer by page."""

from uuid import UUID

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from common.access import Viewer
from common.api.serializers import StrictModelSerializer, StrictSerializer
from common.api.viewsets import ReadViewSet, by_address, by_uuid, one_of, viewer_of
from common.http.idempotency import idempotent
from members.organizations.api import OrganizationNameSerializer
from members.people.api import PersonSerializer
from members.people.requests import caller_of
from workinggroups.meetings import permissions
from workinggroups.meetings.actions.proposals import (
    edit_proposal,
    next_meeting_of,
    propose_item,
    withdraw_proposal,
)
from workinggroups.meetings.choices import (
    AGENDA_TEXT_MAX_CHARACTERS,
    AGENDA_TITLE_MAX_CHARACTERS,
    MEETING_MAX_MINUTES,
    ProposalState,
)
from workinggroups.meetings.models import AgendaProposal, Meeting, MeetingSeries


class AgendaProposalSerializer(StrictModelSerializer[AgendaProposal]):
    """An item that somebody proposes for the agenda of a meeting, with its answer."""

    meeting = serializers.UUIDField(source="meeting.uuid", read_only=True)
    author = PersonSerializer(read_only=True)
    organization = OrganizationNameSerializer(read_only=True, allow_null=True)
    text = serializers.CharField(source="source", read_only=True, help_text="Markdown.")
    closed_by = PersonSerializer(read_only=True, allow_null=True)
    item = serializers.UUIDField(
        source="item.uuid",
        read_only=True,
        allow_null=True,
        default=None,
        help_text="The item of the agenda that it became, unless that was removed.",
    )
    moved_from = serializers.UUIDField(
        source="moved_from.uuid",
        read_only=True,
        allow_null=True,
        default=None,
        help_text="The meeting from which it moved on, since nobody answered it in time.",
    )

    class Meta:
        model = AgendaProposal
        fields = [
            "uuid",
            "meeting",
            "title",
            "minutes",
            "text",
            "author",
            "organization",
            "version",
            "state",
            "reason",
            "item",
            "moved_from",
            "created_at",
            "closed_at",
            "closed_by",
        ]
        read_only_fields = fields


class ProposedItemSerializer(StrictSerializer):
    """What is proposed."""

    title = serializers.CharField(max_length=AGENDA_TITLE_MAX_CHARACTERS)
    minutes = serializers.IntegerField(
        min_value=1,
        max_value=MEETING_MAX_MINUTES,
        allow_null=True,
        default=None,
        help_text="How long you would like to have.",
    )
    text = serializers.CharField(
        max_length=AGENDA_TEXT_MAX_CHARACTERS,
        allow_blank=True,
        default="",
        trim_whitespace=False,
        help_text="Markdown.",
    )


class ProposeItemSerializer(ProposedItemSerializer):
    """What is proposed, and for which agenda."""

    agenda_of = serializers.UUIDField(
        help_text="A meeting, or a series of which the next meeting is meant. Once a meeting of a series "
        "has begun or was cancelled, the item is proposed for the next one, which `meeting` names."
    )


class EditProposalSerializer(ProposedItemSerializer):
    """The proposal as it is to be. `version` is the one you have read."""

    version = serializers.IntegerField(min_value=1, max_value=2**31 - 1)


class AgendaProposalViewSet(ReadViewSet[AgendaProposal]):
    """Items proposed for the agendas of your groups. Only the people of a group see them."""

    serializer_class = AgendaProposalSerializer
    queryset = AgendaProposal.objects.none()
    filters = {
        "group": by_address("meeting__group__uuid__in", "group"),
        "meeting": by_uuid("meeting__uuid", "meeting"),
        "state": one_of(ProposalState.values, "state"),
    }

    def rows(self, viewer: Viewer) -> QuerySet[AgendaProposal]:
        names = ("meeting__group", "author", "organization", "closed_by", "item", "moved_from")
        return AgendaProposal.objects.visible_to(viewer).select_related(*names)

    @extend_schema(request=ProposeItemSerializer, responses={201: AgendaProposalSerializer})
    @idempotent
    def create(self, request: Request, **kwargs: object) -> Response:
        """Propose an item; the officers are notified. 409 once the agenda is closed."""
        form = ProposeItemSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        details = dict(form.validated_data)
        viewer = viewer_of(request)
        meeting = _meeting(viewer, details.pop("agenda_of"))
        permissions.can_propose_item.require(viewer, meeting)
        proposal = propose_item(actor=caller_of(request), meeting=meeting, **details)
        return self._shown(proposal, status=201)

    @extend_schema(request=EditProposalSerializer, responses=AgendaProposalSerializer)
    def update(self, request: Request, uuid: UUID, **kwargs: object) -> Response:
        """Change what you proposed; 409 once it is answered, or if it changed since `version`."""
        proposal = self.get_object()
        permissions.can_edit_proposal.require(viewer_of(request), proposal)
        form = EditProposalSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        return self._shown(
            edit_proposal(actor=caller_of(request), proposal=proposal, **form.validated_data)
        )

    @extend_schema(request=None, responses=AgendaProposalSerializer)
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, **kwargs: object) -> Response:
        """Withdraw what you proposed; 409 once it is answered."""
        proposal = self.get_object()
        permissions.can_edit_proposal.require(viewer_of(request), proposal)
        return self._shown(withdraw_proposal(actor=caller_of(request), proposal=proposal))

    def _shown(self, proposal: AgendaProposal, status: int = 200) -> Response:
        shown = self.rows(viewer_of(self.request)).get(pk=proposal.pk)
        return Response(AgendaProposalSerializer(shown).data, status=status)


def _meeting(viewer: Viewer, uuid: UUID) -> Meeting:
    """Return the meeting of this uuid, or the next one of the series.

    Raises Http404 for what the viewer cannot read, and NotAllowed and WrongState for a series in which
    they propose nothing, or which has no coming meeting.
    """
    meetings = Meeting.objects.visible_to(viewer).select_related("group")
    meeting: Meeting | None = meetings.filter(uuid=uuid).first()
    if meeting is not None:
        return meeting
    series = MeetingSeries.objects.visible_to(viewer).select_related("group")
    named: MeetingSeries = get_object_or_404(series, uuid=uuid)
    permissions.can_propose_item.require(viewer, named)
    return next_meeting_of(named)
