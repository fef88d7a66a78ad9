"""The models of this app whose formal acts are on record."""

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from common.access import Viewer
from common.record.registry import TrackedModel, register
from workinggroups.attachments.choices import FileAct
from workinggroups.discussion.choices import PostAct, TopicAct
from workinggroups.discussion.models import Post, Topic


def register_tracked_models() -> None:
    register(
        TrackedModel("topic", Topic, _("Topic"), (TopicAct, FileAct), _topics),
        TrackedModel("post", Post, _("Post"), (PostAct,)),
    )


def _topics(viewer: Viewer) -> QuerySet[Topic]:
    return Topic.objects.visible_to(viewer).select_related("group")
