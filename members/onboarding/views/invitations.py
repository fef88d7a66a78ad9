"""Pages to invite people to an organization, and to accept an invitation by its mailed link."""

from uuid import UUID

from allauth.core.exceptions import ReauthenticationRequired
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from common.errors import Conflict, Invalid, NotAllowed, WrongState
from common.http.errors import not_found_unless
from common.http.form_handling import posted, status_of
from common.http.requests import Request
from common.http.sign_in_required import login_required
from common.mail.spelling import spelled
from members.onboarding import queries, requests
from members.onboarding.actions import addresses, invitations
from members.onboarding.choices import InvitationRole, InvitationState
from members.onboarding.forms.people import AcceptForm, InviteForm
from members.onboarding.models import AgreementVersion, Invitation
from members.onboarding.permissions import can_invite, can_invite_as
from members.organizations.models import Organization
from members.organizations.permissions import can_see_inside
from members.organizations.views.organization import page_context, visible
from members.people import actions as people
from members.people.anonymous_mail import check_invitation
from members.people.forms import TypedCodeForm
from members.people.models import Person
from members.people.recent_sign_in import recently_authenticated
from members.people.requests import PersonRequest
from members.people.sign_in import sign_in, stay_signed_in


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def organization_invitations(request: PersonRequest, slug: str) -> HttpResponse:
    """List the organization's invitations, and send one."""
    organization = _inviting(request, slug)
    roles = [
        role.value for role in InvitationRole if can_invite_as(request.viewer, organization, role)
    ]
    form = InviteForm(posted(request), roles=roles)
    if form.is_valid():
        _require_recent_for_power(request, form.cleaned_data["role"])
        check_invitation(request.user.pk, form.cleaned_data["address"])
        try:
            invitations.invite(actor=request.user, organization=organization, **form.cleaned_data)
        except (Invalid, WrongState) as error:
            form.add_error("address", error.message)
        else:
            words = {"address": form.cleaned_data["address"]}
            messages.success(request, _("Invitation sent to %(address)s.") % words)
            return redirect("organization-invitations", slug)
    context = page_context(request, organization, "invitations") | {
        "form": form,
        "invitations": queries.invitations_of(organization),
    }
    return render(request, "onboarding/invitations.html", context, status=status_of(form))


@require_POST
@login_required
def revoke(request: PersonRequest, slug: str, uuid: UUID) -> HttpResponse:
    """Revoke an invitation."""
    invitations.revoke(actor=request.user, invitation=_fetch(request, slug, uuid))
    messages.success(request, _("Invitation revoked."))
    return redirect("organization-invitations", slug)


@require_POST
@login_required
def resend(request: PersonRequest, slug: str, uuid: UUID) -> HttpResponse:
    """Send an invitation again, with a new link."""
    invitation = _fetch(request, slug, uuid)
    check_invitation(request.user.pk, invitation.address)
    invitations.resend(actor=request.user, invitation=invitation)
    messages.success(request, _("Invitation sent again with a new link."))
    return redirect("organization-invitations", slug)


@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: Request, token: str) -> HttpResponse:
    """Show the invitation; a person who has proved its address can accept it."""
    offer = _with_token(token)
    if offer.state != InvitationState.OPEN or offer.is_lapsed:
        return _closed(request, offer)
    person = request.user if isinstance(request.user, Person) else None
    context: dict[str, object] = {"invitation": offer, "token": token, "code_form": TypedCodeForm()}
    if person is None or spelled(offer.address) not in addresses.confirmed_addresses(person=person):
        if request.method == "POST":
            raise NotAllowed(_("Confirm the invited address first."))
        return render(request, "onboarding/invitation.html", context)
    form = AcceptForm(
        posted(request),
        person=person,
        is_new=_is_new(person),
        versions=list(AgreementVersion.objects.due_for_person(person.pk)),
        initial={"title": offer.title},
    )
    context["form"] = form
    if not form.is_valid():
        status = status_of(form)
        return render(request, "onboarding/invitation.html", context, status=status)
    try:
        _accept(request, person, offer, form)
    except (Conflict, Invalid) as error:
        form.add_error(None, error.message)
        return render(request, "onboarding/invitation.html", context, status=409)
    words = {"organization": offer.organization}
    messages.success(request, _("You now belong to %(organization)s.") % words)
    if offer.role == InvitationRole.SIGNATORY:
        return redirect("organization-agreements", offer.organization.slug)
    return redirect("/my/")


@require_http_methods(["GET", "HEAD", "POST"])
def invitation_code(request: Request, token: str) -> HttpResponse:
    """Prove the invited address: mail a code to it, then take the code.

    The code goes to the address of the invitation only, so that a forwarded link is of no use.
    """
    offer = _with_token(token)
    if offer.state != InvitationState.OPEN or offer.is_lapsed:
        return _closed(request, offer)
    if request.method == "POST" and "code" not in request.POST:
        requests.mail_code(request, address=offer.address, name=offer.name, is_invited=True)
        return redirect("invitation-code", token)
    if requests.mailed_to(request) != offer.address:
        return redirect("invitation", token)
    form = TypedCodeForm(posted(request))
    context = {"invitation": offer, "token": token, "form": form, "address": offer.address}
    if not form.is_valid():
        status = status_of(form)
        return render(request, "onboarding/invitation_code.html", context, status=status)
    try:
        proof = requests.prove_address(request, code=form.cleaned_data["code"])
    except (Invalid, WrongState) as error:
        form.add_error("code", error.message)
        return render(request, "onboarding/invitation_code.html", context, status=422)
    if isinstance(request.user, Person):
        addresses.add_address(actor=request.user, proof=proof)
        return redirect("invitation", token)
    person, _is_new_person = addresses.person_behind(proof=proof)
    return sign_in(request, person, redirect_url=reverse("invitation", args=[token]))


def _accept(request: Request, person: Person, offer: Invitation, form: AcceptForm) -> None:
    """Accept the invitation and set up a new account, all or nothing (a name can be refused)."""
    values = form.cleaned_data
    with transaction.atomic():
        invitations.accept(
            actor=person, invitation=offer, texts=form.accepted(), title=values["title"]
        )
        if "name" not in values:
            return
        people.rename(actor=person, person=person, name=values["name"])
        people.set_preferences(
            actor=person,
            person=person,
            zone=values["zone"],
            locale=person.locale,
            in_directory=person.in_directory,
        )
        if values["password"]:
            people.set_password(actor=person, person=person, password=values["password"])
    if values["password"]:
        stay_signed_in(request, person)


def _is_new(person: Person) -> bool:
    """Return whether the account is new: without a password, and never in an organization."""
    return not person.has_usable_password() and not person.affiliations.exists()


def _with_token(token: str) -> Invitation:
    offer = invitations.find_by_token(token=token)
    if offer is None:
        raise Http404
    return offer


def _closed(request: Request, offer: Invitation) -> HttpResponse:
    """Say that the invitation is no longer open; the person who accepted it is sent on."""
    if offer.accepted_by_id is not None and offer.accepted_by_id == request.user.pk:
        # A signatory cannot see the organization before its agreements are signed.
        is_signatory = offer.role == InvitationRole.SIGNATORY
        page = "organization-agreements" if is_signatory else "organization"
        return redirect(page, offer.organization.slug)
    context = {"invitation": offer}
    return render(request, "onboarding/invitation_closed.html", context, status=410)


def _fetch(request: PersonRequest, slug: str, uuid: UUID) -> Invitation:
    rows = Invitation.objects.visible_to(request.viewer)
    rows = rows.select_related("organization", "invited_by")
    return get_object_or_404(rows, organization=_inviting(request, slug), uuid=uuid)


def _require_recent_for_power(request: PersonRequest, role: str) -> None:
    """Require a recent sign-in to invite a person who will act for the organization."""
    if role != InvitationRole.COLLEAGUE and not recently_authenticated(request):
        raise ReauthenticationRequired


def _inviting(request: PersonRequest, slug: str) -> Organization:
    """Return the organization for a viewer who can invite its people.

    Raises NotAllowed for its other people, and Http404 for everyone else.
    """
    organization = visible(request, slug)
    not_found_unless(can_see_inside(request.viewer, organization))
    can_invite.require(request.viewer, organization)
    return organization
