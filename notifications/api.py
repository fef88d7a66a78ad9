"""The caller's own inbox, and marking a notification as read."""

from collections.abc import Sequence
from typing import cast

from django.db.models import F, QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_serializer
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from common.access import Viewer
from common.api.viewsets import ReadViewSet, api_router, viewer_of, yes_or_no
from common.http.pagination import CursorPagination
from members.people.models import Person
from notifications.actions import mark_read
from notifications.content import ShownNotification, with_contents
from notifications.models import Notification


# Generated clients have a class of this name.
@extend_schema_serializer(component_name="Notice")
class NotificationSerializer(serializers.Serializer[ShownNotification]):
    """A notification as its reader can see it now; empty texts when they can no longer read it."""

    uuid = serializers.UUIDField(source="notification.event.uuid")
    kind = serializers.CharField(source="notification.event.kind")
    title = serializers.CharField(source="content.title", default="")
    detail = serializers.CharField(source="content.detail", default="")
    path = serializers.CharField(source="content.url", default="")
    why = serializers.CharField(source="content.why", default="")
    at = serializers.DateTimeField(source="notification.event.at")
    read_at = serializers.DateTimeField(source="notification.read_at", allow_null=True)


class NotificationPages(CursorPagination):
    """Ordered by the public id of the event, since a notification has none."""

    ordering = "-event_uuid"


class NotificationViewSet(ReadViewSet[Notification]):
    """The caller's inbox, latest first."""

    serializer_class = NotificationSerializer
    pagination_class = NotificationPages
    lookup_field = "event__uuid"
    lookup_url_kwarg = "uuid"
    filters = {"unread": yes_or_no("unread", "read_at")}

    def rows(self, viewer: Viewer) -> QuerySet[Notification]:
        return Notification.objects.visible_to(viewer).annotate(event_uuid=F("event__uuid"))

    def get_serializer(
        self, notifications: Notification | Sequence[Notification] | None = None, **options: object
    ) -> serializers.BaseSerializer[Notification]:
        """Load the contents of the whole page at once."""
        if notifications is None:
            return super().get_serializer(**options)
        if isinstance(notifications, Notification):
            items = with_contents([notifications], viewer_of(self.request))
            return super().get_serializer(items[0], **options)
        return super().get_serializer(
            with_contents(notifications, viewer_of(self.request)), **options
        )

    @extend_schema(request=None, responses=NotificationSerializer)
    @action(detail=True, methods=["post"])
    def read(self, request: Request, **kwargs: object) -> Response:
        """Mark the notification as read. Repeating this changes nothing."""
        notification = self.get_object()
        mark_read(actor=cast(Person, request.user), notification_ids=[notification.pk])
        notification.refresh_from_db(fields=["read_at"])
        return Response(self.get_serializer(notification).data)


router = api_router()
router.register("notices", NotificationViewSet, basename="api-notice")
urlpatterns = router.urls
