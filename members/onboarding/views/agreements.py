"""Pages of agreements: public, for the people who accept them, and for staff."""

from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from common.errors import Conflict, Invalid
from common.http.errors import not_found_unless
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


@public_page
@require_safe
def agreement_list(request: Request) -> HttpResponse:
    """List the texts in force, which are public so that people can read them before they sign."""
    in_force = list(AgreementVersion.objects.in_force())
    in_force.sort(key=lambda version: AgreementKind.values.index(version.kind))
    context = {"versions": in_force, "for_persons": FOR_PERSONS}
    return render(request, "onboarding/agreements.html", context)


@public_page
@require_safe
def agreement(request: Request, kind: str) -> HttpResponse:
    """Show the version in force, at a permanent URL."""
    return _agreement(request, get_object_or_404(AgreementVersion.objects.in_force(), kind=kind))


@public_page
@require_safe
def agreement_version(request: Request, kind: str, number: int) -> HttpResponse:
    """Show one version that is or was in force."""
    versions = AgreementVersion.objects.published()
    return _agreement(request, get_object_or_404(versions, kind=kind, number=number))


def _agreement(request: Request, version: AgreementVersion) -> HttpResponse:
    versions = list(AgreementVersion.objects.published().filter(kind=version.kind))
    context = {"version": version, "versions": versions, "newest": versions[0]}
    return render(request, "onboarding/agreement.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def own_agreements(request: PersonRequest) -> HttpResponse:
    """List the texts that the person has accepted, and let them accept those that are due."""
    due = list(AgreementVersion.objects.due_for_person(request.user.pk))
    if request.method == "POST" and not due:
        return redirect("own-agreements")
    form = TextsForm(posted(request), versions=due)
    status = status_of(form)
    if due and form.is_valid():
        try:
            agreements.accept_for_self(actor=request.user, versions=form.accepted())
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
    """List the organization's agreements, and let its signatory accept those that are due."""
    organization = _organization(request, slug)
    is_signatory = can_sign(request.viewer, organization)
    binding = queries.agreements_of(organization)
    due = [agreement.version for agreement in binding if agreement.acceptance is None]
    if request.method == "POST":
        can_sign.require(request.viewer, organization)
        if not due:
            return redirect("organization-agreements", slug)
    form = None
    status = 200
    if is_signatory and due:
        form = SignForm(posted(request), versions=due)
        status = status_of(form)
        if form.is_valid():
            try:
                became_active = agreements.sign(
                    actor=request.user,
                    organization=organization,
                    versions=form.accepted(),
                    title=form.cleaned_data["title"],
                    authority=form.cleaned_data["authority"],
                )
            except (Conflict, Invalid) as error:
                form.add_error(None, error.message)
                status = 409
            else:
                outcome = (
                    _("%(organization)s is now a member.")
                    if became_active
                    else _("Accepted on behalf of %(organization)s.")
                )
                messages.success(request, outcome % {"organization": organization})
                return redirect("organization-agreements", slug)
    context = page_context(request, organization, "agreements") | {
        "binding": binding,
        "earlier": queries.earlier_acceptances(organization),
        "due": due,
        "form": form,
        "can_sign": is_signatory,
        "is_awaiting": is_signatory and queries.is_awaiting(organization),
        "signatory": queries.signatory_of(organization),
    }
    return render(request, "onboarding/organization_agreements.html", context, status=status)


def _organization(request: PersonRequest, slug: str) -> Organization:
    """Return the organization for its own people, staff and its signatory. Raises Http404."""
    to_sign = Invitation.objects.to_sign(request.user).values("organization")
    visible = Organization.objects.visible_to(request.viewer).values("pk")
    organization = get_object_or_404(Organization, Q(pk__in=visible) | Q(pk__in=to_sign), slug=slug)
    viewer = request.viewer
    not_found_unless(can_see_inside(viewer, organization) or can_sign(viewer, organization))
    return organization


@require_safe
@login_required
def staff_agreements(request: PersonRequest) -> HttpResponse:
    """List every agreement with its version in force and the draft of the next."""
    not_found_unless(can_publish_agreements(request.viewer))
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
    """Edit and preview the draft of an agreement's next version."""
    not_found_unless(can_publish_agreements(request.viewer))
    versions = AgreementVersion.objects.filter(kind=_kind(kind))
    draft = versions.filter(in_force_at__isnull=True).first()
    in_force = versions.filter(in_force_at__isnull=False).first()
    latest = draft or in_force
    initial = {"title": latest.title, "source": latest.source} if latest else {}
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
    """Put the draft in force."""
    not_found_unless(can_publish_agreements(request.viewer))
    draft = get_object_or_404(AgreementVersion, kind=_kind(kind), in_force_at__isnull=True)
    agreements.put_in_force(actor=request.user, version=draft)
    messages.success(
        request, _("The new version is in force. We are asking everyone it binds to accept it.")
    )
    return redirect("staff-agreements")


def _kind(kind: str) -> AgreementKind:
    not_found_unless(kind in AgreementKind.values)
    return AgreementKind(kind)
