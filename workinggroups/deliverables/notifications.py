"""Notifications of reviews, comments, approvals and publications."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common import days
from common.access import Viewer
from common.access.content import grants_for
from common.ui.date_format import day_words, moment_words
from members.people.models import Person
from notifications.choices import Category
from notifications.registry import register
from notifications.targets import ModelNotification
from notifications.types import NotificationContent
from workinggroups.deliverables.models import (
    Authorship,
    Deliverable,
    Editorship,
    Publication,
    ReviewComment,
    Revision,
)
from workinggroups.groups.notifications import content_in
from workinggroups.groups.queries import chairs_of, members_of, members_reading, readers_of


@dataclass(frozen=True, kw_only=True)
class DeliverableNotification(ModelNotification[Deliverable]):
    """About a deliverable; by default for the members of the group who can read it."""

    category = Category.DELIVERABLES
    target_field = "deliverable"

    group: int
    deliverable: int

    def recipients(self) -> QuerySet[Person]:
        return members_reading(self._deliverable())

    @classmethod
    def visible(cls, viewer: Viewer) -> QuerySet[Deliverable]:
        return Deliverable.objects.visible_to(viewer).select_related("group")

    def _deliverable(self) -> Deliverable | None:
        return Deliverable.objects.filter(pk=self.deliverable).first()


@dataclass(frozen=True, kw_only=True)
class ReviewOpened(DeliverableNotification):
    name = "review_opened"
    label = gettext_lazy("A review opens")

    revision: int  # its number

    def content(self, deliverable: Deliverable, viewer: Viewer) -> NotificationContent:
        facts = {"title": deliverable.title, "number": self.revision}
        until = deliverable.review_until
        return content_about(
            deliverable,
            title=_("In review: %(title)s, revision %(number)d") % facts,
            detail=_("Comments close at the end of %(day)s anywhere on Earth: %(moment)s your time")
            % {
                "day": day_words(until, weekday=True),
                "moment": moment_words(days.end_of(until), viewer.zone),
            }
            if until
            else _("The review has ended"),
        )


@dataclass(frozen=True, kw_only=True)
class ChangesRequested(DeliverableNotification):
    name = "changes_requested"
    label = gettext_lazy("Changes are requested in a deliverable you edit")

    revision: int  # the number of the revision that was reviewed

    def recipients(self) -> QuerySet[Person]:
        deliverable = self._deliverable()
        return editors_of(deliverable) if deliverable else Person.objects.none()

    def content(self, deliverable: Deliverable, viewer: Viewer) -> NotificationContent:
        facts = {"title": deliverable.title, "number": self.revision}
        return content_about(
            deliverable,
            title=_("Changes requested: %(title)s, revision %(number)d") % facts,
            detail=deliverable.returned_reason,
        )


@dataclass(frozen=True, kw_only=True)
class DeliverableApproved(DeliverableNotification):
    name = "deliverable_approved"
    label = gettext_lazy("A deliverable is approved")

    decision: int  # its number

    # The last day of the review that the approval ended early, as in ISO 8601; empty otherwise.
    early_until: str = ""

    def content(self, deliverable: Deliverable, viewer: Viewer) -> NotificationContent:
        detail = _("Decision D-%(decision)d") % {"decision": self.decision}
        if self.early_until:
            day = day_words(date.fromisoformat(self.early_until))
            facts = {"decision": self.decision, "day": day}
            detail = _("Decision D-%(decision)d, before the review ended on %(day)s") % facts
        return content_about(
            deliverable,
            title=_("Approved: %(title)s") % {"title": deliverable.title},
            detail=detail,
        )


@dataclass(frozen=True, kw_only=True)
class CommentNotification(ModelNotification[ReviewComment]):
    """About a comment in a review."""

    category = Category.DELIVERABLES
    target_field = "comment"

    group: int
    comment: int

    @classmethod
    def visible(cls, viewer: Viewer) -> QuerySet[ReviewComment]:
        by_level = Q(revision__deliverable__in=Deliverable.objects.readable_by_level(viewer))
        granted = Q(revision__in=Revision.objects.visible_to(viewer))
        comments = ReviewComment.objects.filter(by_level | granted if viewer.granted else by_level)
        return comments.select_related("revision__deliverable__group", "author")

    def _comment(self) -> ReviewComment | None:
        comments = ReviewComment.objects.select_related("revision__deliverable")
        return comments.filter(pk=self.comment).first()


class CommentAdded(CommentNotification):
    name = "comment_added"
    label = gettext_lazy("Someone comments on a deliverable you edit")

    def recipients(self) -> QuerySet[Person]:
        """The editors; without editors, the chairs."""
        comment = self._comment()
        if comment is None:
            return Person.objects.none()
        deliverable = comment.revision.deliverable
        editors = editors_of(deliverable)
        return editors if editors.exists() else chairs_of(deliverable.group_id)

    def content(self, comment: ReviewComment, viewer: Viewer) -> NotificationContent:
        deliverable = comment.revision.deliverable
        return content_about(
            deliverable,
            title=_("%(person)s commented on %(title)s")
            % {"person": comment.author.name, "title": deliverable.title},
            detail=_("Comment %(number)d needs an answer") % {"number": comment.number},
            url=comment.get_absolute_url(),
            why=_("because you edit this deliverable"),
        )


class CommentAnswered(CommentNotification):
    name = "comment_answered"
    label = gettext_lazy("Your comment is answered")

    def recipients(self) -> QuerySet[Person]:
        """The author of the comment, while they can read the deliverable or this revision of it."""
        comment = self._comment()
        if comment is None:
            return Person.objects.none()
        deliverable = comment.revision.deliverable
        granted = grants_for(comment.revision)
        readers = readers_of(deliverable.group_id, deliverable.level, granted=granted)
        return readers.filter(pk=comment.author_id)

    def content(self, comment: ReviewComment, viewer: Viewer) -> NotificationContent:
        deliverable = comment.revision.deliverable
        return content_about(
            deliverable,
            title=_("Your comment on %(title)s was answered: %(state)s")
            % {"title": deliverable.title, "state": comment.get_state_display().lower()},
            detail=_("Comment %(number)d") % {"number": comment.number},
            url=comment.get_absolute_url(),
            why=_("because you wrote this comment"),
        )


@dataclass(frozen=True, kw_only=True)
class PublicationNotification(ModelNotification[Publication]):
    """About a publication, which anyone can read."""

    category = Category.DELIVERABLES
    target_field = "publication"

    group: int
    publication: int

    def recipients(self) -> QuerySet[Person]:
        """Members of the group, and the authors, editors and commenters of the deliverable."""
        publication = Publication.objects.filter(pk=self.publication).first()
        if publication is None:
            return Person.objects.none()
        deliverable = publication.deliverable_id
        authors = Authorship.objects.filter(deliverable=deliverable).values("person")
        editors = Editorship.objects.filter(deliverable=deliverable).values("person")
        comments = ReviewComment.objects.filter(revision__deliverable=deliverable)
        return Person.objects.active().filter(
            Q(pk__in=members_of(publication.deliverable.group_id).values("pk"))
            | Q(pk__in=authors)
            | Q(pk__in=editors)
            | Q(pk__in=comments.values("author"))
        )

    @classmethod
    def visible(cls, viewer: Viewer) -> QuerySet[Publication]:
        """All publications; the page of a withdrawn one says so."""
        return Publication.objects.select_related("deliverable__group")

    def content(self, publication: Publication, viewer: Viewer) -> NotificationContent:
        """Content about the publication; people outside the group read no more of it than is public."""
        deliverable = publication.deliverable
        title, detail = self.title_and_detail(publication)
        url = publication.get_absolute_url()
        if viewer.is_member(deliverable.group_id):
            return content_about(deliverable, title=title, detail=detail, url=url)
        return NotificationContent(
            title=title,
            detail=detail,
            url=url,
            why=_("because you worked or commented on this deliverable"),
            group_name=publication.group_name,
            group_slug=deliverable.group.list_name if publication.group_slug else "",
            thread_key=thread_key(deliverable),
            subject=deliverable.title,
        )

    def title_and_detail(self, publication: Publication) -> tuple[str, str]:
        raise NotImplementedError


class PublicationReleased(PublicationNotification):
    name = "published"
    label = gettext_lazy("A deliverable is published")

    def title_and_detail(self, publication: Publication) -> tuple[str, str]:
        facts = {"identifier": publication.identifier, "number": publication.number}
        return (
            _("Published: %(title)s") % {"title": publication},
            _("%(identifier)s, version %(number)s, is now in the public catalogue") % facts,
        )


class PublicationWithdrawn(PublicationNotification):
    name = "publication_withdrawn"
    label = gettext_lazy("A publication is withdrawn")

    def title_and_detail(self, publication: Publication) -> tuple[str, str]:
        return _("Withdrawn: %(title)s") % {"title": publication}, publication.withdrawn_reason


def editors_of(deliverable: Deliverable) -> QuerySet[Person]:
    """Return the editors who still have a seat in the group."""
    editors = Editorship.objects.current().filter(deliverable=deliverable).values("person")
    return members_of(deliverable.group_id).filter(pk__in=editors)


def thread_key(deliverable: Deliverable) -> str:
    return f"deliverable:{deliverable.uuid}"


def content_about(
    deliverable: Deliverable, *, title: str, detail: str, url: str = "", why: str = ""
) -> NotificationContent:
    """Return content about the deliverable, as part of its group."""
    return content_in(
        deliverable.group,
        title=title,
        url=url or deliverable.get_absolute_url(),
        why=why,
        detail=detail,
        thread_key=thread_key(deliverable),
        subject=deliverable.title,
    )


def register_notifications() -> None:
    register(
        ReviewOpened,
        CommentAdded,
        CommentAnswered,
        ChangesRequested,
        DeliverableApproved,
        PublicationReleased,
        PublicationWithdrawn,
    )
