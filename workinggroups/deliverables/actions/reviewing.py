"""Review a sealed revision: comments, answers, and the end of the review."""

from datetime import date, timedelta

from django.db import transaction
from django.db.models import Max, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from common import days
from common.access import Level, viewer_for
from common.errors import Invalid, WrongState
from common.links.actions import link
from common.record.actions import record
from common.text.markdown import TextKind, render
from common.text.rendered import html_fields
from common.ui.date_format import moment_words
from members.people.models import Person
from notifications.actions import notify
from workinggroups.decisions.choices import TITLE_MAX_CHARACTERS
from workinggroups.decisions.subjects import Subject
from workinggroups.deliverables.actions import indexing, states
from workinggroups.deliverables.actions.drafting import open_next, seal_open
from workinggroups.deliverables.actions.people import seat_organization_id
from workinggroups.deliverables.choices import (
    DISPOSITIONS,
    REVIEW_MAX_DAYS,
    CommentAct,
    CommentState,
    DeliverableAct,
    Reviewers,
)
from workinggroups.deliverables.models import Deliverable, ReviewComment, Revision
from workinggroups.deliverables.notifications import (
    ChangesRequested,
    CommentAdded,
    CommentAnswered,
    CommentNotification,
    ReviewOpened,
)
from workinggroups.deliverables.permissions import (
    can_comment,
    can_edit,
    can_lead,
    can_settle_comment,
)
from workinggroups.deliverables.queries import editor_ids, last_revision


def open_review(
    *, actor: Person, deliverable: Deliverable, until: date, reviewers: str = Reviewers.GROUP
) -> Revision:
    """Seal the last revision and open it for comments until the end of the day `until`.

    That is when the day has ended everywhere on Earth. With Reviewers.ALLIANCE the whole alliance
    can read and comment during the review. Notifies the group. Raises Invalid for a day that is
    past by the actor's calendar or years away, for the whole alliance as reviewers of a group that
    it cannot see, and for an empty revision.
    """
    _check_until(actor, until)
    with transaction.atomic():
        deliverable = states.lock(deliverable)
        can_lead.require(viewer_for(actor.pk), deliverable)
        states.move(deliverable, "open_review")
        revision = last_revision(deliverable)
        if not revision.is_sealed:
            revision = seal_open(actor=actor, deliverable=deliverable)
        deliverable.level = _level_for(deliverable, reviewers)
        deliverable.review_until = until
        deliverable.returned_reason = ""
        states.touch(deliverable, "state", "level", "review_until", "returned_reason")
        facts = {"revision": revision.number, "until": until}
        record(actor, DeliverableAct.REVIEW_OPENED, deliverable, facts=facts)
        indexing.index_deliverable(deliverable)
        opened = ReviewOpened(
            group=deliverable.group_id, deliverable=deliverable.pk, revision=revision.number
        )
        notify(opened, cause=revision.uuid, actor=actor, scope_uuid=deliverable.group.uuid)
    return revision


def add_comment(
    *, actor: Person, deliverable: Deliverable, source: str, quote: str = ""
) -> ReviewComment:
    """Add a comment under the next number of the revision in review, and notify the editors.

    `quote` is the passage that the comment is about. The commenter's organization of this day is
    copied. Raises WrongState outside a review, and once its last day is over.
    """
    html = render(source, TextKind.POST)
    with transaction.atomic():
        deliverable = states.lock(deliverable)
        viewer = viewer_for(actor.pk)
        can_comment.require(viewer, deliverable)
        states.check(deliverable, "add_comment")
        if deliverable.review_until and deliverable.review_is_over:
            raise WrongState(
                _("Comments closed on %(day)s. You can comment when the next review opens.")
                % {"day": moment_words(days.end_of(deliverable.review_until), actor.zone)}
            )
        revision = last_revision(deliverable)
        numbers = revision.comments.aggregate(highest=Max("number"))
        comment = ReviewComment.objects.create(
            revision=revision,
            number=(numbers["highest"] or 0) + 1,
            author=actor,
            organization_id=seat_organization_id(viewer, deliverable.group_id)
            or min(viewer.organization_ids, default=None),
            quote=" ".join(quote.split()),
            source=source,
            **html_fields(html),
        )
        link(
            actor_uuid=actor.uuid,
            source=("comment", comment.uuid),
            relation="on",
            target=("revision", revision.uuid),
        )
        _notify_comment(CommentAdded, comment, deliverable, actor)
    return comment


def answer_comment(
    *, actor: Person, comment: ReviewComment, disposition: str, answer: str
) -> ReviewComment:
    """Answer a comment with a disposition and in words, and notify its author.

    While the review is open the answer can be replaced; the commenter is then asked again whether
    it satisfies them. Raises WrongState for a comment that was withdrawn.
    """
    if disposition not in DISPOSITIONS:
        raise Invalid(_("Choose an outcome."), "disposition")
    if not answer.strip():
        raise Invalid(_("Explain your answer."), "answer")
    with transaction.atomic():
        deliverable = states.lock(comment.revision.deliverable)
        can_edit.require(viewer_for(actor.pk), deliverable, editor_ids(deliverable))
        states.check(deliverable, "answer_comment")
        comment = ReviewComment.objects.select_for_update(of=("self",)).get(pk=comment.pk)
        if comment.state == CommentState.WITHDRAWN:
            raise WrongState(_("This comment has been withdrawn, so it needs no answer."))
        comment.state = CommentState(disposition)
        comment.answer = answer.strip()
        comment.answered_by = actor
        comment.answered_at = timezone.now()
        comment.is_settled = None
        comment.save(update_fields=["state", "answer", "answered_by", "answered_at", "is_settled"])
        facts = {"disposition": disposition, "revision": comment.revision.uuid}
        record(actor, CommentAct.ANSWERED, comment, facts=facts)
        _notify_comment(CommentAnswered, comment, deliverable, actor)
    return comment


def say_settled(*, actor: Person, comment: ReviewComment, is_settled: bool) -> ReviewComment:
    """Record whether the answer satisfies the commenter."""
    can_settle_comment.require(viewer_for(actor.pk), comment)
    with transaction.atomic():
        comment = ReviewComment.objects.select_for_update(of=("self",)).get(pk=comment.pk)
        if not comment.is_answered or comment.state == CommentState.WITHDRAWN:
            raise WrongState(_("This comment has not been answered yet."))
        comment.is_settled = is_settled
        comment.save(update_fields=["is_settled"])
        record(actor, CommentAct.SETTLED if is_settled else CommentAct.NOT_SETTLED, comment)
    return comment


def withdraw_comment(*, actor: Person, comment: ReviewComment) -> ReviewComment:
    """Withdraw an open comment, which stays readable and needs no answer."""
    can_settle_comment.require(viewer_for(actor.pk), comment)
    with transaction.atomic():
        comment = ReviewComment.objects.select_for_update(of=("self",)).get(pk=comment.pk)
        if comment.state != CommentState.OPEN:
            raise WrongState(_("You can only withdraw a comment that has not been answered."))
        comment.state = CommentState.WITHDRAWN
        comment.save(update_fields=["state"])
    return comment


def request_changes(*, actor: Person, deliverable: Deliverable, reason: str) -> Revision:
    """End the review without approval, open a new revision, and notify the editors of the reason."""
    if not reason.strip():
        raise Invalid(_("Say what needs to change."), "reason")
    with transaction.atomic():
        deliverable = states.lock(deliverable)
        can_lead.require(viewer_for(actor.pk), deliverable)
        states.move(deliverable, "request_changes")
        revision = open_next(actor=actor, deliverable=deliverable)
        deliverable.returned_reason = reason.strip()
        end_review(deliverable, "returned_reason")
        facts = {"revision": revision.number - 1}
        record(actor, DeliverableAct.CHANGES_REQUESTED, deliverable, facts=facts)
        indexing.index_deliverable(deliverable)
        requested = ChangesRequested(
            group=deliverable.group_id, deliverable=deliverable.pk, revision=revision.number - 1
        )
        notify(requested, cause=revision.uuid, actor=actor, scope_uuid=deliverable.group.uuid)
    return revision


def end_reviews(*, actor: Person, deliverables: QuerySet[Deliverable]) -> int:
    """End the reviews of these deliverables without approval, since their group concludes.

    Return how many there were. Comments stay as they are. Notifies nobody: the group is told of its
    conclusion.
    """
    locked = [states.lock(each) for each in deliverables.order_by("pk")]
    reviewed = [each for each in locked if states.may_start(each, "end_review")]
    for deliverable in reviewed:
        states.move(deliverable, "end_review")
        end_review(deliverable)
        record(actor, DeliverableAct.REVIEW_ENDED, deliverable)
        indexing.index_deliverable(deliverable)
    return len(reviewed)


def subject_of(revision: Revision) -> Subject:
    """Return the subject of an approval: exactly this text with its files."""
    return Subject("revision", revision.uuid, revision.sha256)


def approval_title(deliverable: Deliverable, revision: Revision) -> str:
    """Return the title of the decision; a long title of the deliverable is cut to fit."""
    sentence = _("Approve %(title)s, revision %(number)d")
    available = TITLE_MAX_CHARACTERS - len(sentence % {"title": "", "number": revision.number})
    title = deliverable.title
    if len(title) > available:
        title = title[: available - 1] + "…"
    return sentence % {"title": title, "number": revision.number}


def _check_until(actor: Person, until: date) -> None:
    today = days.today_in(actor.zone)
    if until < today:
        raise Invalid(_("This day is in the past. Choose today or a later day."), "until")
    if until > today + timedelta(days=REVIEW_MAX_DAYS):
        raise Invalid(_("Choose a day within the next two years."), "until")


def _level_for(deliverable: Deliverable, reviewers: str) -> Level:
    own = deliverable.group.content_level
    if reviewers != Reviewers.ALLIANCE:
        return own
    if deliverable.group.profile_level > Level.ALLIANCE:
        raise Invalid(
            _("This group is not visible to the whole alliance, so only the group can review."),
            "reviewers",
        )
    return min(own, Level.ALLIANCE)


def end_review(deliverable: Deliverable, *fields: str) -> None:
    """End the review, and with it the access of readers outside the group."""
    deliverable.level = deliverable.group.content_level
    deliverable.review_until = None
    states.touch(deliverable, "state", "level", "review_until", *fields)


def _notify_comment(
    type_: type[CommentNotification],
    comment: ReviewComment,
    deliverable: Deliverable,
    actor: Person,
) -> None:
    moment = comment.answered_at or comment.created_at
    cause = f"{comment.uuid}:{moment.timestamp()}"
    notification = type_(group=deliverable.group_id, comment=comment.pk)
    notify(notification, cause=cause, actor=actor, scope_uuid=deliverable.group.uuid)
