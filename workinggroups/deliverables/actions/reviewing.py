"""A review of one sealed revision: comments, answers, and how it ends."""

from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

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
from workinggroups.decisions.actions import record_decision
from workinggroups.decisions.models import Decision
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
    DeliverableApproved,
    ReviewOpened,
)
from workinggroups.deliverables.permissions import (
    can_comment,
    can_edit,
    can_lead,
    can_settle_comment,
)
from workinggroups.deliverables.queries import editor_ids, last_revision
from workinggroups.groups.actions.guards import lock_group


def open_review(
    *, actor: Person, deliverable: Deliverable, until: date, reviewers: str = Reviewers.GROUP
) -> Revision:
    """The last revision is sealed and offered for comments until the end of a day.

    The day ends for everybody once it has ended everywhere on Earth. `reviewers` may widen reading
    and commenting to the whole alliance for the time of the review, for a group whose card the
    alliance may see. Reviewers are told. Raises Invalid for a day that is past by the actor's
    calendar or years away, for reviewers who may not know of the group, and for an empty revision.
    """
    _check_until(actor, until)
    with transaction.atomic():
        deliverable = states.locked(deliverable)
        can_lead.require(viewer_for(actor.pk), deliverable)
        states.move(deliverable, "open_review")
        revision = last_revision(deliverable)
        if not revision.is_sealed:
            revision = seal_open(actor=actor, deliverable=deliverable)
        deliverable.level = _level_for(deliverable, reviewers)
        deliverable.review_until = until
        deliverable.returned_reason = ""
        _save(deliverable, "level", "review_until", "returned_reason")
        facts = {"revision": revision.number, "until": until}
        record(actor, DeliverableAct.REVIEW_OPENED, deliverable, facts=facts)
        indexing.index_deliverable(deliverable)
        notify(
            ReviewOpened(
                group=deliverable.group_id, deliverable=deliverable.pk, revision=revision.number
            ),
            cause=revision.uuid,
            actor=actor,
            scope_uuid=deliverable.group.uuid,
        )
    return revision


def add_comment(
    *, actor: Person, deliverable: Deliverable, source: str, quote: str = ""
) -> ReviewComment:
    """The comment stands under the next number of the revision in review; the editors are told.

    `quote` is the words it is about. The commenter's organization of this day is copied. Raises
    WrongState outside a review, and once its last day is over.
    """
    html = render(source, TextKind.POST)
    with transaction.atomic():
        deliverable = states.locked(deliverable)
        viewer = viewer_for(actor.pk)
        can_comment.require(viewer, deliverable)
        states.check(deliverable, "add_comment")
        if deliverable.review_until and deliverable.review_is_over:
            raise WrongState(
                _("Comments were taken until %(day)s. The next revision in review takes new ones.")
                % {"day": moment_words(days.end_of(deliverable.review_until), actor.zone)}
            )
        revision = last_revision(deliverable)
        numbers = revision.comments.aggregate(highest=Max("number"))
        comment = ReviewComment.objects.create(
            revision=revision,
            number=(numbers["highest"] or 0) + 1,
            author=actor,
            organization_id=seat_organization_id(viewer, deliverable.group_id)
            or next(iter(sorted(viewer.organization_ids)), None),
            quote=" ".join(quote.split()),
            source=source,
            **html_fields(html),
        )
        link(
            actor_uuid=actor.uuid,
            from_kind="comment",
            from_uuid=comment.uuid,
            relation="on",
            to_kind="revision",
            to_uuid=revision.uuid,
        )
        _notify_comment(CommentAdded, comment, deliverable, actor)
    return comment


def answer_comment(
    *, actor: Person, comment: ReviewComment, disposition: str, answer: str
) -> ReviewComment:
    """The comment is answered, in words and with what comes of it; its author is told.

    An answer may be given again as long as the review is open, and asks anew whether it settles
    the matter. Raises WrongState for a comment that was taken back.
    """
    if disposition not in DISPOSITIONS:
        raise Invalid(_("Say what comes of the comment."), "disposition")
    if not answer.strip():
        raise Invalid(_("An answer says why."), "answer")
    with transaction.atomic():
        deliverable = states.locked(comment.revision.deliverable)
        can_edit.require(viewer_for(actor.pk), deliverable, editor_ids(deliverable))
        states.check(deliverable, "answer_comment")
        comment = ReviewComment.objects.select_for_update(of=("self",)).get(pk=comment.pk)
        if comment.state == CommentState.WITHDRAWN:
            raise WrongState(_("This comment was taken back; it needs no answer."))
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
    """The commenter says whether the answer settles the matter; both stay on the record."""
    can_settle_comment.require(viewer_for(actor.pk), comment)
    with transaction.atomic():
        comment = ReviewComment.objects.select_for_update(of=("self",)).get(pk=comment.pk)
        if not comment.is_answered or comment.state == CommentState.WITHDRAWN:
            raise WrongState(_("There is no answer yet that could settle it."))
        comment.is_settled = is_settled
        comment.save(update_fields=["is_settled"])
        record(actor, CommentAct.SETTLED if is_settled else CommentAct.NOT_SETTLED, comment)
    return comment


def withdraw_comment(*, actor: Person, comment: ReviewComment) -> ReviewComment:
    """The commenter takes an open comment back; it stays readable and needs no answer."""
    can_settle_comment.require(viewer_for(actor.pk), comment)
    with transaction.atomic():
        comment = ReviewComment.objects.select_for_update(of=("self",)).get(pk=comment.pk)
        if comment.state != CommentState.OPEN:
            raise WrongState(_("Only a comment that waits for an answer is taken back."))
        comment.state = CommentState.WITHDRAWN
        comment.save(update_fields=["state"])
    return comment


def request_changes(*, actor: Person, deliverable: Deliverable, reason: str) -> Revision:
    """The review ends without approval: a new revision is open, and the editors know why."""
    if not reason.strip():
        raise Invalid(_("Say what has to change."), "reason")
    with transaction.atomic():
        deliverable = states.locked(deliverable)
        can_lead.require(viewer_for(actor.pk), deliverable)
        states.move(deliverable, "request_changes")
        revision = open_next(actor=actor, deliverable=deliverable)
        deliverable.returned_reason = reason.strip()
        _end_review(deliverable, "returned_reason")
        facts = {"revision": revision.number - 1}
        record(actor, DeliverableAct.CHANGES_REQUESTED, deliverable, facts=facts)
        indexing.index_deliverable(deliverable)
        notify(
            ChangesRequested(
                group=deliverable.group_id,
                deliverable=deliverable.pk,
                revision=revision.number - 1,
            ),
            cause=revision.uuid,
            actor=actor,
            scope_uuid=deliverable.group.uuid,
        )
    return revision


def approve(*, actor: Person, deliverable: Deliverable, **result: Any) -> Decision:
    """The group's approval of exactly this revision stands in the register, and nothing is left open.

    `result` is how it was decided, as `record_decision` takes it: method, counts, dissent, meeting
    and day. Raises WrongState while comments wait for an answer, and as `record_decision` does.
    """
    with transaction.atomic():
        lock_group(deliverable.group)  # the decision locks it too, and it comes first
        deliverable = states.locked(deliverable)
        can_lead.require(viewer_for(actor.pk), deliverable)
        states.move(deliverable, "approve")
        revision = last_revision(deliverable)
        _check_answered(revision)
        decision = record_decision(
            actor=actor,
            group=deliverable.group,
            title=approval_title(deliverable, revision),
            subject=subject_of(revision),
            is_announced=False,
            **result,
        )
        _end_review(deliverable)
        record(
            actor,
            DeliverableAct.APPROVED,
            deliverable,
            facts={
                "revision": revision.number,
                "sha256": revision.sha256,
                "decision": decision.uuid,
            },
        )
        indexing.index_deliverable(deliverable)
        notify(
            DeliverableApproved(
                group=deliverable.group_id, deliverable=deliverable.pk, decision=decision.number
            ),
            cause=decision.uuid,
            actor=actor,
            scope_uuid=deliverable.group.uuid,
        )
    return decision


def subject_of(revision: Revision) -> Subject:
    """What an approval names: these very words and files."""
    return Subject("revision", revision.uuid, revision.sha256)


def approval_title(deliverable: Deliverable, revision: Revision) -> str:
    """The sentence of the register; a long title is cut so that it fits."""
    words = _("Approve %(title)s, revision %(number)d")
    room = 200 - len(words % {"title": "", "number": revision.number})
    title = deliverable.title
    if len(title) > room:
        title = title[: room - 1] + "…"
    return words % {"title": title, "number": revision.number}


# --- parts of these acts -----------------------------------------------------------------------


def _check_until(actor: Person, until: date) -> None:
    today = days.today_in(actor.zone)
    if until < today:
        raise Invalid(_("This day is past. A review needs time to come."), "until")
    if until > today + timedelta(days=REVIEW_MAX_DAYS):
        raise Invalid(_("This day is years away. Choose one within two years."), "until")


def _level_for(deliverable: Deliverable, reviewers: str) -> Level:
    own = deliverable.group.content_level
    if reviewers != Reviewers.ALLIANCE:
        return own
    if deliverable.group.profile_level > Level.ALLIANCE:
        raise Invalid(
            _("The alliance does not know of this group, so only the group can review."),
            "reviewers",
        )
    return min(own, Level.ALLIANCE)


def _check_answered(revision: Revision) -> None:
    waiting = revision.comments.filter(state=CommentState.OPEN).count()
    if waiting:
        raise WrongState(
            ngettext(
                "%(count)d comment waits for an answer. Answer it first.",
                "%(count)d comments wait for an answer. Answer them first.",
                waiting,
            )
            % {"count": waiting}
        )


def _end_review(deliverable: Deliverable, *fields: str) -> None:
    """Whoever was let in for the review only is out again."""
    deliverable.level = deliverable.group.content_level
    deliverable.review_until = None
    _save(deliverable, "level", "review_until", *fields)


def _save(deliverable: Deliverable, *fields: str) -> None:
    deliverable.save(update_fields=["state", "changed_at", "version", *fields])


def _notify_comment(
    type_: type[CommentNotification],
    comment: ReviewComment,
    deliverable: Deliverable,
    actor: Person,
) -> None:
    moment = comment.answered_at or comment.created_at
    notify(
        type_(group=deliverable.group_id, comment=comment.pk),
        cause=f"{comment.uuid}:{moment.timestamp()}",
        actor=actor,
        scope_uuid=deliverable.group.uuid,
    )
