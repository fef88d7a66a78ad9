"""Verbs of topics and posts in the record, and numbers with their units."""

from django.utils.translation import gettext_lazy as _

from common.record.verbs import Verb


class TopicAct(Verb):
    LOCKED = "locked", _("Closed to new posts")
    UNLOCKED = "unlocked", _("Opened to new posts")


class PostAct(Verb):
    HIDDEN = "hidden", _("Hidden")
    SHOWN = "shown", _("Shown again")


TOPICS_A_PAGE = 30
POSTS_A_PAGE = 50
