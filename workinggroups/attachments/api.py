"""The files that hang on things of the groups one reads: to list, download, add and remove."""

from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.http.response import HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from common.access import Viewer
from common.api.parsers import StrictJSONParser
from common.api.serializers import StrictModelSerializer, StrictSerializer
from common.api.viewsets import ReadViewSet, api_router, by, by_address, by_uuid, viewer_of
from common.files.responses import download
from members.people.api import PersonSerializer
from workinggroups.attachments import actions, permissions
from workinggroups.attachments.models import Attachment
from workinggroups.attachments.places import find_place


class AttachmentSerializer(StrictModelSerializer[Attachment]):
    """A file, and by `kind` and `thing` what it hangs on."""

    group = serializers.CharField(source="group.slug", read_only=True)
    thing = serializers.UUIDField(source="thing_uuid", read_only=True)
    bytes = serializers.IntegerField(source="stored.bytes", read_only=True)
    media_type = serializers.CharField(source="stored.media_type", read_only=True)
    sha256 = serializers.CharField(source="stored.sha256", read_only=True)
    added_by = PersonSerializer(read_only=True)
    path = serializers.CharField(source="get_absolute_url", read_only=True)

    class Meta:
        model = Attachment
        fields = [
            "uuid",
            "group",
            "kind",
            "thing",
            "name",
            "media_type",
            "bytes",
            "sha256",
            "added_by",
            "added_at",
            "path",
        ]
        read_only_fields = fields


@extend_schema_field({"type": "string", "format": "binary", "minLength": 1})
class BinaryField(serializers.FileField):
    """A part of the form that holds a file: the library describes every file as a URI."""


class AttachSerializer(StrictSerializer):
    """A file, and by `kind` and `thing` what it is to hang on."""

    kind = serializers.CharField(max_length=32)
    thing = serializers.UUIDField()
    file = BinaryField()


class AttachmentViewSet(ReadViewSet[Attachment]):
    """Files of meetings, agenda items, topics and decisions."""

    serializer_class = AttachmentSerializer
    queryset = Attachment.objects.none()
    filters = {
        "group": by_address("group__uuid__in", "group"),
        "kind": by("kind"),
        "thing": by_uuid("thing_uuid", "thing"),
    }

    def rows(self, viewer: Viewer) -> QuerySet[Attachment]:
        present = Attachment.objects.visible_to(viewer).present()
        return present.select_related("group", "stored", "added_by")

    @extend_schema(
        request={"multipart/form-data": AttachSerializer}, responses={201: AttachmentSerializer}
    )
    def create(self, request: Request, **kwargs: Any) -> Response:
        """A file is added to a thing one may write on; sent as a form with a file."""
        form = AttachSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        data = form.validated_data
        viewer, person = viewer_of(request), request.user
        place = find_place(viewer, data["kind"], data["thing"])
        if place is None:
            raise Http404
        permissions.can_attach.require(viewer, place)
        added = actions.attach(
            actor=person,  # type: ignore[arg-type]
            kind=place.kind,
            uuid=place.uuid,
            upload=data["file"],
        )
        return Response(AttachmentSerializer(added).data, status=201)

    @extend_schema(responses={(200, "*/*"): OpenApiTypes.BINARY})
    @action(detail=True)
    def content(self, request: Request, **kwargs: Any) -> HttpResponseBase:
        """The file as it was uploaded."""
        attachment: Attachment = self.get_object()
        return download(attachment.stored, request._request)

    @extend_schema(request=None, responses={204: None})
    @action(detail=True, methods=["post"])
    def remove(self, request: Request, **kwargs: Any) -> Response:
        """The file no longer hangs there."""
        attachment: Attachment = self.get_object()
        person: Any = request.user
        actions.remove(actor=person, attachment=attachment)
        return Response(status=204)

    def get_parsers(self) -> list[Any]:
        return [MultiPartParser(), StrictJSONParser()]


router = api_router()
router.register("attachments", AttachmentViewSet, basename="api-attachment")
urlpatterns = router.urls
