"""Texts that an upgrade changed, files that failed, and the delivery of mail.

Staff see all of them; chairs see the changed texts of their groups.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import QuerySet
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
from common.api.serializers import field_named_as_in_base
from common.api.viewsets import ReadViewSet, api_router, one_of, viewer_of, yes_or_no
from common.files.models import StoredFile
from common.http.errors import not_found_unless
from common.mail.pauses import pauses
from common.mail.queries import outbox
from common.text.choices import Outcome
from common.text.models import TextChange


class TextChangeSerializer(serializers.Serializer[ShownChange]):
    """A text that an upgrade changed; without label, path and words if the caller cannot read it."""

    uuid = serializers.UUIDField(source="change.uuid")
    kind = serializers.CharField(source="change.kind")
    outcome = serializers.ChoiceField(source="change.outcome", choices=Outcome.choices)
    group = serializers.CharField(source="group.slug", default=None, allow_null=True)
    is_readable = serializers.BooleanField()
    label = field_named_as_in_base(serializers.CharField())
    path = serializers.CharField(source="url")
    reason = serializers.SerializerMethodField()
    before = serializers.SerializerMethodField()
    after = serializers.SerializerMethodField()
    changed_at = serializers.DateTimeField(source="change.changed_at")
    seen_at = serializers.DateTimeField(source="change.seen_at", allow_null=True)

    def get_reason(self, shown: ShownChange) -> str:
        return shown.change.reason if shown.is_readable else ""

    def get_before(self, shown: ShownChange) -> str:
        """Some of the text before, around the first difference."""
        return shown.change.excerpt_before if shown.is_readable else ""

    def get_after(self, shown: ShownChange) -> str:
        """Some of the text now, around the first difference."""
        return shown.change.excerpt_after if shown.is_readable else ""


class TextChangeViewSet(ReadViewSet[TextChange]):
    """Stored texts whose words an upgrade changed, or that it could not render."""

    serializer_class = TextChangeSerializer
    filters = {
        "unseen": yes_or_no("unseen", "seen_at"),
        "outcome": one_of(Outcome.values, "outcome"),
    }

    def rows(self, viewer: Viewer) -> QuerySet[TextChange]:
        not_found_unless(can_see_text_changes(viewer))
        rows = TextChange.objects.visible_to(viewer).defer("words_before", "words_after")
        return queries.readable_changes(viewer) if self.action == "retrieve" else rows

    def get_serializer(
        self, changes: Sequence[TextChange] | TextChange | None = None, **options: object
    ) -> serializers.BaseSerializer[Any]:
        """Check once for the whole page what the viewer can read."""
        if changes is None:
            return super().get_serializer(**options)
        listed = [changes] if isinstance(changes, TextChange) else list(changes)
        shown = queries.shown_changes(listed, viewer_of(self.request))
        return super().get_serializer(shown if options.get("many") else shown[0], **options)


class FailedFileSerializer(serializers.Serializer[ShownFile]):
    """A file that failed; without name and path if the caller cannot read it."""

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
    """Files that search could not read, or whose picture pages cannot show."""

    serializer_class = FailedFileSerializer
    lookup_field = "pk"
    lookup_url_kwarg = "uuid"

    def rows(self, viewer: Viewer) -> QuerySet[StoredFile]:
        not_found_unless(viewer.is_staff)
        return failed_files.failed_files()

    def get_serializer(
        self, files: Sequence[StoredFile] | StoredFile | None = None, **options: object
    ) -> serializers.BaseSerializer[Any]:
        """Check once for the whole page what the viewer can read; note it as read."""
        if files is None:
            return super().get_serializer(**options)
        listed = [files] if isinstance(files, StoredFile) else list(files)
        shown = failed_files.shown_files(listed, viewer_of(self.request))
        for file in shown:
            if file.is_readable and file.group is not None:
                note_read(self.request._request, file.group.pk, file.url)
        return super().get_serializer(shown if options.get("many") else shown[0], **options)


class MailDeliverySerializer(serializers.Serializer[Mapping[str, object]]):
    """Whether mail is delivered. `held_since` is set while mail is held after a restore, until staff
    release it; `away_until` while we wait before trying a mail relay that did not answer."""

    held_since = serializers.DateTimeField(allow_null=True)
    held_mails = serializers.IntegerField(help_text="E-mails that are held.")
    away_until = serializers.DateTimeField(allow_null=True)
    waiting_since = serializers.DateTimeField(
        allow_null=True, help_text="When the oldest e-mail that is still waiting was due."
    )
    counts = serializers.DictField(
        child=serializers.IntegerField(), help_text="The number of e-mails in each state."
    )


class MailDeliveryView(APIView):
    """Whether mail is delivered. For staff only."""

    permission_classes = [SignedIn]

    @extend_schema(responses=MailDeliverySerializer, operation_id="mail_delivery")
    def get(self, request: Request) -> Response:
        check_query(request)
        not_found_unless(viewer_of(request).is_staff)
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
