"""Groups, their people and their action items; joining, and closing an item."""

from typing import Any

from django.db.models import F, QuerySet
from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from common.access import Viewer
from common.access.reading import note_read
from common.api.access import Anybody, SignedIn
from common.api.serializers import MomentField, StrictModelSerializer, StrictSerializer
from common.api.viewsets import ReadViewSet, api_router, by, by_address, by_uuid, one_of, viewer_of
from common.http.form_handling import ADDRESS_MAX_CHARACTERS, check_mail_address
from common.http.idempotency import idempotent
from members.organizations.api import OrganizationNameSerializer
from members.organizations.models import Organization
from members.people.api import PersonSerializer
from workinggroups.groups import permissions
from workinggroups.groups.actions.action_items import close_action_item
from workinggroups.groups.actions.invitations import (
    accept_invitation,
    decline_invitation,
    invite,
    withdraw_invitation,
)
from workinggroups.groups.actions.participation import ask_to_join, join
from workinggroups.groups.choices import (
    ActionItemState,
    Admission,
    GroupState,
    ParticipationLevel,
)
from workinggroups.groups.limits import check_group_invitation
from workinggroups.groups.models import (
    ActionItem,
    BreakGlass,
    BreakGlassRead,
    Group,
    GroupInvitation,
    Seat,
)
from workinggroups.groups.queries import shown_invitations


class GroupSerializer(StrictModelSerializer[Group]):
    """A group's card."""

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
        ]
        read_only_fields = fields


class SeatSerializer(serializers.ModelSerializer[Seat]):
    """Somebody who takes part in a group now, for whom and at which level."""

    person = PersonSerializer()
    organization = OrganizationNameSerializer(allow_null=True)

    class Meta:
        model = Seat
        fields = ["person", "organization", "level", "is_chair"]
        read_only_fields = fields


class JoinSerializer(StrictSerializer):
    """On whose behalf one joins, and at which level."""

    organization = serializers.CharField(
        required=False,
        allow_null=True,
        max_length=80,
        help_text="Slug; needed where one is inside by several.",
    )
    level = serializers.ChoiceField(
        choices=[ParticipationLevel.PARTICIPANT, ParticipationLevel.OBSERVER],
        default=ParticipationLevel.PARTICIPANT,
    )
    note = serializers.CharField(
        max_length=1000, default="", allow_blank=True, help_text="A word to the chairs."
    )


class JoinedSerializer(serializers.Serializer[Any]):
    """What came of it: "joined", or "requested" where the chairs answer first."""

    outcome = serializers.ChoiceField(choices=["joined", "requested"])


class InviteSerializer(StrictSerializer):
    """An address to invite, and the level at which its owner takes part on accepting."""

    address = serializers.EmailField(
        max_length=ADDRESS_MAX_CHARACTERS, validators=[check_mail_address]
    )
    level = serializers.ChoiceField(
        choices=ParticipationLevel.choices,
        default=ParticipationLevel.PARTICIPANT,
        help_text="An expert takes part without belonging to a member organization.",
    )


class SentInvitationSerializer(StrictModelSerializer[GroupInvitation]):
    """An address that was invited; nothing says whether it belongs to an account."""

    invited_by = PersonSerializer(read_only=True)

    class Meta:
        model = GroupInvitation
        fields = ["uuid", "address", "level", "state", "invited_by", "created_at", "expires_at"]
        read_only_fields = fields


class InvitedGroupSerializer(StrictModelSerializer[Group]):
    """What somebody invited may know of the group before answering."""

    class Meta:
        model = Group
        fields = ["name", "purpose"]
        read_only_fields = fields


class OwnInvitationSerializer(StrictModelSerializer[GroupInvitation]):
    """An invitation into a group that waits for the caller's answer."""

    group = InvitedGroupSerializer(read_only=True)
    invited_by = PersonSerializer(read_only=True)

    class Meta:
        model = GroupInvitation
        fields = ["uuid", "group", "address", "level", "invited_by", "created_at", "expires_at"]
        read_only_fields = fields


class AcceptSerializer(StrictSerializer):
    """On whose behalf one takes part."""

    organization = serializers.CharField(
        required=False,
        allow_null=True,
        max_length=80,
        help_text="Slug; needed where one is inside by several.",
    )


class OpeningReadSerializer(StrictModelSerializer[BreakGlassRead]):
    """A page, file or search result that was read during an opening."""

    class Meta:
        model = BreakGlassRead
        fields = ["address", "at"]
        read_only_fields = fields


class OpeningSerializer(StrictModelSerializer[BreakGlass]):
    """Staff opened the group to read it: who, why, from when to when, and what was read."""

    person = PersonSerializer(read_only=True)
    opened_at = MomentField(source="during.lower", read_only=True)
    closes_at = MomentField(source="during.upper", read_only=True)
    reads = OpeningReadSerializer(many=True, read_only=True)

    class Meta:
        model = BreakGlass
        fields = ["uuid", "person", "reason", "opened_at", "closes_at", "reads"]
        read_only_fields = fields


class GroupViewSet(ReadViewSet[Group]):
    """Groups whose card the caller may see."""

    permission_classes = [Anybody]
    serializer_class = GroupSerializer
    queryset = Group.objects.none()
    lookup_field = "slug"
    lookup_value_converter = "group_address"
    filters = {
        "state": one_of(GroupState.values, "state"),
        "focus_area": by("focus_area__slug"),
    }

    def rows(self, viewer: Viewer) -> QuerySet[Group]:
        return Group.objects.visible_to(viewer).select_related("focus_area")

    @extend_schema(responses=SeatSerializer(many=True), operation_id="groups_members")
    @action(detail=True, permission_classes=[SignedIn])
    def members(self, request: Request, **kwargs: Any) -> Response:
        """The roster, for whoever may read it."""
        group = self.get_object()
        if not permissions.can_see_people(viewer_of(request), group):
            raise Http404
        note_read(request._request, group.pk, request.path)
        seats = (
            Seat.objects.filter(group=group)
            .select_related("person", "organization")
            .annotate(name_order=F("person__sort_name"))
        )
        return self.paged(seats, SeatSerializer, "name_order", "person_id")

    @extend_schema(responses=OpeningSerializer(many=True), operation_id="groups_openings")
    @action(detail=True, permission_classes=[SignedIn])
    def openings(self, request: Request, **kwargs: Any) -> Response:
        """For the chairs: when staff opened the group, why, and what it read."""
        group = self.get_object()
        if not permissions.can_see_openings(viewer_of(request), group):
            raise Http404
        opened = group.break_glasses.select_related("person").prefetch_related("reads")
        return self.paged(opened, OpeningSerializer, "-uuid", "pk")

    @extend_schema(request=JoinSerializer, responses={200: JoinedSerializer, 202: JoinedSerializer})
    @action(detail=True, methods=["post"], permission_classes=[SignedIn])
    def join(self, request: Request, **kwargs: Any) -> Response:
        """Takes part in an open group, or asks the chairs of one that admits by request."""
        group = self.get_object()
        form = JoinSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        behalf = behalf_of(viewer_of(request), form.validated_data.get("organization"))
        person: Any = request.user
        if group.admission == Admission.REQUEST:
            ask_to_join(
                actor=person,
                group=group,
                organization=behalf,
                level=form.validated_data["level"],
                note=form.validated_data["note"],
            )
            return Response({"outcome": "requested"}, status=202)
        join(actor=person, group=group, organization=behalf, level=form.validated_data["level"])
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
    def invitations(self, request: Request, **kwargs: Any) -> Response:
        """Who is invited into the group, for those who decide who takes part; and inviting an
        address, which is answered alike whether or not anybody here has it."""
        group = self._managed(request)
        if request.method == "POST":
            return self._invite(request, group)
        return self.paged(shown_invitations(group), SentInvitationSerializer, "-created_at", "pk")

    @idempotent
    def _invite(self, request: Request, group: Group) -> Response:
        form = InviteSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        person: Any = request.user
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
    def withdraw_invitation(self, request: Request, **kwargs: Any) -> Response:
        """The invitation can be answered no more; 409 once it was answered."""
        group = self._managed(request)
        found = group.invitations.select_related("group").filter(uuid=kwargs["uuid"]).first()
        if found is None:
            raise Http404
        person: Any = request.user
        withdrawn = withdraw_invitation(actor=person, invitation=found)
        return Response(SentInvitationSerializer(withdrawn).data)

    def _managed(self, request: Request) -> Group:
        """The group, for those who decide who takes part; 403 for others who see its people."""
        group: Group = self.get_object()
        viewer = viewer_of(request)
        if not (permissions.can_see_people(viewer, group) or viewer.is_staff):
            raise Http404
        permissions.can_manage_people.require(viewer, group)
        return group


def behalf_of(viewer: Viewer, slug: str | None) -> Organization | None:
    """The named organization among those one is inside by; the only one where none is named."""
    inside = Organization.objects.filter(pk__in=viewer.organization_ids)
    if slug:
        found = inside.at_address(slug).first()
        if found is None:
            raise serializers.ValidationError(
                {"organization": ["You are not inside the alliance by this organization."]}
            )
        return found
    choices = list(inside[:2])
    if len(choices) > 1:
        raise serializers.ValidationError(
            {"organization": ["Say on whose behalf: you belong to several organizations."]}
        )
    return choices[0] if choices else None


class GroupInvitationViewSet(ReadViewSet[GroupInvitation]):
    """Invitations into groups that wait for the caller's answer."""

    serializer_class = OwnInvitationSerializer
    queryset = GroupInvitation.objects.none()

    def rows(self, viewer: Viewer) -> QuerySet[GroupInvitation]:
        waiting = GroupInvitation.objects.to_answer(viewer.person_id)
        return waiting.select_related("group", "invited_by")

    @extend_schema(request=AcceptSerializer, responses=JoinedSerializer)
    @action(detail=True, methods=["post"])
    def accept(self, request: Request, **kwargs: Any) -> Response:
        """Takes part in the group, at the level of the invitation."""
        found = self.get_object()
        form = AcceptSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        is_expert = found.level == ParticipationLevel.EXPERT
        slug = form.validated_data.get("organization")
        person: Any = request.user
        accept_invitation(
            actor=person,
            invitation=found,
            organization=None if is_expert else behalf_of(viewer_of(request), slug),
        )
        return Response({"outcome": "joined"})

    @extend_schema(request=None, responses={204: None})
    @action(detail=True, methods=["post"])
    def decline(self, request: Request, **kwargs: Any) -> Response:
        """Does not come in; the chairs can see that."""
        person: Any = request.user
        decline_invitation(actor=person, invitation=self.get_object())
        return Response(status=204)


class ActionItemSerializer(StrictModelSerializer[ActionItem]):
    group = serializers.CharField(source="group.slug", read_only=True)
    owner = PersonSerializer(allow_null=True, read_only=True)

    class Meta:
        model = ActionItem
        fields = [
            "uuid",
            "group",
            "number",
            "text",
            "owner",
            "due_on",
            "state",
            "created_at",
            "closed_at",
        ]
        read_only_fields = fields


_OWN_COLUMNS = [field.name for field in ActionItem._meta.concrete_fields]
# Only what the serializer and the right to close an item ask: a list makes fifty of each.
_SHOWN_ITEMS = ActionItem.objects.select_related("group", "owner").only(
    *_OWN_COLUMNS, "group__slug", "owner__uuid", "owner__name"
)


class ActionItemViewSet(ReadViewSet[ActionItem]):
    """What the groups one reads have to do."""

    serializer_class = ActionItemSerializer
    queryset = ActionItem.objects.none()
    filters = {
        "group": by_address("group__uuid__in", "group"),
        "state": one_of(ActionItemState.values, "state"),
        "owner": by_uuid("owner__uuid", "owner"),
    }

    def rows(self, viewer: Viewer) -> QuerySet[ActionItem]:
        return _SHOWN_ITEMS.visible_to(viewer)

    @extend_schema(request=None, responses=ActionItemSerializer)
    @action(detail=True, methods=["post"])
    def close(self, request: Request, **kwargs: Any) -> Response:
        """It is done. One's own, and for chairs any; 409 for one that is not open."""
        item = self.get_object()
        permissions.can_change_action_item.require(viewer_of(request), item)
        person: Any = request.user
        return Response(self.get_serializer(close_action_item(actor=person, item=item)).data)


router = api_router()
router.register("groups", GroupViewSet, basename="api-group")
router.register("group-invitations", GroupInvitationViewSet, basename="api-group-invitation")
router.register("action-items", ActionItemViewSet, basename="api-action-item")
urlpatterns = router.urls
