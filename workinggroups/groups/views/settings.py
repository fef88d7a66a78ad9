"""A group's settings, address and milestones."""

from uuid import UUID

from allauth.core.exceptions import ReauthenticationRequired
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from common.addresses.forms import AddressForm, proposal_for
from common.http.form_handling import posted, refusals_shown_in, status_of
from common.http.once import once
from common.http.sign_in_required import login_required
from members.people.recent_sign_in import recent_sign_in_for, recently_authenticated
from members.people.requests import PersonRequest
from workinggroups.groups import actions
from workinggroups.groups.forms import GroupForm, MilestoneForm
from workinggroups.groups.lookup import group_of_member_space, visible_group
from workinggroups.groups.models import Group, Milestone
from workinggroups.groups.page_frame import group_page_context
from workinggroups.groups.permissions import can_choose_address, can_edit_group, can_plan_milestones


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def settings(request: PersonRequest, slug: str) -> HttpResponse:
    """For chairs, and for staff who have just confirmed who they are."""
    group = visible_group(request.viewer, slug)
    can_edit_group.require(request.viewer, group)
    as_staff = not request.viewer.is_chair(group.pk)
    if request.method == "POST" and as_staff and not recently_authenticated(request):
        raise ReauthenticationRequired
    form = GroupForm(posted(request), instance=group, initial={"version": group.version})
    if form.is_valid():
        with refusals_shown_in(form):
            actions.edit_group(actor=request.user, group=group, **form.cleaned_data)
            messages.success(request, _("Settings saved."))
            return redirect("staff-group", uuid=group.uuid) if as_staff else redirect(group)
    # A form writes what was typed into its instance; the page around it shows what is stored.
    stored = Group.objects.select_related("focus_area").get(pk=group.pk)
    context = {
        **group_page_context(request, stored, "overview"),
        "form": form,
        "as_staff": as_staff,
    }
    return render(request, "groups/settings.html", context, status=status_of(form))


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@recent_sign_in_for("POST")
def address(request: PersonRequest, slug: str) -> HttpResponse:
    """Choose the group's address; `address` in the query shows the address that it would make."""
    group = visible_group(request.viewer, slug)
    can_choose_address.require(request.viewer, group)
    typed = posted(request) or (request.GET if "address" in request.GET else None)
    form = AddressForm(typed, initial={"address": group.slug})
    if request.method == "POST" and form.is_valid():
        with refusals_shown_in(form):
            moved = actions.choose_address(actor=request.user, group=group, **form.cleaned_data)
            messages.success(
                request, _("Address changed. The former address redirects to this page.")
            )
            return redirect(moved)
    context = {
        **group_page_context(request, group, "overview"),
        "form": form,
        "proposal": proposal_for("group", group, form),
    }
    status = status_of(form) if request.method == "POST" else 200
    return render(request, "groups/address.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@once
def milestones(request: PersonRequest, slug: str) -> HttpResponse:
    group = group_of_member_space(request, slug)
    if request.method == "POST":
        can_plan_milestones.require(request.viewer, group)
    form = MilestoneForm(posted(request))
    if form.is_valid():
        actions.add_milestone(actor=request.user, group=group, **form.cleaned_data)
        return redirect("group-milestones", slug=slug)
    context = {
        **group_page_context(request, group, "overview"),
        "form": form,
        "can_plan": can_plan_milestones(request.viewer, group),
        "milestones": list(group.milestones.filter(level__lte=request.viewer.read_level(group.pk))),
    }
    return render(request, "groups/milestones.html", context, status=status_of(form))


@require_POST
@login_required
def reach_milestone(request: PersonRequest, slug: str, uuid: UUID) -> HttpResponse:
    actions.reach_milestone(actor=request.user, milestone=_milestone(request, slug, uuid))
    return redirect("group-milestones", slug=slug)


@require_POST
@login_required
def drop(request: PersonRequest, slug: str, uuid: UUID) -> HttpResponse:
    actions.drop_milestone(actor=request.user, milestone=_milestone(request, slug, uuid))
    return redirect("group-milestones", slug=slug)


def _milestone(request: PersonRequest, slug: str, uuid: UUID) -> Milestone:
    group = group_of_member_space(request, slug)
    return get_object_or_404(group.milestones.select_related("group"), uuid=uuid)
