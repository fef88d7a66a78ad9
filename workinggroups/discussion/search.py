"""Which entries of the discussion a grant of a topic finds."""

from collections.abc import Collection
from uuid import UUID

from django.db.models import QuerySet

from common.search.granted import Granted
from workinggroups.discussion.models import Post


def granted_topics(granted: Granted) -> Collection[UUID]:
    return granted.get("topic", frozenset())


def granted_posts(granted: Granted) -> QuerySet[Post, UUID]:
    posts = Post.objects.shown().filter(topic__uuid__in=granted_topics(granted))
    return posts.order_by().values_list("uuid", flat=True)
