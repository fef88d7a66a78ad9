"""Joining a group, asking to join it, and leaving it."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from common.http.form_handling import posted, refusals_shown_in, status_of
from common.http.sign_in_required import login_required
from members.people.requests import PersonRequest
from workinggroups.groups import actions
from workinggroups.groups.choices import Admission
from workinggroups.groups.forms import AskToJoinForm, JoinForm, LeaveForm
from workinggroups.groups.lookup import visible_group
from workinggroups.groups.models import ActionItem, AdmissionRequest, Group
from workinggroups.groups.page_frame import group_page_context
from workinggroups.groups.permissions import (
    can_ask_to_join,
    can_hand_over_items,
    can_join,
    can_leave,
)
from workinggroups.groups.queries import eligible_affiliations, members_of

# Items that the page for leaving names; it counts all.
ITEMS_SHOWN = 10


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def join(request: PersonRequest, slug: str) -> HttpResponse:
    """Join an open group, or ask to join one that admits people by request."""
    group = visible_group(request.viewer, slug)
    if request.viewer.is_member(group.pk):
        return redirect(group)
    asks = group.admission == Admission.REQUEST
    rule = can_ask_to_join if asks else can_join
    rule.require(request.viewer, group)
    form_class = AskToJoinForm if asks else JoinForm
    form = form_class(posted(request), affiliations=eligible_affiliations(request.user))
    if form.is_valid():
        with refusals_shown_in(form):
            _join(request, group, form, asks=asks)
            return redirect(group)
    context = {**group_page_context(request, group, "overview"), "form": form, "asks": asks}
    return render(request, "groups/join.html", context, status=status_of(form))


def _join(request: PersonRequest, group: Group, form: JoinForm, *, asks: bool) -> None:
    chosen = {"organization": form.affiliation, "level": form.cleaned_data["level"]}
    if asks:
        note = form.cleaned_data["note"]
        actions.ask_to_join(actor=request.user, group=group, note=note, **chosen)
        messages.success(request, _("Request sent. The group's chairs have been notified."))
    else:
        actions.join(actor=request.user, group=group, **chosen)
        messages.success(request, _("You joined %(group)s.") % {"group": group})


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def leave(request: PersonRequest, slug: str) -> HttpResponse:
    """Leave the group, and hand open action items over."""
    group = visible_group(request.viewer, slug)
    can_leave.require(request.viewer, group)
    items = ActionItem.objects.none()
    if can_hand_over_items(request.viewer, group):
        items = ActionItem.objects.open().owned_by(request.user.pk).filter(group=group)
    people = members_of(group.pk).exclude(pk=request.user.pk)
    form = LeaveForm(posted(request), people=people)
    if form.is_valid():
        with refusals_shown_in(form):
            actions.leave(actor=request.user, group=group, **form.cleaned_data)
            messages.success(request, _("You left %(group)s.") % {"group": group})
            return redirect("groups")
    context = {
        **group_page_context(request, group, "overview"),
        "form": form,
        "items": items[:ITEMS_SHOWN],
        "item_count": items.count(),
    }
    return render(request, "groups/leave.html", context, status=status_of(form))


@require_POST
@login_required
def withdraw(request: PersonRequest, slug: str) -> HttpResponse:
    """Withdraw the person's own request to join."""
    group = visible_group(request.viewer, slug)
    waiting = AdmissionRequest.objects.waiting()
    admission = get_object_or_404(waiting, group=group, person=request.user)
    actions.withdraw_request(actor=request.user, request=admission)
    messages.success(request, _("Your request to join %(group)s was withdrawn.") % {"group": group})
    return redirect(group)
