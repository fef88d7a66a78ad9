"""Record what the group decided about the revision in review: approved, or not."""

from hashlib import sha256
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from common.access import viewer_for
from common.errors import Invalid, WrongState
from common.record.actions import record
from common.ui.date_format import day_words
from members.people.models import Person
from notifications.actions import notify
from workinggroups.decisions.actions import record_decision
from workinggroups.decisions.choices import Outcome
from workinggroups.decisions.models import Decision
from workinggroups.decisions.subjects import EarlyApproval
from workinggroups.deliverables.actions import indexing, states
from workinggroups.deliverables.actions.reviewing import approval_title, end_review, subject_of
from workinggroups.deliverables.choices import DeliverableAct
from workinggroups.deliverables.models import Deliverable, Revision
from workinggroups.deliverables.notifications import DeliverableApproved
from workinggroups.deliverables.permissions import can_lead
from workinggroups.deliverables.queries import last_revision
from workinggroups.groups.actions.guards import lock_group


def approve(
    *,
    actor: Person,
    deliverable: Deliverable,
    early: EarlyApproval | None = None,
    seen: int | None = None,
    **result: Any,
) -> Decision:
    """Record the group's decision to approve exactly the last revision, which ends the review.

    `result` is how it was decided, as `record_decision` takes it: method, counts, dissent, meeting
    and day. Until the last day of the review has ended everywhere on Earth, `early` has to name that
    day and give a reason, which stays on the decision and becomes public with the publication. `seen`
    is the number of the revision that the actor saw.

    Raises WrongState while comments are unanswered or when there is a later revision; Invalid for
    "early_reason" without that reason, or when the last day is another one meanwhile; and as
    `record_decision` does.
    """
    with transaction.atomic():
        deliverable, revision = _begin(actor, deliverable, "approve", seen)
        _check_answered(revision)
        early = _checked_early(deliverable, early)
        decision = record_decision(
            actor=actor,
            group=deliverable.group,
            title=approval_title(deliverable, revision),
            subject=subject_of(revision),
            outcome=Outcome.ADOPTED,
            early=early,
            is_notified=False,
            **result,
        )
        end_review(deliverable)
        facts = _facts(revision, decision)
        record(actor, DeliverableAct.APPROVED, deliverable, facts=facts)
        if early:
            why = {"until": early.until, "reason_sha256": sha256(early.reason.encode()).hexdigest()}
            record(actor, DeliverableAct.REVIEW_ENDED_EARLY, deliverable, facts={**facts, **why})
        indexing.index_deliverable(deliverable)
        approved = DeliverableApproved(
            group=deliverable.group_id,
            deliverable=deliverable.pk,
            decision=decision.number,
            early_until=early.until.isoformat() if early else "",
        )
        notify(approved, cause=decision.uuid, actor=actor, scope_uuid=deliverable.group.uuid)
    return decision


def reject(
    *, actor: Person, deliverable: Deliverable, seen: int | None = None, **result: Any
) -> Decision:
    """Record that the group did not approve the last revision, and notify the group.

    The deliverable stays in review, as long as it lasts: the chairs request changes, or record another
    decision on the same text. `result` and `seen` are as for `approve`. Raises as `record_decision`.
    """
    with transaction.atomic():
        deliverable, revision = _begin(actor, deliverable, "reject", seen)
        decision = record_decision(
            actor=actor,
            group=deliverable.group,
            title=approval_title(deliverable, revision),
            subject=subject_of(revision),
            outcome=Outcome.REJECTED,
            **result,
        )
        states.touch(deliverable)
        record(actor, DeliverableAct.NOT_APPROVED, deliverable, facts=_facts(revision, decision))
    return decision


def early_question(deliverable: Deliverable) -> str:
    """Return what to ask who approves before the review is over; empty once it is over."""
    until = deliverable.review_until
    if until is None or deliverable.review_is_over:
        return ""
    return _("The review ends on %(day)s. Approve early?") % {"day": day_words(until)}


def _begin(
    actor: Person, deliverable: Deliverable, verb: str, seen: int | None
) -> tuple[Deliverable, Revision]:
    """Lock group and deliverable, and check right, state and revision; return both as they are now."""
    # `record_decision` locks the group too: always before the deliverable.
    lock_group(deliverable.group)
    deliverable = states.lock(deliverable)
    can_lead.require(viewer_for(actor.pk), deliverable)
    states.move(deliverable, verb)
    revision = last_revision(deliverable)
    if seen is not None and seen != revision.number:
        message = _(
            "Revision %(number)d is in review now. Read it before you record a decision on it."
        )
        raise WrongState(message % {"number": revision.number})
    return deliverable, revision


def _checked_early(deliverable: Deliverable, early: EarlyApproval | None) -> EarlyApproval | None:
    """Return why the approval does not wait; None once the review is over. Raises Invalid."""
    question = early_question(deliverable)
    if not question:
        return None
    if early is None or not early.reason.strip():
        message = _("%(question)s Give a reason, which stays in public.")
        raise Invalid(message % {"question": question}, "early_reason")
    if early.until != deliverable.review_until:
        message = _("The last day of the review is another one now. %(question)s")
        raise Invalid(message % {"question": question}, "early_reason")
    return EarlyApproval(early.until, early.reason.strip())


def _check_answered(revision: Revision) -> None:
    unanswered = revision.comments.open().count()
    if unanswered:
        raise WrongState(
            ngettext(
                "%(count)d comment is unanswered. Answer it first.",
                "%(count)d comments are unanswered. Answer them first.",
                unanswered,
            )
            % {"count": unanswered}
        )


def _facts(revision: Revision, decision: Decision) -> dict[str, object]:
    return {
        "revision": revision.number,
        "sha256": revision.sha256,
        "decision": decision.uuid,
    }
