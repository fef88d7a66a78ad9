from django.db import models
from django.utils.translation import gettext_lazy as _

from common.record.verbs import Verb


class DeliverableKind(models.TextChoices):
    """The letter in identifiers such as AS-7, the seventh standard of the alliance."""

    STANDARD = "S", _("Standard")
    GUIDE = "G", _("Guide")
    BENCHMARK = "B", _("Benchmark")
    TOOL = "T", _("Tool")
    DATASET = "D", _("Dataset")
    TEACHING = "E", _("Teaching material")
    REPORT = "R", _("Report")


class DeliverableState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    REVIEW = "review", _("In review")
    APPROVED = "approved", _("Approved")
    PUBLISHED = "published", _("Published")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    DROPPED = "dropped", _("Dropped")


class CommentState(models.TextChoices):
    OPEN = "open", _("Open")
    ACCEPTED = "accepted", _("Accepted")
    PARTLY = "partly", _("Partly accepted")
    REJECTED = "rejected", _("Not accepted")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class Reviewers(models.TextChoices):
    """Who is asked to read and comment."""

    GROUP = "group", _("The group")
    ALLIANCE = "alliance", _("The whole alliance")


class DeliverableAct(Verb):
    CREATED = "created", _("Created")
    EDITOR_NAMED = "editor_named", _("Editor added")
    EDITOR_RELEASED = "editor_released", _("Editor removed")
    AUTHORS_NAMED = "authors_named", _("Authors changed")
    REVIEW_OPENED = "review_opened", _("Review opened")
    CHANGES_REQUESTED = "changes_requested", _("Changes requested")
    REVIEW_ENDED = "review_ended", _("Review ended")
    APPROVED = "approved", _("Approved")
    REVIEW_ENDED_EARLY = "review_ended_early", _("Review ended early by approval")
    NOT_APPROVED = "not_approved", _("Not approved")
    DROPPED = "dropped", _("Dropped")
    RESUMED = "resumed", _("Resumed")


class RevisionAct(Verb):
    SEALED = "sealed", _("Sealed")


class CommentAct(Verb):
    ANSWERED = "answered", _("Answered")
    SETTLED = "settled", _("Answer accepted")
    NOT_SETTLED = "not_settled", _("Answer contested")


class PublicationAct(Verb):
    PUBLISHED = "published", _("Published")
    WITHDRAWN = "withdrawn", _("Withdrawn")


# What editors can answer a comment with.
DISPOSITIONS = [CommentState.ACCEPTED, CommentState.PARTLY, CommentState.REJECTED]

REVISION_MAX_FILES = 20
EDITORS_MAX = 20
AUTHORS_MAX = 60

# A later end is nearly always a slip of the year.
REVIEW_MAX_DAYS = 731
