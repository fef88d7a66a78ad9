"""The pages of one action item; `item_lists.py` has the lists."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from common.errors import Conflict
from common.http.form_handling import posted, refusals_shown_in, status_of
from common.http.once import once
from common.http.redirects import back_to
from common.http.sign_in_required import login_required
from common.undo.light_acts import say_with_undo
from members.people.requests import PersonRequest
from workinggroups.groups import actions
from workinggroups.groups.choices import COMMENTS_A_PAGE, ActionItemState
from workinggroups.groups.forms import ActionItemForm, ChangeActionItemForm, CommentForm
from workinggroups.groups.history import history_of
from workinggroups.groups.lookup import group_of_member_space
from workinggroups.groups.models import ActionItem
from workinggroups.groups.page_frame import group_page_context
from workinggroups.groups.permissions import (
    can_change_action_item,
    can_comment_on_item,
    can_create_action_item,
    can_read_hidden,
    is_editable,
    is_running,
)
from workinggroups.groups.queries import eligible_owners, members_of
from workinggroups.groups.sources import source_of
from workinggroups.groups.undo import ITEM_STATE, facts_of


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@once
def new(request: PersonRequest, slug: str) -> HttpResponse:
    group = group_of_member_space(request, slug)
    can_create_action_item.require(request.viewer, group)
    form = ActionItemForm(posted(request), people=members_of(group.pk))
    if form.is_valid():
        with refusals_shown_in(form):
            actions.create_action_item(actor=request.user, group=group, **form.assigned())
            return redirect("group-actions", slug=slug)
    context = {**group_page_context(request, group, "actions"), "form": form}
    return render(request, "groups/action_item_edit.html", context, status=status_of(form))


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def action_item(request: PersonRequest, slug: str, number: int) -> HttpResponse:
    """One item, with a form for those who can change it."""
    item = item_at(request, slug, number)
    can_change = can_change_action_item(request.viewer, item)
    if request.method == "POST":
        can_change_action_item.require(request.viewer, item)
    form = ChangeActionItemForm(
        posted(request),
        initial=ChangeActionItemForm.values_of(item),
        people=eligible_owners(item),
    )
    if form.is_valid():
        try:
            with refusals_shown_in(form):
                actions.change_action_item(
                    actor=request.user,
                    item=item,
                    version=form.cleaned_data["version"],
                    **form.assigned(),
                )
                return redirect("group-actions", slug=slug)
        except Conflict:
            return _conflict(request, item_at(request, slug, number))
    context = {
        **item_page(request, item),
        "form": form if can_change and item.state == ActionItemState.OPEN else None,
    }
    return render(request, "groups/action_item.html", context, status=status_of(form))


def item_page(
    request: PersonRequest, item: ActionItem, *, comment_form: CommentForm | None = None
) -> dict[str, object]:
    """Return what the page of an item shows besides the form to change it.

    `comment_form` is a refused comment, shown again on the last page of comments.
    """
    viewer = request.viewer
    comments = item.comments.select_related("author", "organization", "hidden_by")
    pages = Paginator(comments, COMMENTS_A_PAGE)
    shown = pages.get_page(pages.num_pages if comment_form else request.GET.get("page"))
    for comment in shown:
        comment.item = item
    can_comment = can_comment_on_item(viewer, item) and is_running(item.group)
    return {
        **group_page_context(request, item.group, "actions"),
        "item": item,
        "source": source_of(item, viewer),
        "history": history_of(item),
        "can_change": can_change_action_item(viewer, item) and is_running(item.group),
        "comments": shown,
        "editable": {one.pk for one in shown if is_editable(viewer, one)} if can_comment else (),
        "can_comment": can_comment,
        "can_hide": viewer.is_chair(item.group_id),
        "can_read_hidden": can_read_hidden(viewer, item.group),
        "comment_form": comment_form or CommentForm(),
    }


def _conflict(request: PersonRequest, saved: ActionItem) -> HttpResponse:
    """Show the saved values above what the person typed, in a form that can now be saved."""
    typed = request.POST.copy()
    typed["version"] = str(saved.version)
    form = ChangeActionItemForm(typed, people=eligible_owners(saved))
    form.is_valid()
    mine = form.assigned()
    theirs = [
        (label, value)
        for label, value, is_same in (
            (form.fields["text"].label, saved.text, mine["text"] == saved.text),
            (
                form.fields["owner"].label,
                ", ".join(map(str, saved.owners)),
                mine["owners"] == saved.owners,
            ),
            (form.fields["due_on"].label, saved.due_on, mine["due_on"] == saved.due_on),
        )
        if not is_same
    ]
    context = {
        **item_page(request, saved),
        "form": form,
        "can_change": False,
        "is_conflict": True,
        "theirs": theirs,
    }
    return render(request, "groups/action_item.html", context, status=409)


@require_POST
@login_required
def close(request: PersonRequest, slug: str, number: int) -> HttpResponse:
    item = actions.close_action_item(actor=request.user, item=item_at(request, slug, number))
    words = _("A-%(number)d marked as done. You can find it among the closed items.")
    _say(request, item, words, before=ActionItemState.OPEN)
    return back_to(request, reverse("group-actions", args=[item.group.slug]))


@require_POST
@login_required
def drop(request: PersonRequest, slug: str, number: int) -> HttpResponse:
    item = actions.drop_action_item(actor=request.user, item=item_at(request, slug, number))
    words = _("A-%(number)d dropped. You can find it among the closed items.")
    _say(request, item, words, before=ActionItemState.OPEN)
    return back_to(request, reverse("group-actions", args=[item.group.slug]))


@require_POST
@login_required
def reopen(request: PersonRequest, slug: str, number: int) -> HttpResponse:
    closed = item_at(request, slug, number)
    item = actions.reopen_action_item(actor=request.user, item=closed)
    _say(request, item, _("A-%(number)d reopened."), before=closed.state)
    return back_to(request, reverse("group-actions", args=[item.group.slug]))


def _say(request: PersonRequest, item: ActionItem, words: str, *, before: str) -> None:
    """Say that the state of the item was changed, with a button that takes it back."""
    facts = facts_of(item, before)
    say_with_undo(request, words % {"number": item.number}, ITEM_STATE, facts)


def item_at(request: PersonRequest, slug: str, number: int) -> ActionItem:
    """Return the item at this address; Http404 for a viewer who cannot read it."""
    group = group_of_member_space(request, slug)
    visible = (
        ActionItem.objects.visible_to(request.viewer)
        .with_owners()
        .select_related("group__focus_area", "created_by", "closed_by")
    )
    return get_object_or_404(visible, group=group, number=number)
