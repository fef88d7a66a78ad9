"""Inviting somebody, and the page behind the mailed link."""

from uuid import UUID

from allauth.core.exceptions import ReauthenticationRequired
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from common.errors import Conflict, Invalid, NotAllowed, WrongState
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

# --- for the organization ----------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def organization_invitations(request: PersonRequest, slug: str) -> HttpResponse:
    """Who is asked in, and the form that asks somebody else."""
    shown = _inviting(request, slug)
    roles = [role.value for role in InvitationRole if can_invite_as(request.viewer, shown, role)]
    form = InviteForm(posted(request), roles=roles)
    if form.is_valid():
        _require_recent_for_power(request, form.cleaned_data["role"])
        check_invitation(request.user.pk, form.cleaned_data["address"])
        try:
            invitations.invite(actor=request.user, organization=shown, **form.cleaned_data)
        except (Invalid, WrongState) as error:
            form.add_error("address", error.message)
        else:
            words = {"address": form.cleaned_data["address"]}
            messages.success(request, _("Invitation sent to %(address)s.") % words)
            return redirect("organization-invitations", slug)
    context = page_context(request, shown, "invitations") | {
        "form": form,
        "invitations": queries.invitations_of(shown),
    }
    return render(request, "onboarding/invitations.html", context, status=status_of(form))


@require_POST
@login_required
def revoke(request: PersonRequest, slug: str, uuid: UUID) -> HttpResponse:
    """The invitation's link opens nothing any more."""
    invitations.revoke(actor=request.user, invitation=_fetch(request, slug, uuid))
    messages.success(request, _("Invitation revoked."))
    return redirect("organization-invitations", slug)


@require_POST
@login_required
def resend(request: PersonRequest, slug: str, uuid: UUID) -> HttpResponse:
    """The invitation goes out again, with a new link."""
    invitation = _fetch(request, slug, uuid)
    check_invitation(request.user.pk, invitation.address)
    invitations.resend(actor=request.user, invitation=invitation)
    messages.success(request, _("Invitation sent again with a new link."))
    return redirect("organization-invitations", slug)


# --- for the invited ---------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: Request, token: str) -> HttpResponse:
    """What the invitation is; whoever has proved its address can accept it. Reading changes nothing."""
    found = _with_token(token)
    if found.state != InvitationState.OPEN or found.is_lapsed:
        return _closed(request, found)
    person = request.user if isinstance(request.user, Person) else None
    context: dict[str, object] = {"invitation": found, "token": token, "code_form": TypedCodeForm()}
    if person is None or spelled(found.address) not in addresses.confirmed_addresses(person=person):
        if request.method == "POST":
            raise NotAllowed(_("Confirm the invited address first."))
        return render(request, "onboarding/invitation.html", context)
    form = AcceptForm(
        posted(request),
        person=person,
        is_new=_is_new(person),
        versions=list(AgreementVersion.objects.due_for_person(person.pk)),
        initial={"title": found.title},
    )
    context["form"] = form
    if not form.is_valid():
        status = status_of(form)
        return render(request, "onboarding/invitation.html", context, status=status)
    try:
        _accept(request, person, found, form)
    except (Conflict, Invalid) as error:
        form.add_error(None, error.message)
        return render(request, "onboarding/invitation.html", context, status=409)
    words = {"organization": found.organization}
    messages.success(request, _("You now belong to %(organization)s.") % words)
    if found.role == InvitationRole.SIGNATORY:
        return redirect("organization-agreements", found.organization.slug)
    return redirect("/my/")


@require_http_methods(["GET", "HEAD", "POST"])
def invitation_code(request: Request, token: str) -> HttpResponse:
    """Proves the invited address: one button mails a code to it, then the code is typed in.

    The code goes to the address of the invitation and nowhere else, so that a forwarded link
    brings nobody in.
    """
    found = _with_token(token)
    if found.state != InvitationState.OPEN or found.is_lapsed:
        return _closed(request, found)
    if request.method == "POST" and "code" not in request.POST:
        requests.mail_code(request, address=found.address, name=found.name, is_invited=True)
        return redirect("invitation-code", token)
    if requests.mailed_to(request) != found.address:
        return redirect("invitation", token)
    form = TypedCodeForm(posted(request))
    context = {"invitation": found, "token": token, "form": form, "address": found.address}
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


def _accept(request: Request, person: Person, found: Invitation, form: AcceptForm) -> None:
    """All of it or nothing: of a name that is refused, the page asks for another."""
    values = form.cleaned_data
    with transaction.atomic():
        invitations.accept(
            actor=person, invitation=found, texts=form.accepted(), title=values["title"]
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
    """An account that this invitation opened: nothing was ever chosen or joined with it."""
    return not person.has_usable_password() and not person.affiliations.exists()


def _with_token(token: str) -> Invitation:
    found = invitations.with_token(token=token)
    if found is None:
        raise Http404
    return found


def _closed(request: Request, found: Invitation) -> HttpResponse:
    """Whoever holds the link of an invitation that is over is told so, and what to do."""
    if found.accepted_by_id is not None and found.accepted_by_id == request.user.pk:
        # An organization without its signature shows itself to nobody but staff and who speaks
        # for it: the signatory comes back to where it is given.
        is_signatory = found.role == InvitationRole.SIGNATORY
        page = "organization-agreements" if is_signatory else "organization"
        return redirect(page, found.organization.slug)
    context = {"invitation": found}
    return render(request, "onboarding/invitation_closed.html", context, status=410)


def _fetch(request: PersonRequest, slug: str, uuid: UUID) -> Invitation:
    shown = _inviting(request, slug)
    found = Invitation.objects.visible_to(request.viewer).filter(organization=shown, uuid=uuid)
    invited = found.select_related("organization", "invited_by").first()
    if invited is None:
        raise Http404
    return invited


def _require_recent_for_power(request: PersonRequest, role: str) -> None:
    """Asking in somebody who then acts for the organization is naming a representative."""
    if role != InvitationRole.COLLEAGUE and not recently_authenticated(request):
        raise ReauthenticationRequired


def _inviting(request: PersonRequest, slug: str) -> Organization:
    """The organization, for whoever invites its people; strangers learn nothing of invitations.

    Raises NotAllowed for others of its own people, Http404 for everybody else.
    """
    shown = visible(request, slug)
    if not can_see_inside(request.viewer, shown):
        raise Http404
    can_invite.require(request.viewer, shown)
    return shown
