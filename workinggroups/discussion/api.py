"""Topics and posts: reading them, and replying."""

from collections.abc import Sequence

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from common.access import Viewer
from common.api.serializers import StrictModelSerializer, StrictSerializer, field_named_as_in_base
from common.api.viewsets import ReadViewSet, api_router, by_address, by_uuid, viewer_of
from common.http.idempotency import idempotent
from members.organizations.api import OrganizationNameSerializer
from members.people.api import PersonSerializer
from members.people.requests import caller_of
from workinggroups.attachments.shown import attach_pictures, html_of
from workinggroups.discussion import permissions
from workinggroups.discussion.actions import add_post
from workinggroups.discussion.attachments import TOPIC
from workinggroups.discussion.models import Post, Topic


class TopicSerializer(StrictModelSerializer[Topic]):
    group = serializers.CharField(source="group.slug", read_only=True)
    starter = PersonSerializer(read_only=True)

    class Meta:
        model = Topic
        fields = [
            "uuid",
            "group",
            "number",
            "title",
            "starter",
            "created_at",
            "last_post_at",
            "post_count",
            "locked_at",
        ]


class PostSerializer(StrictModelSerializer[Post]):
    topic = serializers.UUIDField(source="topic.uuid", read_only=True)
    html = serializers.SerializerMethodField()
    author = PersonSerializer(read_only=True)
    organization = OrganizationNameSerializer(allow_null=True, read_only=True)

    class Meta:
        model = Post
        fields = [
            "uuid",
            "topic",
            "number",
            "author",
            "organization",
            "source",
            "html",
            "created_at",
            "edited_at",
            "version",
        ]

    def get_html(self, post: Post) -> str:
        return html_of(post, TOPIC, post.topic.group, post.topic.uuid)


class ReplySerializer(StrictSerializer):
    """A post in Markdown."""

    source = field_named_as_in_base(serializers.CharField(trim_whitespace=False))


class TopicViewSet(ReadViewSet[Topic]):
    """Topics of the groups that you can read."""

    serializer_class = TopicSerializer
    filters = {"group": by_address("group__uuid__in", "group")}

    def rows(self, viewer: Viewer) -> QuerySet[Topic]:
        return Topic.objects.visible_to(viewer).select_related("group", "starter")

    @extend_schema(request=ReplySerializer, responses={201: PostSerializer})
    @action(detail=True, methods=["post"])
    def reply(self, request: Request, **kwargs: object) -> Response:
        """Adds a post at the end of the topic; 409 if the topic is closed."""
        # Fetched before `idempotent` repeats an earlier response: the caller may no longer read it.
        return self._reply(request, self.get_object())

    @idempotent
    def _reply(self, request: Request, topic: Topic) -> Response:
        form = ReplySerializer(data=request.data)
        form.is_valid(raise_exception=True)
        permissions.can_reply.require(viewer_of(request), topic)
        post = add_post(actor=caller_of(request), topic=topic, **form.validated_data)
        return Response(PostSerializer(post).data, status=201)


class PostViewSet(ReadViewSet[Post]):
    """Posts of the topics that you can read, without hidden ones."""

    serializer_class = PostSerializer
    filters = {
        "topic": by_uuid("topic__uuid", "topic"),
        "group": by_address("topic__group__uuid__in", "group"),
    }

    def rows(self, viewer: Viewer) -> QuerySet[Post]:
        return Post.objects.visible_to(viewer).shown().with_names()

    def prepare_page(self, rows: Sequence[Post]) -> None:
        super().prepare_page(rows)
        attach_pictures(((post, post.topic.group, post.topic.uuid) for post in rows), TOPIC)


router = api_router()
router.register("topics", TopicViewSet, basename="api-topic")
router.register("posts", PostViewSet, basename="api-post")
urlpatterns = router.urls
