"""Pages of one organization: its profile, its people, and what its representatives change."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from common.errors import Conflict, Invalid
from common.http.errors import not_found_unless
from common.http.form_handling import add_refusal, posted, refusals_shown_in, status_of
from common.http.public_pages import public_page
from common.http.requests import Request
from common.http.sign_in_required import login_required
from common.names import likeness_keys
from common.vocabulary.countries import country_name
from members.organizations import queries
from members.organizations.actions import people as people_actions
from members.organizations.actions import profile as profile_actions
from members.organizations.actions.names import open_request
from members.organizations.choices import RepresentativeRole
from members.organizations.forms import AppointForm, ProfileForm, lines_of
from members.organizations.models import Affiliation, Organization, Representation
from members.organizations.permissions import (
    can_answer_legal_name,
    can_appoint,
    can_choose_address,
    can_dismiss,
    can_edit_profile,
    can_end_affiliation,
    can_relate,
    can_see_inside,
    can_see_people,
    can_set_status,
)
from members.people.models import Person
from members.people.recent_sign_in import recent_sign_in_required
from members.people.requests import PersonRequest

PEOPLE_A_PAGE = 50


def visible(request: Request, slug: str) -> Organization:
    """Return the organization. Raises Http404 if there is none, or the viewer cannot see it."""
    return get_object_or_404(Organization.objects.visible_to(request.viewer), slug=slug)


def page_context(request: Request, organization: Organization, tab: str) -> dict[str, object]:
    """Return what the head and the tabs of every page of an organization need."""
    return {
        "organization": organization,
        "tab": tab,
        "can_see_inside": can_see_inside(request.viewer, organization),
        "can_edit_profile": can_edit_profile(request.viewer, organization),
        "can_relate": can_relate(request.viewer, organization),
        "can_choose_address": can_choose_address(request.viewer, organization),
        "can_set_status": can_set_status(request.viewer, organization),
        "country_name": country_name(organization.country),
        "membership": queries.current_membership(organization),
    }


@public_page
@require_safe
def organization(request: Request, slug: str) -> HttpResponse:
    """Show the public page; its own people and staff also see domains and history."""
    shown = visible(request, slug)
    context = page_context(request, shown, "overview")
    context["names"] = [other.name for other in shown.other_names.all()]
    if context["can_edit_profile"]:
        context["asked"] = open_request(shown)
        context["can_answer_legal_name"] = can_answer_legal_name(request.viewer, shown)
    context["relations"] = queries.relations_of(shown, request.viewer)
    context["representatives"] = queries.public_representatives(shown)
    if context["can_see_inside"]:
        context["domains"] = [known.domain for known in shown.domains.all()]
        context["history"] = queries.membership_history(shown)
    return render(request, "organizations/organization.html", context)


@require_safe
@login_required
def people(request: PersonRequest, slug: str) -> HttpResponse:
    """Show the organization's people, as far as the viewer can see them, with their roles."""
    shown = visible(request, slug)
    not_found_unless(can_see_people(request.viewer, shown))
    return _people(request, shown)


@require_POST
@recent_sign_in_required
def appoint(request: PersonRequest, slug: str) -> HttpResponse:
    """Appoint one of the organization's people its representative or alternate."""
    shown = visible(request, slug)
    not_found_unless(can_see_people(request.viewer, shown))
    # Everyone who can appoint at all can appoint alternates.
    can_appoint.require(request.viewer, shown, RepresentativeRole.ALTERNATE)
    form = _appoint_form(request, shown)
    if form.is_valid():
        with refusals_shown_in(form):
            people_actions.appoint_representative(
                actor=request.user, organization=shown, **form.cleaned_data
            )
            values = {"person": form.cleaned_data["person"], "organization": shown}
            messages.success(request, _("%(person)s now acts for %(organization)s.") % values)
            return redirect("organization-people", slug)
    return _people(request, shown, form)


@require_POST
@recent_sign_in_required
def dismiss(request: PersonRequest, slug: str, uuid: UUID) -> HttpResponse:
    """End the role of a representative or alternate."""
    shown = visible(request, slug)
    not_found_unless(can_see_inside(request.viewer, shown))
    representations = Representation.objects.select_related("organization", "person")
    representation = get_object_or_404(representations, organization=shown, uuid=uuid)
    people_actions.dismiss_representative(actor=request.user, representation=representation)
    values = {"person": representation.person, "organization": shown}
    messages.success(request, _("%(person)s no longer acts for %(organization)s.") % values)
    return redirect("organization-people", slug)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def end_affiliation(request: PersonRequest, slug: str, uuid: UUID) -> HttpResponse:
    """Explain what ending an affiliation means; a POST ends it."""
    shown = visible(request, slug)
    affiliations = Affiliation.objects.current().select_related("organization", "person")
    affiliation = get_object_or_404(affiliations, organization=shown, uuid=uuid)
    is_their_own = affiliation.person_id == request.user.pk
    not_found_unless(is_their_own or can_see_inside(request.viewer, shown))
    can_end_affiliation.require(request.viewer, affiliation)
    if request.method == "GET":
        context = page_context(request, shown, "people") | {"affiliation": affiliation}
        return render(request, "organizations/end_affiliation.html", context)
    people_actions.end_affiliation(actor=request.user, affiliation=affiliation)
    values = {"person": affiliation.person, "organization": shown}
    messages.success(request, _("%(person)s has left %(organization)s.") % values)
    if is_their_own:
        return redirect("/my/")
    return redirect("organization-people", slug)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def edit(request: PersonRequest, slug: str) -> HttpResponse:
    """Edit the public profile. Of two concurrent edits, the later one sees both texts."""
    shown = visible(request, slug)
    can_edit_profile.require(request.viewer, shown)
    form = _profile_form(request, shown, posted(request))
    if form.is_valid():
        values = dict(form.cleaned_data)
        try:
            profile_actions.edit_profile(
                actor=request.user,
                organization=shown,
                version=values.pop("version"),
                other_names=lines_of(values.pop("other_names")),
                **values,
            )
        except Conflict:
            return _edit_conflict(request, slug)
        except Invalid as error:
            add_refusal(form, error)
        else:
            messages.success(request, _("Profile saved."))
            _add_name_messages(request, visible(request, slug))
            return redirect("organization", slug)
    context = page_context(request, shown, "edit") | {"form": form, "asked": open_request(shown)}
    return render(request, "organizations/edit.html", context, status=status_of(form))


def _profile_form(
    request: PersonRequest, shown: Organization, data: QueryDict | None
) -> ProfileForm:
    """Return the form; for a representative, with the legal name that waits for staff."""
    asked = None if request.viewer.is_staff else open_request(shown)
    return ProfileForm(data, instance=shown, asked_legal_name=asked.legal_name if asked else "")


def _add_name_messages(request: PersonRequest, saved: Organization) -> None:
    """Tell a representative of the open request for a legal name, and staff of similar names."""
    if not request.viewer.is_staff:
        if open_request(saved):
            message = _(
                "Staff will confirm the new legal name. Until then, we show the current one."
            )
            messages.info(request, message)
        return
    own = [saved.name, saved.legal_name]
    for name in queries.named_like(own, besides=saved.pk, keys_of=likeness_keys).values():
        message = _("This name is, or looks like, a name of another organization: %(name)s.")
        messages.warning(request, message % {"name": name})


def _edit_conflict(request: PersonRequest, slug: str) -> HttpResponse:
    """Show what was typed beside what is saved now; saving again keeps what was typed."""
    saved = visible(request, slug)
    typed = request.POST.copy()
    typed["version"] = str(saved.version)
    mine = _profile_form(request, saved, typed)
    mine.is_valid()
    theirs = _profile_form(request, saved, None)
    differences = [
        (field.label, theirs[field.name].value())
        for field in mine
        if field.name != "version" and _plain(field.value()) != _plain(theirs[field.name].value())
    ]
    context = page_context(request, saved, "edit") | {"form": mine, "differences": differences}
    return render(request, "organizations/edit_conflict.html", context, status=409)


def _plain(value: object) -> str:
    """Return a field's value as text; an unticked box and a missing one are the same."""
    if value in (None, False, "off"):
        return ""
    if value in (True, "on"):
        return "on"
    return str(value).replace("\r\n", "\n").strip()


def _people(
    request: PersonRequest, shown: Organization, form: AppointForm | None = None
) -> HttpResponse:
    colleagues = queries.people_of(shown, request.viewer)
    appoints = can_appoint(request.viewer, shown, RepresentativeRole.ALTERNATE)
    page = Paginator(colleagues, PEOPLE_A_PAGE).get_page(request.GET.get("page"))
    context = page_context(request, shown, "people") | {
        "page": page,
        "colleagues": [
            (
                colleague,
                can_end_affiliation(request.viewer, colleague.affiliation),
                colleague.representation is not None
                and can_dismiss(request.viewer, colleague.representation),
            )
            for colleague in page
        ],
        "form": form or (_appoint_form(request, shown) if appoints else None),
    }
    status = 422 if form is not None else 200
    return render(request, "organizations/people.html", context, status=status)


def _appoint_form(request: PersonRequest, shown: Organization) -> AppointForm:
    roles = [role for role in RepresentativeRole if can_appoint(request.viewer, shown, role)]
    affiliations = Affiliation.objects.current().filter(organization=shown)
    people = Person.objects.active().filter(pk__in=affiliations.values("person"))
    return AppointForm(
        posted(request),
        people=people.exclude(pk=request.user.pk).order_by("sort_name", "pk"),
        roles=[role.value for role in roles],
    )
