"""Opening a review, commenting, answering, and how a review ends."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from common.access import Level
from common.errors import Invalid
from common.http.form_handling import add_refusal, posted, status_of
from common.http.once import once
from common.http.sign_in_required import login_required
from members.people.requests import PersonRequest
from workinggroups.decisions.forms import ResultForm
from workinggroups.decisions.queries import meetings_begun
from workinggroups.deliverables import actions, pictures
from workinggroups.deliverables.actions import states
from workinggroups.deliverables.forms import AnswerForm, CommentForm, ReasonForm, ReviewForm
from workinggroups.deliverables.models import Deliverable, ReviewComment, Revision
from workinggroups.deliverables.permissions import can_comment, can_edit, can_lead
from workinggroups.deliverables.queries import editor_ids, last_revision
from workinggroups.deliverables.views.frame import find, frame
from workinggroups.deliverables.views.reading import revision_page


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def open_review(request: PersonRequest, slug: str, number: int) -> HttpResponse:
    """The chairs offer the last revision for comments."""
    deliverable = find(request, slug, number)
    can_lead.require(request.viewer, deliverable)
    states.check(deliverable, "open_review")
    group = deliverable.group
    form = ReviewForm(
        posted(request),
        can_widen=group.profile_level <= Level.ALLIANCE < group.content_level,
        zone=request.user.zone,
    )
    if form.is_valid():
        try:
            actions.open_review(actor=request.user, deliverable=deliverable, **form.cleaned_data)
        except Invalid as error:
            add_refusal(form, error)
        else:
            messages.success(request, _("The review is open; reviewers are told."))
            return redirect(deliverable)
    context = {
        **frame(request, deliverable),
        "form": form,
        "revision": last_revision(deliverable),
    }
    return render(request, "deliverables/review.html", context, status=status_of(form))


@require_POST
@login_required
@once
def comment(request: PersonRequest, slug: str, number: int) -> HttpResponse:
    """A remark on the revision in review."""
    deliverable = find(request, slug, number)
    can_comment.require(request.viewer, deliverable)
    form = CommentForm(request.POST)
    if form.is_valid():
        try:
            made = actions.add_comment(
                actor=request.user, deliverable=deliverable, **form.cleaned_data
            )
        except Invalid as error:
            add_refusal(form, error)
        else:
            messages.success(request, _("Your comment stands; the editors are told."))
            return redirect(f"{deliverable.get_absolute_url()}#comment-{made.number}")
    page = revision_page(request, deliverable, comment_form=form)
    return render(request, "deliverables/revision.html", page, status=422)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def answer(request: PersonRequest, slug: str, number: int, uuid: str) -> HttpResponse:
    """The editors say what comes of a comment."""
    deliverable = find(request, slug, number)
    found = _comment(request, deliverable, uuid)
    can_edit.require(request.viewer, deliverable, editor_ids(deliverable))
    states.check(deliverable, "answer_comment")
    form = AnswerForm(
        posted(request),
        initial={"disposition": found.state, "answer": found.answer} if found.is_answered else {},
    )
    if form.is_valid():
        try:
            actions.answer_comment(actor=request.user, comment=found, **form.cleaned_data)
        except Invalid as error:
            add_refusal(form, error)
        else:
            return redirect(f"{deliverable.get_absolute_url()}#comment-{found.number}")
    shown = pictures.in_revision(deliverable, found.revision, found.html)
    context = {
        **frame(request, deliverable),
        "form": form,
        "comment": found,
        "pictures": shown,
    }
    return render(request, "deliverables/answer.html", context, status=status_of(form))


@require_POST
@login_required
def settled(request: PersonRequest, slug: str, number: int, uuid: str) -> HttpResponse:
    """The commenter says whether the answer settles it."""
    deliverable = find(request, slug, number)
    found = _comment(request, deliverable, uuid)
    actions.say_settled(
        actor=request.user, comment=found, is_settled=request.POST.get("settled") == "yes"
    )
    return redirect(f"{deliverable.get_absolute_url()}#comment-{found.number}")


@require_POST
@login_required
def withdraw_comment(request: PersonRequest, slug: str, number: int, uuid: str) -> HttpResponse:
    """The commenter takes a comment back."""
    deliverable = find(request, slug, number)
    found = _comment(request, deliverable, uuid)
    actions.withdraw_comment(actor=request.user, comment=found)
    return redirect(f"{deliverable.get_absolute_url()}#comment-{found.number}")


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def request_changes(request: PersonRequest, slug: str, number: int) -> HttpResponse:
    """The review ends and the text goes back to its editors."""
    deliverable = find(request, slug, number)
    can_lead.require(request.viewer, deliverable)
    states.check(deliverable, "request_changes")
    form = ReasonForm(posted(request), label=_("What has to change"))
    if form.is_valid():
        actions.request_changes(
            actor=request.user, deliverable=deliverable, reason=form.cleaned_data["reason"]
        )
        messages.success(request, _("The editors are told; a new revision is open."))
        return redirect(deliverable)
    context = {**frame(request, deliverable), "form": form}
    return render(request, "deliverables/changes.html", context, status=status_of(form))


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def approve(request: PersonRequest, slug: str, number: int) -> HttpResponse:
    """The group's approval of exactly this revision goes into the register."""
    deliverable = find(request, slug, number)
    can_lead.require(request.viewer, deliverable)
    states.check(deliverable, "approve")
    revision = last_revision(deliverable)
    form = ResultForm(
        posted(request),
        meetings=meetings_begun(deliverable.group),
        zone=request.user.zone,
    )
    if form.is_valid():
        try:
            decision = actions.approve(actor=request.user, deliverable=deliverable, **form.result())
        except Invalid as error:
            add_refusal(form, error)
        else:
            facts = {"number": decision.number}
            messages.success(request, _("Approved as D-%(number)d.") % facts)
            return redirect(deliverable)
    context = {
        **frame(request, deliverable),
        "form": form,
        "revision": revision,
        "waiting": revision.comments.open().count(),
    }
    return render(request, "deliverables/approve.html", context, status=status_of(form))


def _comment(request: PersonRequest, deliverable: Deliverable, uuid: str) -> ReviewComment:
    """A comment on a revision this viewer may read."""
    readable = Revision.objects.visible_to(request.viewer).filter(deliverable=deliverable)
    comments = ReviewComment.objects.filter(revision__in=readable, uuid=uuid)
    found = comments.select_related("revision__deliverable", "author", "organization").first()
    if found is None:
        raise Http404
    return found
