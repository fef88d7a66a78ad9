"""Works published elsewhere: their public pages, and the staff pages that maintain them."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from catalogue import actions
from catalogue.forms import ExternalWorkForm
from catalogue.models import ExternalWork
from catalogue.permissions import can_curate
from catalogue.views.public import answer, is_impersonal
from common.http.form_handling import posted, refusals_shown_in, status_of
from common.http.once import once
from common.http.page_limit import uncounted
from common.http.public_pages import public_page
from common.http.requests import Request
from common.http.sign_in_required import login_required
from members.people.requests import PersonRequest


@public_page
@uncounted
@require_safe
def entry(request: Request, uuid: str) -> HttpResponse:
    """Show the entry of a work, with a link to where it is published."""
    work = _listed(uuid)

    def page() -> HttpResponse:
        is_curator = not is_impersonal(request) and can_curate(request.viewer)
        return render(request, "catalogue/entry.html", {"entry": work, "can_curate": is_curator})

    return answer(request, ("outside", work.uuid, work.version), page)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@once
def add(request: PersonRequest) -> HttpResponse:
    """Let staff add a work."""
    can_curate.require(request.viewer)
    form = ExternalWorkForm(posted(request), zone=request.user.zone)
    if form.is_valid():
        data = {name: form.cleaned_data[name] for name in actions.FIELDS}
        with refusals_shown_in(form):
            added = actions.add_entry(actor=request.user, **data)
            messages.success(request, _("Work added to the catalogue."))
            return redirect(added)
    return render(request, "catalogue/entry_form.html", {"form": form}, status=status_of(form))


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def edit(request: PersonRequest, uuid: str) -> HttpResponse:
    """Let staff edit an entry."""
    can_curate.require(request.viewer)
    work = _listed(uuid)
    initial = ExternalWorkForm.initial_of(work)
    form = ExternalWorkForm(posted(request), zone=request.user.zone, initial=initial)
    if form.is_valid():
        data = {name: form.cleaned_data[name] for name in actions.FIELDS}
        version = form.cleaned_data["version"] or 0
        with refusals_shown_in(form):
            actions.edit_entry(actor=request.user, entry=work, version=version, **data)
            messages.success(request, _("Work updated."))
            return redirect(work)
    context = {"form": form, "entry": work}
    return render(request, "catalogue/entry_form.html", context, status=status_of(form))


@require_POST
@login_required
def retire(request: PersonRequest, uuid: str) -> HttpResponse:
    """Let staff take an entry out of the catalogue."""
    can_curate.require(request.viewer)
    actions.retire_entry(actor=request.user, entry=_listed(uuid))
    messages.success(request, _("Work removed from the catalogue."))
    return redirect("catalogue")


def _listed(uuid: str) -> ExternalWork:
    listed = ExternalWork.objects.listed().select_related("focus_area")
    return get_object_or_404(listed, uuid=uuid)
