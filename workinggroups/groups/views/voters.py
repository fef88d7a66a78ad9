"""Who votes for an organization: its page, the form to name someone, asking, and stepping down."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from common.http.errors import not_found_unless
from common.http.form_handling import posted, refusals_shown_in, status_of
from common.http.sign_in_required import login_required
from members.organizations.models import Organization
from members.organizations.permissions import can_see_inside
from members.organizations.views.organization import page_context, visible
from members.people.recent_sign_in import recent_sign_in_for
from members.people.requests import PersonRequest
from workinggroups.groups import actions
from workinggroups.groups.forms.voters import VotersForm
from workinggroups.groups.lookup import visible_group
from workinggroups.groups.models import Group, VotingRepresentative
from workinggroups.groups.page_frame import group_page_context
from workinggroups.groups.permissions import can_see_people
from workinggroups.groups.voter_lists import initial, rows_of_organization
from workinggroups.groups.voter_permissions import can_ask_for_voter, can_name_voter
from workinggroups.groups.voters import OrganizationVoters, electable, voters_of


@require_safe
@login_required
def of_organization(request: PersonRequest, slug: str) -> HttpResponse:
    """Who votes for the organization in each group, for its own people and staff."""
    shown = visible(request, slug)
    not_found_unless(can_see_inside(request.viewer, shown))
    context = page_context(request, shown, "voters")
    context["rows"] = rows_of_organization(request.viewer, shown)
    return render(request, "groups/voters_of_organization.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@recent_sign_in_for("POST")
def edit_for_organization(request: PersonRequest, slug: str, uuid: UUID) -> HttpResponse:
    """Name who votes for the organization in a group, from the organization's page.

    A group that only its members know of is not found here, whoever asks.
    """
    shown = visible(request, slug)
    not_found_unless(can_see_inside(request.viewer, shown))
    group = get_object_or_404(Group.objects.visible_to(request.viewer), uuid=uuid)
    not_found_unless(not group.is_secret)
    voters = _voters(group, shown)
    context = page_context(request, shown, "voters")
    return _edit(request, group, voters, context, "organization-voters", shown.slug)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@recent_sign_in_for("POST")
def edit_in_group(request: PersonRequest, slug: str, uuid: UUID) -> HttpResponse:
    """Name who votes for an organization, from the group's people."""
    group = visible_group(request.viewer, slug, can_see_people)
    voters = _voters(group, get_object_or_404(Organization, uuid=uuid))
    context = group_page_context(request, group, "people")
    return _edit(request, group, voters, context, "group-people", group.slug)


def _edit(
    request: PersonRequest,
    group: Group,
    voters: OrganizationVoters,
    context: dict[str, object],
    back: str,
    slug: str,
) -> HttpResponse:
    organization = voters.organization
    can_name_voter.require(request.viewer, group, organization)
    voter, alternates = initial(group, voters)
    form = VotersForm(
        posted(request),
        people=electable(group, organization),
        initial={
            "voter": voter.uuid if voter else None,
            "alternates": [person.uuid for person in alternates],
        },
    )
    if form.is_valid():
        with refusals_shown_in(form):
            actions.name_voters(
                actor=request.user, group=group, organization=organization, **form.cleaned_data
            )
            messages.success(request, _message(form.cleaned_data["voter"], voters, group))
            return redirect(back, slug)
    context |= {
        "form": form,
        "group": group,
        "organization": organization,
        "voters": voters,
        "back": reverse(back, args=[slug]),
    }
    in_group = back == "group-people"
    template = "groups/voters_edit_in_group.html" if in_group else "groups/voters_edit.html"
    return render(request, template, context, status=status_of(form))


def _message(voter: object, voters: OrganizationVoters, group: Group) -> str:
    names = {"person": voter, "organization": voters.organization, "group": group}
    if voter:
        return _("%(person)s now votes for %(organization)s in %(group)s.") % names
    return _("Nobody is named to vote for %(organization)s in %(group)s any more.") % names


def _voters(group: Group, organization: Organization) -> OrganizationVoters:
    voters = voters_of(group, organization)
    if voters is None:
        raise Http404
    return voters


@require_POST
@login_required
def ask(request: PersonRequest, slug: str, uuid: UUID) -> HttpResponse:
    """Ask an organization to name who votes for it."""
    group = visible_group(request.viewer, slug, can_see_people)
    can_ask_for_voter.require(request.viewer, group)
    voters = _voters(group, get_object_or_404(Organization, uuid=uuid))
    actions.ask_for_voter(actor=request.user, group=group, organization=voters.organization)
    message = _("%(organization)s was asked to name who votes for it.")
    messages.success(request, message % {"organization": voters.organization})
    return redirect("group-people", slug)


@require_POST
@login_required
def remove(request: PersonRequest, uuid: UUID) -> HttpResponse:
    """Step down as voter or alternate, or remove one of one's own organization."""
    rows = VotingRepresentative.objects.visible_to(request.viewer)
    row = get_object_or_404(rows.select_related("group", "organization", "person"), uuid=uuid)
    actions.remove_voter(actor=request.user, voter=row)
    names = {"person": row.person, "organization": row.organization, "group": row.group}
    message = _("%(person)s no longer votes for %(organization)s in %(group)s.")
    messages.success(request, message % names)
    if can_see_people(request.viewer, row.group):
        return redirect("group-people", row.group.slug)
    return redirect("organization-voters", row.organization.slug)
