"""Topics and posts, to read."""

from typing import Any

from django.db.models import QuerySet
from rest_framework import serializers

from common.access import Viewer
from common.web.api import StrictModelSerializer
from common.web.viewsets import ReadViewSet, by, room_router
from members.organizations.api import OrganizationNameSerializer
from members.people.api import PersonSerializer
from workinggroups.discussion.models import Post, Topic


class TopicSerializer(StrictModelSerializer):
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
        read_only_fields = fields


class PostSerializer(StrictModelSerializer):
    topic = serializers.UUIDField(source="topic.uuid", read_only=True)
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
        read_only_fields = fields


class TopicViewSet(ReadViewSet):
    serializer_class = TopicSerializer
    queryset = Topic.objects.none()
    filters = {"group": by("group__slug")}

    def rows(self, viewer: Viewer) -> QuerySet[Any]:
        return Topic.objects.visible_to(viewer).select_related("group", "starter")


class PostViewSet(ReadViewSet):
    """Posts of the topics one reads; hidden ones are left out."""

    serializer_class = PostSerializer
    queryset = Post.objects.none()
    filters = {"topic": by("topic__uuid"), "group": by("topic__group__slug")}

    def rows(self, viewer: Viewer) -> QuerySet[Any]:
        return Post.objects.filter(
            topic__in=Topic.objects.visible_to(viewer), hidden_at__isnull=True
        ).select_related("topic", "author", "organization")


router = room_router()
router.register("topics", TopicViewSet, basename="api-topic")
router.register("posts", PostViewSet, basename="api-post")
urlpatterns = router.urls
