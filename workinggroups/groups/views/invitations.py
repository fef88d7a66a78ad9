"""Inviting somebody into a group by address, and the page on which the invited person answers."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from common.errors import Invalid
from common.http.form_handling import add_refusal, posted, status_of
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
from workinggroups.groups.views.people import group_to_manage

# --- for those who decide who takes part ------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@once
def add(request: PersonRequest, slug: str) -> HttpResponse:
    """The form that invites an address."""
    group = group_to_manage(request, slug)
    form = InviteForm(posted(request))
    if request.method == "POST" and form.is_valid() and _invited(request, group, form):
        return _back(request, group)
    context = {**group_page_context(request, group, "people"), "form": form}
    return render(request, "groups/add_member.html", context, status=status_of(form))


@require_POST
@login_required
def withdraw(request: PersonRequest, slug: str, uuid: UUID) -> HttpResponse:
    """The invitation can be answered no more."""
    group = group_to_manage(request, slug)
    invitation = group.invitations.select_related("group").filter(uuid=uuid).first()
    if invitation is None:
        raise Http404
    actions.withdraw_invitation(actor=request.user, invitation=invitation)
    messages.success(request, _("The invitation is withdrawn."))
    return _back(request, group)


def _invited(request: PersonRequest, group: Group, form: InviteForm) -> bool:
    address = form.cleaned_data["address"]
    check_group_invitation(request.user.pk, address)
    try:
        actions.invite(
            actor=request.user, group=group, address=address, level=form.cleaned_data["level"]
        )
    except Invalid as error:
        add_refusal(form, error)
        return False
    words = {"address": address}
    messages.success(
        request, _("%(address)s has been invited. They take part once they accept.") % words
    )
    return True


def _back(request: PersonRequest, group: Group) -> HttpResponse:
    """To the roster; staff that does not see it, to its own page of the group."""
    if can_see_people(request.viewer, group):
        return redirect("group-people", slug=group.slug)
    return redirect("staff-group", uuid=group.uuid)


# --- for the invited ---------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def invitation(request: PersonRequest, uuid: UUID) -> HttpResponse:
    """What one is invited to (GET), and accepting it (POST). Others find nothing here."""
    found = _own(request, uuid)
    if request.viewer.is_member(found.group_id):
        return redirect(found.group)
    if not found.is_open:
        return render(request, "groups/invitation_closed.html", status=410)
    is_expert = found.level == ParticipationLevel.EXPERT
    ways = [] if is_expert else eligible_affiliations(request.user)
    form = AcceptInvitationForm(posted(request), ways=ways)
    can_accept = is_expert or bool(ways)
    if request.method == "POST" and form.is_valid() and _accepted(request, found, form):
        words = {"group": found.group}
        messages.success(request, _("You take part in %(group)s now.") % words)
        return redirect(found.group)
    context: dict[str, Any] = {
        "invitation": found,
        "group": found.group,
        "title": invitation_title(found),
        "form": form,
        "can_accept": can_accept,
    }
    return render(request, "groups/invitation.html", context, status=status_of(form))


@require_POST
@login_required
def decline(request: PersonRequest, uuid: UUID) -> HttpResponse:
    """The invited person does not come in."""
    actions.decline_invitation(actor=request.user, invitation=_own(request, uuid))
    messages.success(request, _("Declined. The chairs of the group can see that."))
    return redirect("/my/")


def _accepted(request: PersonRequest, found: GroupInvitation, form: AcceptInvitationForm) -> bool:
    try:
        actions.accept_invitation(actor=request.user, invitation=found, organization=form.way)
    except Invalid as error:
        add_refusal(form, error)
        return False
    return True


def _own(request: PersonRequest, uuid: UUID) -> GroupInvitation:
    """The invitation to an address of this person that was not withdrawn; else Http404."""
    own = GroupInvitation.objects.addressed_to(request.user.pk).select_related("group")
    found = own.exclude(state=InvitationState.WITHDRAWN).filter(uuid=uuid).first()
    if found is None:
        raise Http404
    return found
