"""The caller's own drafts, and previews of texts."""

import re
from typing import cast
from uuid import UUID

from django.db.models import QuerySet
from django.urls import path
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from common.access import Viewer
from common.api.access import SignedIn
from common.api.serializers import (
    StrictModelSerializer,
    StrictSerializer,
    TextField,
    field_named_as_in_base,
)
from common.api.viewsets import ReadViewSet, api_router, viewer_of
from common.drafts import actions
from common.drafts.choices import PREVIEWS_PER_MINUTE
from common.drafts.models import Draft
from common.http import throttling
from common.http.idempotency import idempotent
from common.http.redirects import PATH_MAX, is_own_path
from common.identifiers import new_uuid
from common.text.markdown import Unseen
from common.text.preview import Preview, preview


class DraftSerializer(StrictModelSerializer[Draft]):
    """Unsaved text of the caller in one form; `values` has the values of each field, as posted."""

    values = serializers.JSONField(source="fields", read_only=True)

    class Meta:
        model = Draft
        fields = ["uuid", "page", "form", "label", "values", "version", "saved_at"]


@extend_schema_field(
    {"type": "string", "maxLength": PATH_MAX, "pattern": r"^/(?![/\\])[^\\\x00-\x1f\x7f]*$"}
)
class OwnPathField(serializers.CharField):
    """A path of this site with its query."""

    def to_internal_value(self, data: str) -> str:
        path = super().to_internal_value(data)
        if not is_own_path(path):
            raise serializers.ValidationError("A path of this site, such as /groups/.")
        return path


FIELD_NAME = r"^[A-Za-z_][A-Za-z0-9_.-]*$"


@extend_schema_field(
    {
        "type": "object",
        "propertyNames": {"pattern": FIELD_NAME},
        "additionalProperties": {"type": "array", "items": {"type": "string"}},
    }
)
class ValuesField(serializers.DictField):
    """The values of each field by its name, as a list of texts."""

    child = serializers.ListField(child=TextField(allow_blank=True, trim_whitespace=False))

    def to_internal_value(self, data: dict[str, object]) -> dict[str, list[str]]:
        if isinstance(data, dict):
            strange = [name for name in data if not re.fullmatch(FIELD_NAME, str(name))]
            if strange:
                reason = "Field names can contain letters, digits, “_”, “-” and “.”."
                raise serializers.ValidationError({strange[0][:60]: [reason]})
        values: dict[str, list[str]] = super().to_internal_value(data)
        return values


class DraftInput(StrictSerializer):
    """The contents of a form. `version` is the version the caller has read; 0 for a new draft."""

    page = OwnPathField(max_length=PATH_MAX)
    form = serializers.RegexField(r"^[A-Za-z][A-Za-z0-9_-]*$", max_length=80)
    values = ValuesField()
    version = serializers.IntegerField(min_value=0, max_value=2**31 - 1, required=False, default=0)


class DraftViewSet(ReadViewSet[Draft]):
    """The caller's own drafts. Nobody can see the drafts of someone else."""

    serializer_class = DraftSerializer

    def rows(self, viewer: Viewer) -> QuerySet[Draft]:
        return Draft.objects.of(viewer.person_uuid)

    @extend_schema(request=DraftInput, responses={201: DraftSerializer})
    @idempotent
    def create(self, request: Request, **kwargs: object) -> Response:
        """Save the contents of a form as a draft."""
        return Response(DraftSerializer(self._save(request, new_uuid())).data, status=201)

    @extend_schema(request=DraftInput, responses=DraftSerializer)
    def update(self, request: Request, uuid: UUID, **kwargs: object) -> Response:
        """Save the draft again. If it has been saved since `version`, the answer is a new draft."""
        return Response(DraftSerializer(self._save(request, self.get_object().uuid)).data)

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, uuid: UUID, **kwargs: object) -> Response:
        """Discard the draft."""
        draft = self.get_object()
        actions.discard_draft(person_uuid=draft.person_uuid, uuid=draft.uuid)
        return Response(status=204)

    def _save(self, request: Request, uuid: UUID) -> Draft:
        form = DraftInput(data=request.data)
        form.is_valid(raise_exception=True)
        data = form.validated_data
        return actions.save_draft(
            person_uuid=cast(UUID, viewer_of(request).person_uuid),
            uuid=uuid,
            page=data["page"],
            form=data["form"],
            fields=data["values"],
            version=data["version"],
        )


class PreviewInput(StrictSerializer):
    source = field_named_as_in_base(serializers.CharField(allow_blank=True, trim_whitespace=False))
    kind = serializers.ChoiceField(choices=["document", "notes", "post"])


class UnseenSerializer(serializers.Serializer[Unseen]):
    line = serializers.IntegerField()
    sentence = serializers.CharField()


class PreviewSerializer(serializers.Serializer[Preview]):
    """Clean HTML, and the parts of the source that the page will not show."""

    html = serializers.CharField()
    unseen = UnseenSerializer(many=True)


class PreviewView(APIView):
    """Preview a text in Markdown. Nothing is stored."""

    permission_classes = [SignedIn]
    serializer_class = PreviewSerializer

    @extend_schema(request=PreviewInput, responses=PreviewSerializer)
    def post(self, request: Request, *args: object, **kwargs: object) -> Response:
        throttling.check("preview", viewer_of(request).person_id, PREVIEWS_PER_MINUTE, 60)
        form = PreviewInput(data=request.data)
        form.is_valid(raise_exception=True)
        shown = preview(form.validated_data["source"], form.validated_data["kind"])
        return Response(PreviewSerializer(shown).data)


router = api_router()
router.register("drafts", DraftViewSet, basename="api-draft")
urlpatterns = [*router.urls, path("preview/", PreviewView.as_view(), name="api-preview")]
