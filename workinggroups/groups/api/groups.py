"""Groups and their people: reading, joining, inviting, and what staff opened."""

from uuid import UUID

from django.db.models import F, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from common.access import Viewer
from common.access.reading import note_read
from common.api.access import Anybody, SignedIn
from common.api.problems import check_query
from common.api.serializers import MomentField, StrictModelSerializer, StrictSerializer
from common.api.viewsets import ReadViewSet, by, one_of, viewer_of
from common.http.form_handling import ADDRESS_MAX_CHARACTERS, check_mail_address
from common.http.idempotency import idempotent
from common.http.pagination import CursorPagination
from members.organizations.api import OrganizationNameSerializer
from members.people.api import PersonSerializer
from members.people.requests import caller_of
from workinggroups.groups import permissions
from workinggroups.groups.actions import ask_to_join, invite, join, withdraw_invitation
from workinggroups.groups.api.affiliations import AcceptSerializer, affiliation_of
from workinggroups.groups.api.voters import VotersSerializer
from workinggroups.groups.api.voting import VotingRulesSerializer
from workinggroups.groups.choices import Admission, GroupState, ParticipationLevel
from workinggroups.groups.limits import check_group_invitation
from workinggroups.groups.lookup import require_manager
from workinggroups.groups.models import (
    BreakGlass,
    BreakGlassRead,
    CharterVersion,
    Group,
    GroupInvitation,
    Seat,
)
from workinggroups.groups.queries import shown_invitations
from workinggroups.groups.voters import organization_voters, voting_organizations


class GroupSerializer(StrictModelSerializer[Group]):
    """A group's profile."""

    focus_area = serializers.CharField(source="focus_area.slug", read_only=True)

    class Meta:
        model = Group
        fields = [
            "uuid",
            "slug",
            "name",
            "kind",
            "purpose",
            "focus_area",
            "listing",
            "admission",
            "content",
            "state",
            "created_at",
            "concluded_at",
            "concluded_reason",
        ]


class RulesSerializer(StrictModelSerializer[CharterVersion]):
    """What the charter says of meetings, null where it leaves the choice to the chairs; and of voting."""

    voting = VotingRulesSerializer(source="rules.voting", read_only=True)

    class Meta:
        model = CharterVersion
        fields = [
            "quorum",
            "quorum_number",
            "notice_days",
            "correction_days",
            "minutes_rule",
            "voting",
        ]


class CharterSerializer(StrictModelSerializer[CharterVersion]):
    """An adopted version of a group's charter."""

    rules = RulesSerializer(source="*", read_only=True)
    adopted_at = MomentField(source="during.lower", read_only=True)
    sha256 = serializers.CharField(
        source="checksum",
        read_only=True,
        help_text="The checksum in the audit record. Where `form` is 1 it is that of the text as "
        "UTF-8; where `form` is 4, of compact JSON with sorted keys of `form`, `rules` and "
        "`source`; where it is 3, likewise without `voting`; where it is 2, also without "
        "`minutes_rule`.",
    )

    class Meta:
        model = CharterVersion
        fields = [
            "uuid",
            "number",
            "source",
            "html",
            "rules",
            "form",
            "sha256",
            "adopted_at",
            "expires_on",
        ]


class SeatSerializer(serializers.ModelSerializer[Seat]):
    """A person who takes part in a group now, on whose behalf and at which level."""

    person = PersonSerializer()
    organization = OrganizationNameSerializer(allow_null=True)

    class Meta:
        model = Seat
        fields = ["person", "organization", "level", "is_chair"]
        read_only_fields = fields


class JoinSerializer(AcceptSerializer):
    """On whose behalf you join, and at which level."""

    level = serializers.ChoiceField(
        choices=[ParticipationLevel.PARTICIPANT, ParticipationLevel.OBSERVER],
        default=ParticipationLevel.PARTICIPANT,
    )
    note = serializers.CharField(
        max_length=1000, default="", allow_blank=True, help_text="Message to the chairs."
    )


class JoinedSerializer(serializers.Serializer[dict[str, str]]):
    """The outcome: "joined", or "requested" where the chairs have to approve first."""

    outcome = serializers.ChoiceField(choices=["joined", "requested"])


class InviteSerializer(StrictSerializer):
    """An address to invite, and the level at which the invited person would take part."""

    address = serializers.EmailField(
        max_length=ADDRESS_MAX_CHARACTERS, validators=[check_mail_address]
    )
    level = serializers.ChoiceField(
        choices=ParticipationLevel.choices,
        default=ParticipationLevel.PARTICIPANT,
        help_text="An expert can take part without belonging to a member organization.",
    )


class SentInvitationSerializer(StrictModelSerializer[GroupInvitation]):
    """An address that was invited. Nothing shows whether the address has an account."""

    invited_by = PersonSerializer(read_only=True)

    class Meta:
        model = GroupInvitation
        fields = ["uuid", "address", "level", "state", "invited_by", "created_at", "expires_at"]


class OpeningReadSerializer(StrictModelSerializer[BreakGlassRead]):
    """A page, file or search result that staff read while they had the group open."""

    class Meta:
        model = BreakGlassRead
        fields = ["address", "at"]


class OpeningSerializer(StrictModelSerializer[BreakGlass]):
    """Staff opened the group to read it: who, why, from when to when, and what they read."""

    person = PersonSerializer(read_only=True)
    opened_at = MomentField(source="during.lower", read_only=True)
    closes_at = MomentField(source="during.upper", read_only=True)
    reads = OpeningReadSerializer(many=True, read_only=True)

    class Meta:
        model = BreakGlass
        fields = ["uuid", "person", "reason", "opened_at", "closes_at", "reads"]


class GroupViewSet(ReadViewSet[Group]):
    """Groups whose profile you can see."""

    permission_classes = [Anybody]
    serializer_class = GroupSerializer
    lookup_field = "slug"
    lookup_value_converter = "group_address"
    filters = {"state": one_of(GroupState.values, "state"), "focus_area": by("focus_area__slug")}

    def rows(self, viewer: Viewer) -> QuerySet[Group]:
        return Group.objects.visible_to(viewer).select_related("focus_area")

    @extend_schema(responses=CharterSerializer, operation_id="groups_charter")
    @action(detail=True)
    def charter(self, request: Request, **kwargs: object) -> Response:
        """The charter in force, with its rules; 404 while the group has none."""
        group: Group = self.get_object()
        charter = group.charters.in_force().select_related("adopted_by").first()
        if charter is None:
            raise Http404
        return Response(CharterSerializer(charter).data)

    @extend_schema(responses=SeatSerializer(many=True), operation_id="groups_members")
    @action(detail=True, permission_classes=[SignedIn])
    def members(self, request: Request, **kwargs: object) -> Response:
        """The people who take part in the group now."""
        group: Group = self.get_object()
        if not permissions.can_see_people(viewer_of(request), group):
            raise Http404
        note_read(request._request, group.pk, request.path)
        seats = group.seats.select_related("person", "organization")
        by_name = seats.annotate(name_order=F("person__sort_name"))
        return self.paged(by_name, SeatSerializer, "name_order", "person_id")

    @extend_schema(responses=VotersSerializer(many=True), operation_id="groups_voters")
    @action(detail=True, permission_classes=[SignedIn])
    def voters(self, request: Request, **kwargs: object) -> Response:
        """Who votes for each organization with a participant in the group, by name. Voters are named
        on pages only."""
        group: Group = self.get_object()
        viewer = viewer_of(request)
        if not permissions.can_see_people(viewer, group):
            raise Http404
        note_read(request._request, group.pk, request.path)
        check_query(request)
        pages = CursorPagination()
        pages.ordering = ("sort_name", "pk")
        shown = pages.paginate_queryset(voting_organizations(group), request, self) or ()
        voters = {each.organization.pk: each for each in organization_voters(group)}
        rows = [voters[organization.pk] for organization in shown if organization.pk in voters]
        context = {"viewer": viewer, "group": group}
        answered = [VotersSerializer(row, context=context).data for row in rows]
        return pages.get_paginated_response(answered)

    @extend_schema(responses=OpeningSerializer(many=True), operation_id="groups_openings")
    @action(detail=True, permission_classes=[SignedIn])
    def openings(self, request: Request, **kwargs: object) -> Response:
        """For the chairs: when staff opened the group, why, and what they read."""
        group: Group = self.get_object()
        if not permissions.can_see_openings(viewer_of(request), group):
            raise Http404
        openings = group.break_glasses.select_related("person").prefetch_related("reads")
        return self.paged(openings, OpeningSerializer, "-uuid", "pk")

    @extend_schema(request=JoinSerializer, responses={200: JoinedSerializer, 202: JoinedSerializer})
    @action(detail=True, methods=["post"], permission_classes=[SignedIn])
    def join(self, request: Request, **kwargs: object) -> Response:
        """Joins an open group, or asks to join a group that admits people by request."""
        group: Group = self.get_object()
        form = JoinSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        person, level = caller_of(request), form.validated_data["level"]
        organization = affiliation_of(viewer_of(request), form.validated_data.get("organization"))
        if group.admission == Admission.REQUEST:
            ask_to_join(
                actor=person,
                group=group,
                organization=organization,
                level=level,
                note=form.validated_data["note"],
            )
            return Response({"outcome": "requested"}, status=202)
        join(actor=person, group=group, organization=organization, level=level)
        return Response({"outcome": "joined"})

    @extend_schema(
        methods=["GET"],
        responses=SentInvitationSerializer(many=True),
        operation_id="groups_invitations",
    )
    @extend_schema(
        methods=["POST"],
        request=InviteSerializer,
        responses={201: SentInvitationSerializer},
        operation_id="groups_invite",
    )
    @action(detail=True, methods=["get", "post"], permission_classes=[SignedIn])
    def invitations(self, request: Request, **kwargs: object) -> Response:
        """For those who decide who takes part: lists the invitations, or invites an address. The
        answer does not show whether the address has an account."""
        group = self._managed(request)
        if request.method == "POST":
            return self._invite(request, group)
        return self.paged(shown_invitations(group), SentInvitationSerializer, "-created_at", "pk")

    @idempotent
    def _invite(self, request: Request, group: Group) -> Response:
        form = InviteSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        person = caller_of(request)
        check_group_invitation(person.pk, form.validated_data["address"])
        invitation = invite(actor=person, group=group, **form.validated_data)
        return Response(SentInvitationSerializer(invitation).data, status=201)

    @extend_schema(
        request=None, responses=SentInvitationSerializer, operation_id="groups_invitation_withdraw"
    )
    @action(
        detail=True,
        methods=["post"],
        permission_classes=[SignedIn],
        url_path="invitations/<uuid:uuid>/withdraw",
    )
    def withdraw_invitation(self, request: Request, uuid: UUID, **kwargs: object) -> Response:
        """Withdraws an invitation; 409 once it was answered."""
        group = self._managed(request)
        invitation = get_object_or_404(group.invitations.select_related("group"), uuid=uuid)
        withdrawn = withdraw_invitation(actor=caller_of(request), invitation=invitation)
        return Response(SentInvitationSerializer(withdrawn).data)

    def _managed(self, request: Request) -> Group:
        """Return the group to those who decide who takes part; 403 for others who see its people."""
        group: Group = self.get_object()
        require_manager(viewer_of(request), group)
        return group
