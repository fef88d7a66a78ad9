"""The public history of a publication, from its first draft to this version."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from common.ui.date_format import day_words
from workinggroups.decisions.choices import Method
from workinggroups.decisions.models import Decision
from workinggroups.deliverables.choices import CommentState
from workinggroups.deliverables.models import Publication, Revision


@dataclass(frozen=True, slots=True)
class Step:
    """One event of the history. `detail` may hold text that a person typed: escape it.

    `day` is the day that people named for the event; pages show it instead of the day of `at`.
    """

    at: datetime
    what: str
    detail: str = ""
    is_decision: bool = False
    day: date | None = None


def history_of(publication: Publication) -> list[Step]:
    """Return the steps in order; the caller selects approval, its meeting and deliverable as well.

    A publication makes public how many revisions and comments there were, and its approval with
    counts, dissent and the reason for not waiting for the end of the review. It names no commenter,
    no decision that rejected an earlier text, and no meeting of a group that is not named.
    """
    steps = [Step(publication.deliverable.created_at, _("Work started"))]
    steps += [_reviewed(revision) for revision in _revisions(publication)]
    steps.append(_approved(publication))
    published = _("Published as version %(number)s") % {"number": publication.number}
    steps.append(Step(publication.published_at, published, day=publication.published_on))
    if publication.withdrawn_at:
        reason = publication.withdrawn_reason
        steps.append(Step(publication.withdrawn_at, _("Withdrawn"), reason, is_decision=True))
    return sorted(steps, key=lambda step: step.at)


def result_words(decision: Decision) -> str:
    """Return "two thirds of votes cast, 27 organizations for, 2 against, 2 abstained"."""
    return ", ".join(
        filter(None, [str(Method(decision.method).label).lower(), decision.tally.words])
    )


def _revisions(publication: Publication) -> list[Revision]:
    """Return the sealed revisions up to the published one, with counts of comments by answer."""
    states = {
        "comments_made": ~Q(comments__state=CommentState.WITHDRAWN) & Q(comments__isnull=False),
        "accepted": Q(comments__state=CommentState.ACCEPTED),
        "partly": Q(comments__state=CommentState.PARTLY),
        "rejected": Q(comments__state=CommentState.REJECTED),
    }
    sealed = Revision.objects.sealed().filter(
        deliverable=publication.deliverable_id, number__lte=publication.revision.number
    )
    counts = {name: Count("comments", filter=state) for name, state in states.items()}
    return list(sealed.only("number", "sealed_at").annotate(**counts).order_by("number"))


def _reviewed(revision: Revision) -> Step:
    counted: dict[str, int] = revision.__dict__
    what = _("Revision %(number)d was sealed") % {"number": revision.number}
    detail = ""
    if count := counted["comments_made"]:
        comments = ngettext("%(count)d comment", "%(count)d comments", count) % {"count": count}
        answers = [
            words % {"count": counted[name]}
            for name, words in (
                ("accepted", _("%(count)d accepted")),
                ("partly", _("%(count)d partly accepted")),
                ("rejected", _("%(count)d not accepted")),
            )
            if counted[name]
        ]
        detail = f"{comments}: {', '.join(answers)}" if answers else comments
    assert revision.sealed_at is not None
    return Step(revision.sealed_at, what, detail)


def _approved(publication: Publication) -> Step:
    decision = publication.approval
    facts = {"number": decision.number, "result": result_words(decision)}
    what = _("Approved by decision D-%(number)d: %(result)s") % facts
    details = []
    if decision.meeting and decision.meeting.number and publication.is_group_named:
        details.append(_("At meeting %(number)d") % {"number": decision.meeting.number})
    if decision.early_until:
        until = {"day": day_words(decision.early_until), "reason": decision.early_reason}
        details.append(_("Before the review ended on %(day)s. The reason: %(reason)s") % until)
    detail = "\n".join(details)
    return Step(decision.decided_at, what, detail, is_decision=True, day=decision.decided_on)
