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
from common.web.api_access import Anybody, SignedIn
from common.web.serializers import StrictModelSerializer, StrictSerializer
from common.web.viewsets import ReadViewSet, by, by_address, one_of, room_router, viewer_of
from members.organizations.api import OrganizationNameSerializer
from members.organizations.models import Organization
from members.people.api import PersonSerializer
from workinggroups.groups import permissions
from workinggroups.groups.actions.action_items import close_action_item
from workinggroups.groups.actions.participation import ask_to_join, join
from workinggroups.groups.choices import (
    ActionItemState,
    Admission,
    GroupState,
    ParticipationLevel,
)
from workinggroups.groups.models import ActionItem, Group, Seat


class GroupSerializer(StrictModelSerializer):
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


class GroupViewSet(ReadViewSet):
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

    def rows(self, viewer: Viewer) -> QuerySet[Any]:
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

    @extend_schema(request=JoinSerializer, responses={200: JoinedSerializer, 202: JoinedSerializer})
    @action(detail=True, methods=["post"], permission_classes=[SignedIn])
    def join(self, request: Request, **kwargs: Any) -> Response:
        """Takes part in an open group, or asks the chairs of one that admits by request."""
        group = self.get_object()
        form = JoinSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        behalf = self._organization(viewer_of(request), form.validated_data.get("organization"))
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

    def _organization(self, viewer: Viewer, slug: str | None) -> Organization | None:
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


class ActionItemSerializer(StrictModelSerializer):
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


class ActionItemViewSet(ReadViewSet):
    """What the groups one reads have to do."""

    serializer_class = ActionItemSerializer
    queryset = ActionItem.objects.none()
    filters = {
        "group": by_address("group__uuid__in", "group"),
        "state": one_of(ActionItemState.values, "state"),
        "owner": by("owner__uuid"),
    }

    def rows(self, viewer: Viewer) -> QuerySet[Any]:
        return _SHOWN_ITEMS.visible_to(viewer)

    @extend_schema(request=None, responses=ActionItemSerializer)
    @action(detail=True, methods=["post"])
    def close(self, request: Request, **kwargs: Any) -> Response:
        """It is done. One's own, and for chairs any; 409 for one that is not open."""
        item = self.get_object()
        if not permissions.can_change_action_item(viewer_of(request), item):
            self.permission_denied(request, message="Only its owner or a chair closes an item.")
        person: Any = request.user
        return Response(self.get_serializer(close_action_item(actor=person, item=item)).data)


router = room_router()
router.register("groups", GroupViewSet, basename="api-group")
router.register("action-items", ActionItemViewSet, basename="api-action-item")
urlpatterns = router.urls
