"""Pages for staff: all organizations, legal names, memberships, relations, the import."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import OuterRef, Subquery
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from common.addresses.forms import AddressForm, proposal_for
from common.errors import Invalid, WrongState
from common.http.errors import not_found_unless
from common.http.form_handling import posted, posted_files, refusals_shown_in, status_of
from common.http.sign_in_required import login_required
from members.organizations import csv_files, queries
from members.organizations.actions import importing, memberships, names, profile
from members.organizations.choices import MembershipStatus
from members.organizations.forms import (
    DomainsForm,
    ImportForm,
    ImportLinesForm,
    ImportTextForm,
    LegalNameForm,
    OrganizationsForm,
    RelationForm,
    StatusForm,
)
from members.organizations.models import Membership, Organization, OrganizationRelation
from members.organizations.permissions import (
    can_answer_legal_name,
    can_choose_address,
    can_import,
    can_relate,
    can_set_status,
)
from members.organizations.views.organization import page_context, visible
from members.people.recent_sign_in import recent_sign_in_for, recent_sign_in_required
from members.people.requests import PersonRequest

PAGE_SIZE = 50


@require_safe
@login_required
def organizations(request: PersonRequest) -> HttpResponse:
    """List all organizations, in any status, with their membership."""
    not_found_unless(request.viewer.is_staff)
    form = OrganizationsForm(request.GET)
    form.is_valid()
    latest = Membership.objects.filter(organization=OuterRef("pk")).order_by("-during")
    listed = Organization.objects.annotate(status=Subquery(latest.values("status")[:1]))
    if status := form.cleaned_data.get("status"):
        listed = listed.filter(status=status)
    if kind := form.cleaned_data.get("kind"):
        listed = listed.filter(kind=kind)
    if words := form.cleaned_data.get("q", "").strip():
        listed = listed.called(words)
    page = Paginator(listed, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "form": form,
        "rows": list(page.object_list),
        "legal_names": queries.legal_names_asked(),
    }
    return render(request, "organizations/staff_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@recent_sign_in_for("POST")
def legal_name(request: PersonRequest, slug: str) -> HttpResponse:
    """Show the legal name that a representative asked for; a POST confirms or declines it."""
    shown = visible(request, slug)
    can_answer_legal_name.require(request.viewer, shown)
    asked = names.open_request(shown)
    if asked is None and request.method == "POST":
        raise WrongState(_("This request has already been answered or withdrawn."))
    form = LegalNameForm(posted(request), initial={"asked": asked.uuid} if asked else {})
    if asked is not None and form.is_valid():
        if form.cleaned_data["asked"] != asked.uuid:
            # Another name than the one that staff read.
            raise WrongState(
                _("A different name has been requested since. Reload the page to see it.")
            )
        if form.cleaned_data["answer"] == "confirm":
            names.confirm_legal_name(actor=request.user, request=asked)
            message = _("Legal name changed. The representatives have been notified.")
            messages.success(request, message)
            return redirect("organization", slug)
        reason = form.cleaned_data["reason"]
        with refusals_shown_in(form):
            names.decline_legal_name(actor=request.user, request=asked, reason=reason)
            message = _("Legal name kept. The representatives have been notified.")
            messages.success(request, message)
            return redirect("organization", slug)
    context = page_context(request, shown, "legal-name") | {"form": form, "asked": asked}
    if asked is not None:
        alike = queries.named_like([asked.legal_name], besides=shown.pk)
        context["alike"] = list(Organization.objects.filter(pk__in=alike))
    return render(request, "organizations/legal_name.html", context, status=status_of(form))


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@recent_sign_in_for("POST")
def membership(request: PersonRequest, slug: str) -> HttpResponse:
    """Set the membership's status, with a reason that the organization reads."""
    shown = visible(request, slug)
    can_set_status.require(request.viewer, shown)
    current = queries.current_membership(shown)
    if current is None:
        raise Http404
    allowed = memberships.BY_STAFF[current.status]
    possible = [status for status in MembershipStatus if status in allowed]
    form = StatusForm(posted(request), possible=possible)
    if form.is_valid():
        memberships.set_status(actor=request.user, membership=current, **form.cleaned_data)
        message = _("Membership changed. The representatives have been notified.")
        messages.success(request, message)
        return redirect("organization", slug)
    context = page_context(request, shown, "membership") | {
        "form": form,
        "possible": possible,
        "history": queries.membership_history(shown),
    }
    return render(request, "organizations/membership.html", context, status=status_of(form))


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@recent_sign_in_for("POST")
def relations(request: PersonRequest, slug: str) -> HttpResponse:
    """Edit the organization's relations and mail domains, with one form each."""
    shown = visible(request, slug)
    can_relate.require(request.viewer, shown)
    domains = "\n".join(known.domain for known in shown.domains.all())
    which = request.POST.get("form", "") if request.method == "POST" else ""
    relation_form = RelationForm(request.POST if which == "relation" else None)
    domains_form = DomainsForm(
        request.POST if which == "domains" else None, initial={"domains": domains}
    )
    form = {"relation": relation_form, "domains": domains_form}.get(which)
    if form is not None and form.is_valid():
        with refusals_shown_in(form):
            if which == "relation":
                profile.relate(actor=request.user, organization=shown, **form.cleaned_data)
                message = _("Relation added.")
            else:
                profile.set_domains(actor=request.user, organization=shown, **form.cleaned_data)
                message = _("E-mail domains saved.")
            messages.success(request, message)
            return redirect("organization-relations", slug)
    context = page_context(request, shown, "relations") | {
        "relation_form": relation_form,
        "domains_form": domains_form,
        "relations": queries.relations_of(shown, request.viewer),
    }
    status = 422 if form is not None else 200
    return render(request, "organizations/relations.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@recent_sign_in_for("POST")
def address(request: PersonRequest, slug: str) -> HttpResponse:
    """Choose the organization's address; `address` in the query previews the new one."""
    shown = visible(request, slug)
    can_choose_address.require(request.viewer, shown)
    typed = posted(request) or (request.GET if "address" in request.GET else None)
    form = AddressForm(typed, initial={"address": shown.slug})
    if request.method == "POST" and form.is_valid():
        with refusals_shown_in(form):
            chosen = profile.choose_address(
                actor=request.user, organization=shown, **form.cleaned_data
            )
            message = _("Address changed. The former address redirects to this page.")
            messages.success(request, message)
            return redirect(chosen)
    context = page_context(request, shown, "address") | {"form": form}
    context["proposal"] = proposal_for("organization", shown, form)
    status = status_of(form) if request.method == "POST" else 200
    return render(request, "organizations/address.html", context, status=status)


@require_POST
@recent_sign_in_required
def end_relation(request: PersonRequest, slug: str, uuid: UUID) -> HttpResponse:
    """End a relation of the organization."""
    shown = visible(request, slug)
    relations = OrganizationRelation.objects.select_related("organization", "other")
    relation = relations.filter(uuid=uuid).first()
    if relation is None or shown not in (relation.organization, relation.other):
        raise Http404
    profile.end_relation(actor=request.user, relation=relation)
    messages.success(request, _("Relation ended."))
    return redirect("organization-relations", slug)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def import_members(request: PersonRequest) -> HttpResponse:
    """Show a trial run of a file: the members it would create, or its faults. Changes nothing."""
    not_found_unless(can_import(request.viewer))
    form = ImportForm(posted(request), files=posted_files(request))
    if not form.is_valid():
        status = status_of(form)
        context: dict[str, object] = {"form": form, "columns": csv_files.COLUMNS}
        return render(request, "organizations/import.html", context, status=status)
    text = form.csv()
    reading = csv_files.read(text, zone=request.user.zone)
    if form.is_guess:
        message = _("The file is not in UTF-8, so we read it as Windows-1252. Check its letters.")
        reading.warn(1, "", message)
    context = {"reading": reading, "form": ImportTextForm(initial={"text": text})}
    if reading.faults and not form.cleaned_data["file"]:
        context["lines"] = ImportLinesForm(initial={"text": text})
    status = 422 if reading.faults else 200
    return render(request, "organizations/import_trial.html", context, status=status)


@require_POST
@recent_sign_in_required
def import_confirm(request: PersonRequest) -> HttpResponse:
    """Import the lines of the trial run, all or none."""
    not_found_unless(can_import(request.viewer))
    form = ImportTextForm(request.POST)
    if not form.is_valid():
        return redirect("staff-import")
    text = form.cleaned_data["text"]
    try:
        imported = importing.import_members(actor=request.user, text=text)
    except Invalid:
        context = {"reading": csv_files.read(text, zone=request.user.zone), "form": form}
        return render(request, "organizations/import_trial.html", context, status=422)
    message = ngettext("%(count)d member imported.", "%(count)d members imported.", len(imported))
    messages.success(request, message % {"count": len(imported)})
    return redirect("staff-organizations")
