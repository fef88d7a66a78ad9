"""Create a deliverable, write its text and keep its files."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from common.errors import Conflict, Invalid
from common.http.form_handling import posted, posted_files, refusals_shown_in, status_of
from common.http.once import once
from common.http.sign_in_required import login_required
from common.text.diff import diff_html
from members.people.requests import PersonRequest
from workinggroups.deliverables import actions
from workinggroups.deliverables.actions import states
from workinggroups.deliverables.forms import DeliverableForm, FileForm, TextForm
from workinggroups.deliverables.models import Deliverable
from workinggroups.deliverables.permissions import can_create, can_edit
from workinggroups.deliverables.queries import editor_ids, last_revision
from workinggroups.deliverables.views.page_frame import deliverable_page_context, get_deliverable
from workinggroups.groups.lookup import group_of_member_space
from workinggroups.groups.page_frame import group_page_context

DETAILS = ("title", "kind", "summary", "licence")


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@once
def create(request: PersonRequest, slug: str) -> HttpResponse:
    group = group_of_member_space(request, slug)
    can_create.require(request.viewer, group)
    form = DeliverableForm(posted(request), initial={"licence": "CC-BY-4.0"})
    if form.is_valid():
        data = {name: form.cleaned_data[name] for name in DETAILS}
        deliverable = actions.create_deliverable(actor=request.user, group=group, **data)
        return redirect("deliverable-text", group.slug, deliverable.number)
    context = {**group_page_context(request, group, "deliverables"), "form": form}
    return render(request, "deliverables/create.html", context, status=status_of(form))


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def details(request: PersonRequest, slug: str, number: int) -> HttpResponse:
    """Edit title, kind, summary and licence."""
    deliverable = get_deliverable(request, slug, number)
    can_edit.require(request.viewer, deliverable, editor_ids(deliverable))
    initial = {name: getattr(deliverable, name) for name in (*DETAILS, "version")}
    form = DeliverableForm(posted(request), initial=initial)
    if form.is_valid():
        data = {**form.cleaned_data, "version": form.cleaned_data["version"] or 0}
        with refusals_shown_in(form):
            actions.edit_details(actor=request.user, deliverable=deliverable, **data)
            messages.success(request, _("Details saved."))
            return redirect(deliverable)
    context = {**deliverable_page_context(request, deliverable), "form": form}
    return render(request, "deliverables/details.html", context, status=status_of(form))


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def text(request: PersonRequest, slug: str, number: int) -> HttpResponse:
    """Edit the text of the open revision. If two people save at once, neither text is lost."""
    deliverable = get_deliverable(request, slug, number)
    can_edit.require(request.viewer, deliverable, editor_ids(deliverable))
    states.check(deliverable, "save_text")
    revision = last_revision(deliverable)
    initial = {name: getattr(revision, name) for name in ("source", "changes", "version")}
    form = TextForm(posted(request), initial=initial)
    if form.is_valid():
        try:
            actions.save_text(actor=request.user, deliverable=deliverable, **form.cleaned_data)
        except Invalid as error:
            form.add_error("source", error.message)
        except Conflict:
            return _conflict(request, deliverable, form)
        else:
            messages.success(request, _("Text saved."))
            return redirect(deliverable)
    context = {**deliverable_page_context(request, deliverable), "form": form, "revision": revision}
    return render(request, "deliverables/text.html", context, status=status_of(form))


def _conflict(request: PersonRequest, deliverable: Deliverable, form: TextForm) -> HttpResponse:
    """Show both texts and their difference; saving then replaces the other person's text."""
    theirs = last_revision(deliverable)
    mine = form.cleaned_data["source"].replace("\r\n", "\n")
    initial = {**form.cleaned_data, "source": mine, "version": theirs.version}
    context = {
        **deliverable_page_context(request, deliverable),
        "form": TextForm(initial=initial),
        "theirs": theirs,
        "difference": diff_html(theirs.source, mine),
    }
    return render(request, "deliverables/conflict.html", context, status=409)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@once
def files(request: PersonRequest, slug: str, number: int) -> HttpResponse:
    """List the files of the open revision, and add one."""
    deliverable = get_deliverable(request, slug, number)
    can_edit.require(request.viewer, deliverable, editor_ids(deliverable))
    revision = last_revision(deliverable)
    form = FileForm(posted(request), files=posted_files(request))
    if form.is_valid():
        with refusals_shown_in(form):
            added = actions.add_file(
                actor=request.user, deliverable=deliverable, upload=form.cleaned_data["file"]
            )
            messages.success(request, _("%(name)s added.") % {"name": added.name})
            return redirect("deliverable-files", slug, number)
    context = {
        **deliverable_page_context(request, deliverable),
        "form": form,
        "revision": revision,
        "files": revision.files.select_related("stored__picture"),
    }
    return render(request, "deliverables/files.html", context, status=status_of(form))


@require_POST
@login_required
def remove(request: PersonRequest, slug: str, number: int, name: str) -> HttpResponse:
    deliverable = get_deliverable(request, slug, number)
    actions.remove_file(actor=request.user, deliverable=deliverable, name=name)
    messages.success(request, _("%(name)s removed.") % {"name": name})
    return redirect("deliverable-files", slug, number)


def _view_of(action: Callable[..., object]) -> Callable[..., HttpResponse]:
    """Return the view of an action that needs no form; the page of the deliverable shows its effect."""

    @require_POST
    @login_required
    def act(request: PersonRequest, slug: str, number: int) -> HttpResponse:
        deliverable = get_deliverable(request, slug, number)
        action(actor=request.user, deliverable=deliverable)
        return redirect(deliverable)

    return act


seal = _view_of(actions.seal)
revise = _view_of(actions.revise)
drop = _view_of(actions.drop)
resume = _view_of(actions.resume)
