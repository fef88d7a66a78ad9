"""What an upgrade or a worker could not do right, to read: texts, files and mail.

Texts that read differently are for staff, and for chairs of their groups; the others for staff.
"""

from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.urls import path
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from alliance.portal import failed_files
from alliance.portal import text_changes as queries
from alliance.portal.failed_files import ShownFile
from alliance.portal.overview import held_mail
from alliance.portal.permissions import can_see_text_changes
from alliance.portal.text_changes import ShownChange
from common.access import Viewer
from common.access.reading import note_read
from common.api.access import SignedIn
from common.api.problems import check_query
from common.api.viewsets import ReadViewSet, api_router, one_of, viewer_of, yes_or_no
from common.files.models import StoredFile
from common.mail.pauses import pauses
from common.mail.queries import outbox
from common.text.choices import Outcome
from common.text.models import TextChange


class TextChangeSerializer(serializers.Serializer[ShownChange]):
    """One text; without label, path and words where the caller may not read it."""

    uuid = serializers.UUIDField(source="change.uuid")
    kind = serializers.CharField(source="change.kind")
    outcome = serializers.ChoiceField(source="change.outcome", choices=Outcome.choices)
    group = serializers.CharField(source="group.slug", default=None, allow_null=True)
    is_readable = serializers.BooleanField()
    label = serializers.CharField()  # type: ignore[assignment]
    path = serializers.CharField(source="url")
    reason = serializers.SerializerMethodField()
    before = serializers.SerializerMethodField()
    after = serializers.SerializerMethodField()
    changed_at = serializers.DateTimeField(source="change.changed_at")
    seen_at = serializers.DateTimeField(source="change.seen_at", allow_null=True)

    def get_reason(self, shown: ShownChange) -> str:
        return shown.change.reason if shown.is_readable else ""

    def get_before(self, shown: ShownChange) -> str:
        """Some former words around the first difference."""
        return shown.change.excerpt_before if shown.is_readable else ""

    def get_after(self, shown: ShownChange) -> str:
        """Some present words around the first difference."""
        return shown.change.excerpt_after if shown.is_readable else ""


class TextChangeViewSet(ReadViewSet[TextChange]):
    """Stored texts whose words an upgrade changed, or that it could not render."""

    serializer_class = TextChangeSerializer
    queryset = TextChange.objects.none()
    filters = {
        "unseen": yes_or_no("unseen", "seen_at"),
        "outcome": one_of(Outcome.values, "outcome"),
    }

    def rows(self, viewer: Viewer) -> QuerySet[TextChange]:
        if not can_see_text_changes(viewer):
            raise Http404
        rows = TextChange.objects.visible_to(viewer).defer("words_before", "words_after")
        return queries.readable_changes(viewer) if self.action == "retrieve" else rows

    def get_serializer(self, *args: Any, **kwargs: Any) -> Any:
        """What may be told of the texts is asked for the whole page at once."""
        if args:
            many = bool(kwargs.get("many"))
            items = queries.shown(args[0] if many else [args[0]], viewer_of(self.request))
            args = (items if many else items[0], *args[1:])
        return super().get_serializer(*args, **kwargs)


class FailedFileSerializer(serializers.Serializer[ShownFile]):
    """One file; without name and path where the caller may not read it."""

    uuid = serializers.UUIDField(source="stored.pk")
    kind = serializers.CharField()
    bytes = serializers.IntegerField(source="stored.bytes")
    group = serializers.CharField(source="group.slug", default=None, allow_null=True)
    is_readable = serializers.BooleanField()
    name = serializers.CharField()
    path = serializers.CharField(source="url")
    reasons = serializers.ListField(child=serializers.CharField())
    failed_at = serializers.DateTimeField(allow_null=True)


class FailedFileViewSet(ReadViewSet[StoredFile]):
    """Files whose words search could not take, or whose picture pages cannot show."""

    serializer_class = FailedFileSerializer
    queryset = StoredFile.objects.none()
    lookup_field = "pk"
    lookup_url_kwarg = "uuid"

    def rows(self, viewer: Viewer) -> QuerySet[StoredFile]:
        if not viewer.is_staff:
            raise Http404
        return failed_files.failed_files()

    def get_serializer(self, *args: Any, **kwargs: Any) -> Any:
        if args:
            many = bool(kwargs.get("many"))
            files = list(args[0]) if many else [args[0]]
            items = failed_files.shown(files, viewer_of(self.request))
            for item in items:
                if item.is_readable and item.group is not None:
                    note_read(self.request._request, item.group.pk, item.url)
            args = (items if many else items[0], *args[1:])
        return super().get_serializer(*args, **kwargs)


class MailDeliverySerializer(serializers.Serializer[Any]):
    """Whether mail goes out. `held_since` is set while mail is held after a restore, until staff
    release it, and `away_until` while the relay is left alone because it did not answer."""

    held_since = serializers.DateTimeField(allow_null=True)
    held_mails = serializers.IntegerField(help_text="Mails that wait for the release.")
    away_until = serializers.DateTimeField(allow_null=True)
    waiting_since = serializers.DateTimeField(
        allow_null=True, help_text="Since when the oldest mail that is due waits."
    )
    counts = serializers.DictField(
        child=serializers.IntegerField(), help_text="How many mails are in each state."
    )


class MailDeliveryView(APIView):
    """Whether mail goes out, for staff."""

    permission_classes = [SignedIn]

    @extend_schema(responses=MailDeliverySerializer, operation_id="mail_delivery")
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        check_query(request)
        if not viewer_of(request).is_staff:
            raise Http404
        box = outbox()
        return Response(
            MailDeliverySerializer(
                {
                    **held_mail(),
                    "away_until": pauses().away_until,
                    "waiting_since": box.waiting_since,
                    "counts": box.counts,
                }
            ).data
        )


router = api_router()
router.register("failed-files", FailedFileViewSet, basename="api-failed-file")
router.register("text-changes", TextChangeViewSet, basename="api-text-change")
urlpatterns = [
    *router.urls,
    path("mail-delivery/", MailDeliveryView.as_view(), name="api-mail-delivery"),
]
