"""Attached files: listing, downloading, adding and removing them."""

from django.db.models import QuerySet
from django.http import Http404
from django.http.response import HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.parsers import BaseParser, MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from common.access import Viewer
from common.api.parsers import StrictJSONParser
from common.api.serializers import StrictModelSerializer, StrictSerializer
from common.api.viewsets import ReadViewSet, api_router, by, by_address, by_uuid, viewer_of
from common.files.responses import download
from members.people.api import PersonSerializer
from members.people.requests import caller_of
from workinggroups.attachments import actions, permissions
from workinggroups.attachments.models import Attachment
from workinggroups.attachments.places import find_place


class AttachmentSerializer(StrictModelSerializer[Attachment]):
    """A file. `kind` and `thing` identify the object that it is attached to."""

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


@extend_schema_field({"type": "string", "format": "binary", "minLength": 1})
class BinaryField(serializers.FileField):
    """A file of a form. The library would describe it as a URI."""


class AttachSerializer(StrictSerializer):
    """A file. `kind` and `thing` identify the object to attach it to."""

    kind = serializers.CharField(max_length=32)
    thing = serializers.UUIDField()
    file = BinaryField()


class AttachmentViewSet(ReadViewSet[Attachment]):
    """Files of meetings, agenda items, topics and decisions."""

    serializer_class = AttachmentSerializer
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
    def create(self, request: Request, **kwargs: object) -> Response:
        """Attaches a file to an object that you can write on. Send it as multipart/form-data."""
        form = AttachSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        data = form.validated_data
        viewer = viewer_of(request)
        place = find_place(viewer, data["kind"], data["thing"])
        if place is None:
            raise Http404
        permissions.can_attach.require(viewer, place)
        added = actions.attach(
            actor=caller_of(request), kind=place.kind, uuid=place.uuid, upload=data["file"]
        )
        return Response(AttachmentSerializer(added).data, status=201)

    @extend_schema(responses={(200, "*/*"): OpenApiTypes.BINARY})
    @action(detail=True)
    def content(self, request: Request, **kwargs: object) -> HttpResponseBase:
        """The file as it was uploaded."""
        attachment: Attachment = self.get_object()
        return download(attachment.stored, request._request)

    @extend_schema(request=None, responses={204: None})
    @action(detail=True, methods=["post"])
    def remove(self, request: Request, **kwargs: object) -> Response:
        """Removes the file from the object that it is attached to."""
        actions.remove(actor=caller_of(request), attachment=self.get_object())
        return Response(status=204)

    def get_parsers(self) -> list[BaseParser]:
        return [MultiPartParser(), StrictJSONParser()]


router = api_router()
router.register("attachments", AttachmentViewSet, basename="api-attachment")
urlpatterns = router.urls
