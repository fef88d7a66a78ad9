"""The texts that bind: read by anybody, accepted by persons and signatories, written by staff."""

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from common.errors import Conflict, Invalid
from common.http.form_handling import posted, status_of
from common.http.public_pages import public_page
from common.http.requests import Request
from common.http.sign_in_required import login_required
from members.onboarding import queries
from members.onboarding.actions import agreements
from members.onboarding.choices import FOR_PERSONS, AgreementKind
from members.onboarding.forms.people import SignForm, TextsForm
from members.onboarding.forms.staff import AgreementForm
from members.onboarding.models import Acceptance, AgreementVersion, Invitation
from members.onboarding.permissions import can_publish_agreements, can_sign
from members.organizations.models import Organization
from members.organizations.permissions import can_see_inside
from members.organizations.views.organization import page_context
from members.people.recent_sign_in import recent_sign_in_required
from members.people.requests import PersonRequest

# --- for everybody -----------------------------------------------------------------------------


@public_page
@require_safe
def agreement_list(request: Request) -> HttpResponse:
    """The texts in force: what somebody signs is public before they sign it."""
    in_force = list(AgreementVersion.objects.in_force())
    in_force.sort(key=lambda version: AgreementKind.values.index(version.kind))
    context = {"versions": in_force, "for_persons": FOR_PERSONS}
    return render(request, "onboarding/agreements.html", context)


@public_page
@require_safe
def agreement(request: Request, kind: str) -> HttpResponse:
    """The version in force, at an address that stays."""
    version = AgreementVersion.objects.in_force().filter(kind=kind).first()
    if version is None:
        raise Http404
    return _agreement(request, version)


@public_page
@require_safe
def agreement_version(request: Request, kind: str, number: int) -> HttpResponse:
    """One version that is or was in force."""
    version = AgreementVersion.objects.published().filter(kind=kind, number=number).first()
    if version is None:
        raise Http404
    return _agreement(request, version)


def _agreement(request: Request, version: AgreementVersion) -> HttpResponse:
    versions = list(AgreementVersion.objects.published().filter(kind=version.kind))
    context = {"version": version, "versions": versions, "newest": versions[0]}
    return render(request, "onboarding/agreement.html", context)


# --- for the one who accepts -------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def own_agreements(request: PersonRequest) -> HttpResponse:
    """What the person has accepted for themselves, and what is due."""
    due = list(AgreementVersion.objects.due_for_person(request.user.pk))
    if request.method == "POST" and not due:
        return redirect("own-agreements")
    form = TextsForm(posted(request), versions=due)
    status = status_of(form)
    if due and form.is_valid():
        try:
            agreements.accept_for_oneself(actor=request.user, versions=form.accepted())
        except (Conflict, Invalid) as error:
            form.add_error(None, error.message)
            status = 409
        else:
            messages.success(request, _("Accepted. We ask you again only if a text changes."))
            return redirect("own-agreements")
    accepted = Acceptance.objects.filter(person=request.user).select_related(
        "version", "organization"
    )
    context = {"form": form, "due": due, "accepted": list(accepted)}
    return render(request, "onboarding/own_agreements.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def organization_agreements(request: PersonRequest, slug: str) -> HttpResponse:
    """Agreements in force, who accepted it, and for its signatory the signature."""
    shown = _signable(request, slug)
    signs = can_sign(request.viewer, shown)
    signed = queries.agreements_of(shown)
    due = [line.version for line in signed if line.acceptance is None]
    if request.method == "POST":
        can_sign.require(request.viewer, shown)
        if not due:
            return redirect("organization-agreements", slug)
    form = None
    status = 200
    if signs and due:
        form = SignForm(posted(request), versions=due)
        status = status_of(form)
        if form.is_valid():
            try:
                became_active = agreements.sign(
                    actor=request.user,
                    organization=shown,
                    versions=form.accepted(),
                    title=form.cleaned_data["title"],
                    authority=form.cleaned_data["authority"],
                )
            except (Conflict, Invalid) as error:
                form.add_error(None, error.message)
                status = 409
            else:
                words = {"organization": shown}
                messages.success(
                    request,
                    _("%(organization)s is now a member.") % words
                    if became_active
                    else _("Accepted on behalf of %(organization)s.") % words,
                )
                return redirect("organization-agreements", slug)
    context = page_context(request, shown, "agreements") | {
        "signed": signed,
        "earlier": queries.earlier_acceptances(shown),
        "due": due,
        "form": form,
        "can_sign": signs,
        "is_awaiting": signs and queries.is_awaiting(shown),
        "signatory": queries.signatory_of(shown),
    }
    return render(request, "onboarding/organization_agreements.html", context, status=status)


def _signable(request: PersonRequest, slug: str) -> Organization:
    """The organization, for its own people, staff and signatory; nobody else sees what it signed."""
    to_sign = Invitation.objects.to_sign(request.user).values("organization")
    visible = Organization.objects.visible_to(request.viewer).values("pk")
    found = Organization.objects.filter(Q(pk__in=visible) | Q(pk__in=to_sign), slug=slug).first()
    if found is None:
        raise Http404
    if not (can_see_inside(request.viewer, found) or can_sign(request.viewer, found)):
        raise Http404
    return found


# --- for staff ---------------------------------------------------------------------------------


@require_safe
@login_required
def staff_agreements(request: PersonRequest) -> HttpResponse:
    """Every agreement with its version in force and the draft of the next."""
    if not can_publish_agreements(request.viewer):
        raise Http404
    versions = list(AgreementVersion.objects.all())
    kinds = [
        (
            kind,
            next((v for v in versions if v.kind == kind and v.in_force_at), None),
            next((v for v in versions if v.kind == kind and not v.in_force_at), None),
        )
        for kind in AgreementKind
    ]
    context = {"kinds": kinds, "for_persons": FOR_PERSONS}
    return render(request, "onboarding/staff_agreements.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def staff_agreement(request: PersonRequest, kind: str) -> HttpResponse:
    """The next version of one agreement: written, saved as a draft, read as it will be."""
    if not can_publish_agreements(request.viewer):
        raise Http404
    versions = AgreementVersion.objects.filter(kind=_kind(kind))
    draft = versions.filter(in_force_at__isnull=True).first()
    in_force = versions.filter(in_force_at__isnull=False).first()
    start = draft or in_force
    initial = {"title": start.title, "source": start.source} if start else {}
    form = AgreementForm(posted(request), kind=_kind(kind), initial=initial)
    if form.is_valid():
        try:
            agreements.draft(actor=request.user, kind=kind, **form.cleaned_data)
        except (Invalid, Conflict) as error:
            form.add_error(getattr(error, "field", None), error.message)
        else:
            messages.success(request, _("Draft saved. Check the preview below."))
            return redirect("staff-agreement", kind)
    context = {"kind": _kind(kind), "form": form, "draft": draft, "in_force": in_force}
    return render(request, "onboarding/staff_agreement.html", context, status=status_of(form))


@require_POST
@recent_sign_in_required
def put_in_force(request: PersonRequest, kind: str) -> HttpResponse:
    """The draft is what binds from now on."""
    if not can_publish_agreements(request.viewer):
        raise Http404
    draft = AgreementVersion.objects.filter(kind=_kind(kind), in_force_at__isnull=True).first()
    if draft is None:
        raise Http404
    agreements.put_in_force(actor=request.user, version=draft)
    messages.success(
        request, _("The new version is in force. We are asking everyone it binds to accept it.")
    )
    return redirect("staff-agreements")


def _kind(kind: str) -> AgreementKind:
    if kind not in AgreementKind.values:
        raise Http404
    return AgreementKind(kind)
