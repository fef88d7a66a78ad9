"""Read deliverables, revisions, comments and publications; comment in a review."""

from django.conf import settings
from django.db.models import QuerySet
from django.http import Http404
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from common.access import Viewer
from common.api.access import Anybody
from common.api.serializers import (
    MomentField,
    StrictModelSerializer,
    StrictSerializer,
    field_named_as_in_base,
)
from common.api.viewsets import ReadViewSet, api_router, by, by_address, by_uuid, one_of, viewer_of
from common.comparisons.api import ComparisonSerializer, compared_numbers, comparison_response
from common.http.idempotency import idempotent
from common.text.figures import with_figures
from members.organizations.api import OrganizationNameSerializer
from members.people.api import PersonSerializer
from members.people.models import Person
from workinggroups.deliverables import pictures
from workinggroups.deliverables.actions.reviewing import add_comment
from workinggroups.deliverables.choices import DeliverableKind, DeliverableState
from workinggroups.deliverables.models import Deliverable, Publication, ReviewComment, Revision
from workinggroups.deliverables.queries import difference_of


class DeliverableSerializer(StrictModelSerializer[Deliverable]):
    group = serializers.CharField(source="group.slug", read_only=True)
    review_ends_at = MomentField(
        allow_null=True,
        read_only=True,
        help_text="When comments close for everyone: once the last day has ended everywhere on Earth.",
    )

    class Meta:
        model = Deliverable
        fields = [
            "uuid",
            "group",
            "number",
            "kind",
            "title",
            "summary",
            "state",
            "identifier",
            "licence",
            "review_until",
            "review_ends_at",
            "changed_at",
        ]


class RevisionSerializer(StrictModelSerializer[Revision]):
    deliverable = serializers.UUIDField(source="deliverable.uuid", read_only=True)

    class Meta:
        model = Revision
        fields = ["uuid", "deliverable", "number", "source", "changes", "sealed_at", "sha256"]


class CommentSerializer(StrictModelSerializer[ReviewComment]):
    author = PersonSerializer(read_only=True)
    organization = OrganizationNameSerializer(allow_null=True, read_only=True)
    revision = serializers.UUIDField(source="revision.uuid", read_only=True)
    html = serializers.SerializerMethodField()

    class Meta:
        model = ReviewComment
        fields = [
            "uuid",
            "revision",
            "number",
            "author",
            "organization",
            "quote",
            "source",
            "html",
            "state",
            "answer",
            "created_at",
            "answered_at",
        ]

    def get_html(self, comment: ReviewComment) -> str:
        revision = comment.revision
        shown = pictures.in_revision(revision.deliverable, revision, comment.html)
        return str(with_figures(comment.html, shown, settings.SITE_URL))


class AddCommentSerializer(StrictSerializer):
    """A comment on the revision in review; `quote` is the passage it is about."""

    source = field_named_as_in_base(serializers.CharField())
    quote = serializers.CharField(max_length=500, default="", allow_blank=True)


NUMBER = {"type": "integer", "minimum": 1, "maximum": 2**31 - 1}


class DeliverableViewSet(ReadViewSet[Deliverable]):
    """Deliverables that you can read, from the first draft on."""

    serializer_class = DeliverableSerializer
    filters = {
        "group": by_address("group__uuid__in", "group"),
        "state": one_of(DeliverableState.values, "state"),
        "kind": one_of(DeliverableKind.values, "kind"),
    }

    def rows(self, viewer: Viewer) -> QuerySet[Deliverable]:
        return Deliverable.objects.visible_to(viewer).select_related("group")

    @extend_schema(methods=["get"], responses=CommentSerializer(many=True))
    @extend_schema(
        methods=["post"], request=AddCommentSerializer, responses={201: CommentSerializer}
    )
    @action(detail=True, methods=["get", "post"])
    def comments(self, request: Request, **kwargs: object) -> Response:
        """List the comments of all reviews of the deliverable, or add one to the open review."""
        deliverable = self.get_object()
        if request.method == "POST":
            return self._add_comment(request, deliverable)
        comments = ReviewComment.objects.visible_to(viewer_of(request)).select_related(
            "author", "organization", "revision__deliverable__group"
        )
        comments = comments.filter(revision__deliverable=deliverable)
        return self.paged(comments, CommentSerializer, "uuid")

    @idempotent
    def _add_comment(self, request: Request, deliverable: Deliverable) -> Response:
        form = AddCommentSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        assert isinstance(request.user, Person)
        comment = add_comment(actor=request.user, deliverable=deliverable, **form.validated_data)
        return Response(CommentSerializer(comment).data, status=201)


class RevisionViewSet(ReadViewSet[Revision]):
    """The numbered texts of deliverables that you can read."""

    serializer_class = RevisionSerializer
    filters = {"deliverable": by_uuid("deliverable__uuid", "deliverable")}

    def rows(self, viewer: Viewer) -> QuerySet[Revision]:
        return Revision.objects.visible_to(viewer).select_related("deliverable__group")

    @extend_schema(
        parameters=[OpenApiParameter("before", NUMBER)],
        responses={200: ComparisonSerializer, 202: ComparisonSerializer},
    )
    @action(detail=True)
    def changes(self, request: Request, **kwargs: object) -> Response:
        """What changed since the previous revision, or since the earlier one that `before` names."""
        revision = self.get_object()
        asked = compared_numbers(request)
        earlier = self.get_queryset().filter(
            deliverable=revision.deliverable, number__lt=revision.number
        )
        if "after" in asked:
            raise serializers.ValidationError(
                {"after": ["Leave this out: the address already names the revision."]}
            )
        if "before" in asked:
            earlier = earlier.filter(number=asked["before"])
        older = earlier.order_by("-number").first()
        if older is None:
            if "before" in asked:
                raise Http404
            return comparison_response(None, revision.number, "")
        html = difference_of(older, revision)
        if html:
            before, after = (
                pictures.in_revision(row.deliverable, row, row.html) for row in (older, revision)
            )
            html = str(with_figures(html, {**before, **after}, settings.SITE_URL))
        return comparison_response(older.number, revision.number, html)


class AuthorSerializer(serializers.Serializer[dict[str, str]]):
    """An author as named on the day of publication."""

    name = serializers.CharField()
    organization = serializers.CharField(allow_blank=True)


class PublicationSerializer(StrictModelSerializer[Publication]):
    """A published version. A withdrawn one stays in the list and gives the reason."""

    version = serializers.CharField(source="number", read_only=True)
    authors = serializers.SerializerMethodField()
    group = serializers.CharField(source="group_name", read_only=True)
    path = serializers.CharField(source="get_absolute_url", read_only=True)

    class Meta:
        model = Publication
        fields = [
            "uuid",
            "identifier",
            "version",
            "title",
            "kind",
            "summary",
            "licence",
            "group",
            "authors",
            "sha256",
            "published_at",
            "is_latest",
            "withdrawn_at",
            "withdrawn_reason",
            "path",
        ]

    @extend_schema_field(AuthorSerializer(many=True))
    def get_authors(self, publication: Publication) -> list[dict[str, str]]:
        return [
            {"name": author["name"], "organization": author.get("organization", "")}
            for author in publication.authors
        ]


class PublicationViewSet(ReadViewSet[Publication]):
    """All publications. Anyone can read them."""

    permission_classes = [Anybody]
    serializer_class = PublicationSerializer
    filters = {
        "identifier": by("identifier"),
        "kind": one_of(DeliverableKind.values, "kind"),
        "licence": by("licence"),
    }

    def rows(self, viewer: Viewer) -> QuerySet[Publication]:
        return Publication.objects.all()


router = api_router()
router.register("deliverables", DeliverableViewSet, basename="api-deliverable")
router.register("revisions", RevisionViewSet, basename="api-revision")
router.register("publications", PublicationViewSet, basename="api-publication")
urlpatterns = router.urls
