"""Action items: listing them, and closing one."""

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from common.access import Viewer
from common.api.serializers import StrictModelSerializer
from common.api.viewsets import ReadViewSet, by_address, by_day, by_uuid, one_of, viewer_of
from common.http.idempotency import idempotent
from members.people.api import PersonSerializer
from members.people.requests import caller_of
from workinggroups.groups.actions import add_comment, close_action_item
from workinggroups.groups.api.comments import (
    ActionItemCommentSerializer,
    AddActionItemCommentSerializer,
)
from workinggroups.groups.choices import ActionItemState
from workinggroups.groups.models import ActionItem, ActionItemComment
from workinggroups.groups.permissions import can_change_action_item, can_comment_on_item


class ActionItemSerializer(StrictModelSerializer[ActionItem]):
    group = serializers.CharField(source="group.slug", read_only=True)
    owner = PersonSerializer(
        allow_null=True, read_only=True, help_text="The first of the owners, who leads."
    )
    owners = PersonSerializer(many=True, read_only=True)
    meeting = serializers.UUIDField(
        source="source_uuid",
        allow_null=True,
        read_only=True,
        help_text="The meeting from whose notes the item comes.",
    )

    class Meta:
        model = ActionItem
        fields = [
            "uuid",
            "group",
            "number",
            "text",
            "owner",
            "owners",
            "due_on",
            "state",
            "meeting",
            "created_at",
            "closed_at",
        ]


_OWN_COLUMNS = [field.name for field in ActionItem._meta.concrete_fields]
# Only what the serializer and `can_change_action_item` read: a list makes fifty of each.
_LISTED = (
    ActionItem.objects.select_related("group", "owner")
    .only(*_OWN_COLUMNS, "group__slug", "owner__uuid", "owner__name")
    .with_owners()
)


class ActionItemViewSet(ReadViewSet[ActionItem]):
    """Action items of the groups that you can read."""

    serializer_class = ActionItemSerializer
    filters = {
        "group": by_address("group__uuid__in", "group"),
        "state": one_of(ActionItemState.values, "state"),
        "owner": by_uuid("ownerships__person__uuid", "owner"),
        "due_before": by_day("due_on__lt", "due_before"),
        "due_after": by_day("due_on__gt", "due_after"),
        "meeting": by_uuid("source_uuid", "meeting"),
    }

    def rows(self, viewer: Viewer) -> QuerySet[ActionItem]:
        return _LISTED.visible_to(viewer)

    @extend_schema(request=None, responses=ActionItemSerializer)
    @action(detail=True, methods=["post"])
    def close(self, request: Request, **kwargs: object) -> Response:
        """Marks an open action item as done. Its owners and the chairs can do this; 409 for an item
        that is not open."""
        item: ActionItem = self.get_object()
        can_change_action_item.require(viewer_of(request), item)
        closed = close_action_item(actor=caller_of(request), item=item)
        return Response(self.get_serializer(closed).data)

    @extend_schema(methods=["get"], responses=ActionItemCommentSerializer(many=True))
    @extend_schema(
        methods=["post"],
        request=AddActionItemCommentSerializer,
        responses={201: ActionItemCommentSerializer},
    )
    @action(detail=True, methods=["get", "post"])
    def comments(self, request: Request, **kwargs: object) -> Response:
        """Lists the comments on an action item, or adds one. Its owners are notified."""
        item = self.get_object()
        if request.method == "POST":
            return self._add_comment(request, item)
        comments = ActionItemComment.objects.visible_to(viewer_of(request)).shown().with_names()
        return self.paged(comments.filter(item=item), ActionItemCommentSerializer, "number")

    @idempotent
    def _add_comment(self, request: Request, item: ActionItem) -> Response:
        form = AddActionItemCommentSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        can_comment_on_item.require(viewer_of(request), item)
        comment = add_comment(actor=caller_of(request), item=item, **form.validated_data)
        return Response(ActionItemCommentSerializer(comment).data, status=201)
