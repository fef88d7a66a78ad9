"""The register of decisions, to read."""

from collections.abc import Sequence

from django.db.models import OuterRef, QuerySet, Subquery
from rest_framework import serializers

from common.access import Viewer
from common.api.serializers import StrictModelSerializer
from common.api.viewsets import ReadViewSet, api_router, by_address, one_of
from workinggroups.attachments.shown import attach_pictures, html_of
from workinggroups.decisions.attachments import DECISION
from workinggroups.decisions.choices import DecisionState, Method, Outcome, Unit
from workinggroups.decisions.models import Decision
from workinggroups.meetings.models import Meeting


class DecisionSerializer(StrictModelSerializer[Decision]):
    group = serializers.CharField(source="group.slug", read_only=True)
    html = serializers.SerializerMethodField()
    meeting = serializers.UUIDField(source="seen_meeting", allow_null=True, read_only=True)

    class Meta:
        model = Decision
        fields = [
            "uuid",
            "group",
            "number",
            "title",
            "html",
            "outcome",
            "method",
            "votes_for",
            "votes_against",
            "abstentions",
            "unit",
            "dissent",
            "state",
            "decided_on",
            "decided_at",
            "meeting",
            "is_by_hand",
            "subject_kind",
            "subject_uuid",
            "subject_sha256",
            "early_until",
            "early_reason",
        ]
        read_only_fields = fields

    def get_html(self, decision: Decision) -> str:
        return html_of(decision, DECISION, decision.group, decision.uuid)


class DecisionViewSet(ReadViewSet[Decision]):
    """Decisions of the groups you can read."""

    serializer_class = DecisionSerializer
    queryset = Decision.objects.none()
    filters = {
        "group": by_address("group__uuid__in", "group"),
        "outcome": one_of(Outcome.values, "outcome"),
        "method": one_of(Method.values, "method"),
        "unit": one_of(Unit.values, "unit"),
        "state": one_of(DecisionState.values, "state"),
    }

    def rows(self, viewer: Viewer) -> QuerySet[Decision]:
        visible = Meeting.objects.visible_to(viewer).filter(pk=OuterRef("meeting"))
        decisions: QuerySet[Decision] = Decision.objects.visible_to(viewer).select_related("group")
        return decisions.annotate(seen_meeting=Subquery(visible.values("uuid")))

    def prepare_page(self, rows: Sequence[Decision]) -> None:
        super().prepare_page(rows)
        attach_pictures(((row, row.group, row.uuid) for row in rows), DECISION)


router = api_router()
router.register("decisions", DecisionViewSet, basename="api-decision")
urlpatterns = router.urls
