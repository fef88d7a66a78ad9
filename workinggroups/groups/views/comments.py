"""Comments on action items: adding, editing and hiding them."""

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from common.http.form_handling import posted, refusals_shown_in, status_of
from common.http.once import once
from common.http.sign_in_required import login_required
from members.people.requests import PersonRequest
from workinggroups.groups import actions
from workinggroups.groups.contributions import changes_of
from workinggroups.groups.forms import CommentForm, EditCommentForm, HideCommentForm
from workinggroups.groups.models import ActionItemComment
from workinggroups.groups.page_frame import group_page_context
from workinggroups.groups.permissions import (
    can_comment_on_item,
    can_edit_comment,
    can_hide_comment,
    can_read_hidden,
    is_editable,
)
from workinggroups.groups.views.action_items import item_at, item_page


@require_POST
@login_required
@once
def add(request: PersonRequest, slug: str, number: int) -> HttpResponse:
    """Add a comment on the item."""
    item = item_at(request, slug, number)
    can_comment_on_item.require(request.viewer, item)
    form = CommentForm(request.POST)
    if form.is_valid():
        with refusals_shown_in(form):
            comment = actions.add_comment(actor=request.user, item=item, **form.cleaned_data)
            return redirect(comment)
    context = {**item_page(request, item, comment_form=form), "form": None}
    return render(request, "groups/action_item.html", context, status=422)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def edit(request: PersonRequest, slug: str, number: int, comment_number: int) -> HttpResponse:
    """Edit one's own comment."""
    comment = _comment(request, slug, number, comment_number)
    can_edit_comment.require(request.viewer, comment)
    initial = {"source": comment.source, "version": comment.version}
    form = EditCommentForm(posted(request), initial=initial)
    if form.is_valid():
        with refusals_shown_in(form):
            actions.edit_comment(actor=request.user, comment=comment, **form.cleaned_data)
            return redirect(comment)
    can_edit = is_editable(request.viewer, comment)
    context = _context(request, comment, form=form, can_edit=can_edit)
    return render(request, "groups/comment_edit.html", context, status=status_of(form))


@require_safe
@login_required
def history(request: PersonRequest, slug: str, number: int, comment_number: int) -> HttpResponse:
    """Show what each edit of a comment changed, the latest first."""
    comment = _comment(request, slug, number, comment_number)
    if comment.is_hidden and not can_read_hidden(request.viewer, comment.item.group):
        raise Http404
    context = _context(request, comment, changes=changes_of(comment, comment.edits.all()))
    return render(request, "groups/comment_history.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def hide(request: PersonRequest, slug: str, number: int, comment_number: int) -> HttpResponse:
    """Hide a comment, with a reason that is shown in its place."""
    comment = _comment(request, slug, number, comment_number)
    can_hide_comment.require(request.viewer, comment)
    form = HideCommentForm(posted(request))
    if form.is_valid():
        with refusals_shown_in(form):
            actions.hide_comment(actor=request.user, comment=comment, **form.cleaned_data)
            return redirect(comment)
    context = _context(request, comment, form=form)
    return render(request, "groups/comment_hide.html", context, status=status_of(form))


@require_POST
@login_required
def show(request: PersonRequest, slug: str, number: int, comment_number: int) -> HttpResponse:
    """Show a hidden comment again."""
    comment = _comment(request, slug, number, comment_number)
    return redirect(actions.show_comment(actor=request.user, comment=comment))


def _comment(
    request: PersonRequest, slug: str, number: int, comment_number: int
) -> ActionItemComment:
    item = item_at(request, slug, number)
    comments = item.comments.select_related("author", "organization")
    comment = get_object_or_404(comments, number=comment_number)
    comment.item = item
    return comment


def _context(
    request: PersonRequest, comment: ActionItemComment, **more: object
) -> dict[str, object]:
    frame = group_page_context(request, comment.item.group, "actions")
    return {**frame, "item": comment.item, "comment": comment, **more}
