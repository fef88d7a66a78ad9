"""What can be taken back in a discussion: following a topic, and muting it."""

from django.utils.translation import gettext as _

from common.access import viewer_for
from common.undo.light_acts import Facts, changed_since, register
from members.people.models import Person
from workinggroups.discussion import actions
from workinggroups.discussion.models import Topic

FOLLOW = "topic_follow"


def follow_as_before(person_id: int, facts: Facts) -> str:
    """Follow, mute or do neither, as before the act."""
    person = Person.objects.get(pk=person_id)
    topic = Topic.objects.visible_to(viewer_for(person_id)).filter(pk=facts["topic"]).first()
    if topic is None:
        raise changed_since()
    before = facts["before"]
    actions.restore_follow(actor=person, topic=topic, seen=facts["seen"], before=before)
    if before is None:
        return _("Undone. You neither follow nor mute this topic.")
    return _("Undone. This topic is muted.") if before else _("Undone. You follow this topic.")


def register_light_acts() -> None:
    register(FOLLOW, follow_as_before)
