"""Inviting an address into a group, and the page on which the invited person answers."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from common.http.form_handling import posted, refusals_shown_in, status_of
from common.http.once import once
from common.http.sign_in_required import login_required
from members.people.requests import PersonRequest
from workinggroups.groups import actions
from workinggroups.groups.choices import InvitationState, ParticipationLevel
from workinggroups.groups.forms import AcceptInvitationForm, InviteForm
from workinggroups.groups.limits import check_group_invitation
from workinggroups.groups.models import Group, GroupInvitation
from workinggroups.groups.notifications import invitation_title
from workinggroups.groups.page_frame import group_page_context
from workinggroups.groups.permissions import can_see_people
from workinggroups.groups.queries import eligible_affiliations
from workinggroups.groups.views.people import group_to_change, group_to_manage


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@once
def add(request: PersonRequest, slug: str) -> HttpResponse:
    group = group_to_change(request, slug)
    form = InviteForm(posted(request))
    if form.is_valid():
        address = form.cleaned_data["address"]
        with refusals_shown_in(form):
            check_group_invitation(request.user.pk, address)
            actions.invite(actor=request.user, group=group, **form.cleaned_data)
            messages.success(
                request,
                _("Invitation sent to %(address)s. The person joins the group once they accept.")
                % {"address": address},
            )
            return _back(request, group)
    context = {**group_page_context(request, group, "people"), "form": form}
    return render(request, "groups/add_member.html", context, status=status_of(form))


@require_POST
@login_required
def withdraw(request: PersonRequest, slug: str, uuid: UUID) -> HttpResponse:
    group = group_to_manage(request, slug)
    invitation = get_object_or_404(group.invitations.select_related("group"), uuid=uuid)
    actions.withdraw_invitation(actor=request.user, invitation=invitation)
    messages.success(request, _("Invitation withdrawn."))
    return _back(request, group)


def _back(request: PersonRequest, group: Group) -> HttpResponse:
    """Redirect to the roster; staff who cannot see it, to their own page of the group."""
    if can_see_people(request.viewer, group):
        return redirect("group-people", slug=group.slug)
    return redirect("staff-group", uuid=group.uuid)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def invitation(request: PersonRequest, uuid: UUID) -> HttpResponse:
    """Show an invitation to the invited person, who accepts it with a POST."""
    invitation = _own_invitation(request, uuid)
    if request.viewer.is_member(invitation.group_id):
        return redirect(invitation.group)
    if not invitation.is_open:
        return render(request, "groups/invitation_closed.html", status=410)
    is_expert = invitation.level == ParticipationLevel.EXPERT
    affiliations = [] if is_expert else eligible_affiliations(request.user)
    form = AcceptInvitationForm(posted(request), affiliations=affiliations)
    if form.is_valid():
        with refusals_shown_in(form):
            actions.accept_invitation(
                actor=request.user, invitation=invitation, organization=form.affiliation
            )
            messages.success(request, _("You joined %(group)s.") % {"group": invitation.group})
            return redirect(invitation.group)
    context = {
        "invitation": invitation,
        "group": invitation.group,
        "title": invitation_title(invitation),
        "form": form,
        "can_accept": is_expert or bool(affiliations),
    }
    return render(request, "groups/invitation.html", context, status=status_of(form))


@require_POST
@login_required
def decline(request: PersonRequest, uuid: UUID) -> HttpResponse:
    actions.decline_invitation(actor=request.user, invitation=_own_invitation(request, uuid))
    messages.success(request, _("Invitation declined. The group's chairs can see that."))
    return redirect("/my/")


def _own_invitation(request: PersonRequest, uuid: UUID) -> GroupInvitation:
    """Return an invitation to this person that was not withdrawn; raise Http404 for any other."""
    own = GroupInvitation.objects.addressed_to(request.user.pk).select_related("group")
    return get_object_or_404(own.exclude(state=InvitationState.WITHDRAWN), uuid=uuid)
