"""Open a review, comment, answer, and end the review."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from common.access import Level
from common.http.form_handling import posted, refusals_shown_in, status_of
from common.http.once import once
from common.http.sign_in_required import login_required
from members.people.requests import PersonRequest
from workinggroups.decisions.models import Decision
from workinggroups.decisions.queries.decisions import meetings_begun, usual_unit
from workinggroups.deliverables import actions, pictures
from workinggroups.deliverables.actions import states
from workinggroups.deliverables.actions.approval import early_question
from workinggroups.deliverables.forms import (
    AnswerForm,
    ApprovalForm,
    CommentForm,
    ReasonForm,
    ReviewForm,
)
from workinggroups.deliverables.models import Deliverable, ReviewComment
from workinggroups.deliverables.permissions import can_comment, can_edit, can_lead
from workinggroups.deliverables.queries import editor_ids, last_revision
from workinggroups.deliverables.views.page_frame import deliverable_page_context, get_deliverable
from workinggroups.deliverables.views.reading import revision_context


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def open_review(request: PersonRequest, slug: str, number: int) -> HttpResponse:
    """Let the chairs open the last revision for comments."""
    deliverable = get_deliverable(request, slug, number)
    can_lead.require(request.viewer, deliverable)
    states.check(deliverable, "open_review")
    group = deliverable.group
    form = ReviewForm(
        posted(request),
        can_widen=group.profile_level <= Level.ALLIANCE < group.content_level,
        zone=request.user.zone,
    )
    if form.is_valid():
        with refusals_shown_in(form):
            actions.open_review(actor=request.user, deliverable=deliverable, **form.cleaned_data)
            messages.success(request, _("Review opened. The group has been notified."))
            return redirect(deliverable)
    context = {
        **deliverable_page_context(request, deliverable),
        "form": form,
        "revision": last_revision(deliverable),
    }
    return render(request, "deliverables/review.html", context, status=status_of(form))


@require_POST
@login_required
@once
def comment(request: PersonRequest, slug: str, number: int) -> HttpResponse:
    """Add a comment on the revision in review."""
    deliverable = get_deliverable(request, slug, number)
    can_comment.require(request.viewer, deliverable)
    form = CommentForm(request.POST)
    if form.is_valid():
        with refusals_shown_in(form):
            added = actions.add_comment(
                actor=request.user, deliverable=deliverable, **form.cleaned_data
            )
            messages.success(request, _("Comment added. The editors have been notified."))
            return redirect(f"{deliverable.get_absolute_url()}#comment-{added.number}")
    context = revision_context(request, deliverable, comment_form=form)
    return render(request, "deliverables/revision.html", context, status=422)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def answer(request: PersonRequest, slug: str, number: int, uuid: str) -> HttpResponse:
    """Let the editors answer a comment."""
    deliverable = get_deliverable(request, slug, number)
    comment = _comment(request, deliverable, uuid)
    can_edit.require(request.viewer, deliverable, editor_ids(deliverable))
    states.check(deliverable, "answer_comment")
    answered = {"disposition": comment.state, "answer": comment.answer}
    form = AnswerForm(posted(request), initial=answered if comment.is_answered else {})
    if form.is_valid():
        with refusals_shown_in(form):
            actions.answer_comment(actor=request.user, comment=comment, **form.cleaned_data)
            return redirect(f"{deliverable.get_absolute_url()}#comment-{comment.number}")
    context = {
        **deliverable_page_context(request, deliverable),
        "form": form,
        "comment": comment,
        "pictures": pictures.in_revision(deliverable, comment.revision, comment.html),
    }
    return render(request, "deliverables/answer.html", context, status=status_of(form))


@require_POST
@login_required
def settled(request: PersonRequest, slug: str, number: int, uuid: str) -> HttpResponse:
    """Let the commenter say whether the answer satisfies them."""
    deliverable = get_deliverable(request, slug, number)
    comment = _comment(request, deliverable, uuid)
    is_settled = request.POST.get("settled") == "yes"
    actions.say_settled(actor=request.user, comment=comment, is_settled=is_settled)
    return redirect(f"{deliverable.get_absolute_url()}#comment-{comment.number}")


@require_POST
@login_required
def withdraw_comment(request: PersonRequest, slug: str, number: int, uuid: str) -> HttpResponse:
    """Let the commenter withdraw the comment."""
    deliverable = get_deliverable(request, slug, number)
    comment = _comment(request, deliverable, uuid)
    actions.withdraw_comment(actor=request.user, comment=comment)
    return redirect(f"{deliverable.get_absolute_url()}#comment-{comment.number}")


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def request_changes(request: PersonRequest, slug: str, number: int) -> HttpResponse:
    """End the review and return the text to its editors."""
    deliverable = get_deliverable(request, slug, number)
    can_lead.require(request.viewer, deliverable)
    states.check(deliverable, "request_changes")
    form = ReasonForm(posted(request), label=_("What needs to change"))
    if form.is_valid():
        actions.request_changes(actor=request.user, deliverable=deliverable, **form.cleaned_data)
        done = _("Changes requested. The editors have been notified and a new revision is open.")
        messages.success(request, done)
        return redirect(deliverable)
    context = {**deliverable_page_context(request, deliverable), "form": form}
    return render(request, "deliverables/changes.html", context, status=status_of(form))


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def approve(request: PersonRequest, slug: str, number: int) -> HttpResponse:
    """Record what the group decided about exactly the last revision."""
    deliverable = get_deliverable(request, slug, number)
    can_lead.require(request.viewer, deliverable)
    states.check(deliverable, "approve")
    form = ApprovalForm(
        posted(request),
        meetings=meetings_begun(deliverable.group),
        zone=request.user.zone,
        unit=usual_unit(deliverable.group),
    )
    if form.is_valid():
        with refusals_shown_in(form):
            decision = _decide(request, deliverable, form)
            facts = {"number": decision.number}
            done = (
                _("Rejection recorded as decision D-%(number)d. The group has been notified.")
                if decision.is_rejected
                else _("Approved by decision D-%(number)d.")
            )
            messages.success(request, done % facts)
            return redirect(deliverable)
    if form.is_bound:
        # The action saw the last day under its lock; it can be another one than at the beginning.
        deliverable.refresh_from_db(fields=["review_until"])
    revision = last_revision(deliverable)
    context = {
        **deliverable_page_context(request, deliverable),
        "form": form,
        "revision": revision,
        "unanswered": revision.comments.open().count(),
        "early_question": early_question(deliverable),
    }
    return render(request, "deliverables/approve.html", context, status=status_of(form))


def _decide(request: PersonRequest, deliverable: Deliverable, form: ApprovalForm) -> Decision:
    seen, result = form.cleaned_data["revision"], form.how_decided()
    if form.is_rejected:
        return actions.reject(actor=request.user, deliverable=deliverable, seen=seen, **result)
    return actions.approve(
        actor=request.user, deliverable=deliverable, early=form.early(), seen=seen, **result
    )


def _comment(request: PersonRequest, deliverable: Deliverable, uuid: str) -> ReviewComment:
    """Return a comment on a revision that the viewer can read; raises Http404."""
    comments = ReviewComment.objects.visible_to(request.viewer).select_related(
        "revision__deliverable", "author", "organization"
    )
    return get_object_or_404(comments, revision__deliverable=deliverable, uuid=uuid)
