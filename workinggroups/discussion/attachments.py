"""Files attached to topics: who can add them, and until when."""

from collections.abc import Mapping
from uuid import UUID

from django.utils.translation import gettext as _

from common.access import Viewer
from common.text.figures import Picture
from workinggroups.attachments.places import Place
from workinggroups.attachments.queries import attached_to, pictures_in
from workinggroups.discussion.models import Topic
from workinggroups.discussion.permissions import can_lock_topic, can_reply

TOPIC = "topic"


def find_topic(viewer: Viewer, uuid: UUID, lock: bool) -> Place | None:
    topics = Topic.objects.visible_to(viewer)
    if lock:
        topics = topics.select_for_update(of=("self",), no_key=True)
    topic: Topic | None = topics.select_related("group").filter(uuid=uuid).first()
    if topic is None:
        return None
    return Place(
        kind=TOPIC,
        uuid=uuid,
        group=topic.group,
        level=topic.level,
        tab="discussion",
        title=topic.title,
        url=topic.get_absolute_url(),
        can_attach=can_reply.gives_right(viewer, topic),
        can_remove_others=can_lock_topic.gives_right(viewer, topic),
        refusal=can_reply.refusal(viewer, topic),
        closed=_("This topic is closed. You can no longer add or remove files.")
        if topic.is_locked
        else "",
        recorded_of=topic,
    )


def pictures_at(viewer: Viewer, arguments: Mapping[str, str | int]) -> Mapping[str, Picture]:
    """Return the pictures for a post that is written at an address with these arguments."""
    topics = Topic.objects.visible_to(viewer).select_related("group")
    topic = topics.filter(group__slug=arguments["slug"], number=arguments["number"]).first()
    return pictures_in(attached_to(topic.group, {TOPIC: [topic.uuid]})) if topic else {}
