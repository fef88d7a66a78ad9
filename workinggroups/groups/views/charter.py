"""The charter tab: the text in force, the versions before it, the draft of the next."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from common.comparisons.actions import compare_sealed
from common.errors import Conflict, Invalid
from common.http.form_handling import add_refusal, posted, status_of
from common.http.public_pages import public_page
from common.http.requests import Request
from common.http.sign_in_required import login_required
from common.text.diff import diff_html
from common.text.rendered_diff import rendered_diff_html
from members.people.requests import PersonRequest
from workinggroups.groups import actions
from workinggroups.groups.choices import CharterState
from workinggroups.groups.forms import CharterForm
from workinggroups.groups.lookup import hide_from_anonymous, visible_group
from workinggroups.groups.models import CharterVersion, Group
from workinggroups.groups.page_frame import group_page_context
from workinggroups.groups.permissions import can_edit_charter, can_see_drafts


@public_page
@require_safe
@hide_from_anonymous
def charter(request: Request, slug: str) -> HttpResponse:
    """The version in force; to members also that there is a draft."""
    group = visible_group(request.viewer, slug)
    versions = list(group.charters.adopted().select_related("adopted_by"))
    in_force = next((version for version in versions if version.during.upper is None), None)
    return _page(request, group, in_force, versions)


@public_page
@require_safe
@hide_from_anonymous
def version(request: Request, slug: str, number: int) -> HttpResponse:
    """One adopted version, in force or not, and what it changed."""
    group = visible_group(request.viewer, slug)
    versions = list(group.charters.adopted().select_related("adopted_by"))
    shown = next((version for version in versions if version.number == number), None)
    if shown is None:
        raise Http404
    before = next((version for version in versions if version.number < number), None)
    changes = compare_sealed(before, shown) if before else ""
    return _page(
        request,
        group,
        shown,
        versions,
        changes=changes,
        is_preparing=changes is None,
        before=before,
    )


@require_safe
@login_required
def draft(request: PersonRequest, slug: str) -> HttpResponse:
    """The draft beside what it would change, for the members of the group."""
    group = _group_with_drafts(request, slug)
    found = _draft_of(group)
    if found is None:
        raise Http404
    in_force = group.charters.in_force().first()
    return render(
        request,
        "groups/charter_draft.html",
        {
            **group_page_context(request, group, "charter"),
            "draft": found,
            "in_force": in_force,
            "changes": rendered_diff_html(in_force.html, found.html) if in_force else None,
            "can_edit": can_edit_charter(request.viewer, group),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def edit(request: PersonRequest, slug: str) -> HttpResponse:
    """Writing the draft: it begins as a copy of the charter in force."""
    group = _group_with_drafts(request, slug)
    can_edit_charter.require(request.viewer, group)
    found = _draft_of(group)
    form = CharterForm(posted(request), initial=_beginning(group, found))
    if request.method == "POST" and form.is_valid():
        try:
            _save(request, group, found, form)
        except Invalid as error:
            add_refusal(form, Invalid(error.message, "source"))
        except Conflict as error:
            return _conflict(request, group, form, error)
        else:
            messages.success(request, _("The draft is saved. The members of the group read it."))
            return redirect("group-charter-draft", slug=slug)
    context = {**group_page_context(request, group, "charter"), "form": form, "draft": found}
    return render(request, "groups/charter_edit.html", context, status=status_of(form))


def _save(
    request: PersonRequest, group: Group, found: CharterVersion | None, form: CharterForm
) -> None:
    source, expires_on = form.cleaned_data["source"], form.cleaned_data["expires_on"]
    if found is None:
        actions.draft_charter(actor=request.user, group=group, source=source, expires_on=expires_on)
        return
    actions.edit_charter(
        actor=request.user,
        charter=found,
        source=source,
        expires_on=expires_on,
        read_at=form.cleaned_data["read_at"],
    )


def _conflict(
    request: PersonRequest, group: Group, form: CharterForm, error: Conflict
) -> HttpResponse:
    """Both texts, and one's own ready to be saved over the other once it was compared."""
    theirs = _draft_of(group)
    if theirs is None:
        raise error
    own = form.cleaned_data
    anew = CharterForm(initial={**own, "read_at": theirs.edited_at.isoformat()})
    context = {
        **group_page_context(request, group, "charter"),
        "form": anew,
        "draft": theirs,
        "conflict": error.message,
        "changes": diff_html(theirs.source, own["source"]),
    }
    return render(request, "groups/charter_edit.html", context, status=409)


def _beginning(group: Group, found: CharterVersion | None) -> dict[str, object]:
    if found is not None:
        return {
            "source": found.source,
            "expires_on": found.expires_on,
            "read_at": found.edited_at.isoformat(),
        }
    in_force = group.charters.in_force().first()
    return {"source": in_force.source} if in_force else {}


def _draft_of(group: Group) -> CharterVersion | None:
    return group.charters.filter(state=CharterState.DRAFT).select_related("author").first()


def _group_with_drafts(request: PersonRequest, slug: str) -> Group:
    group = visible_group(request.viewer, slug)
    if not can_see_drafts(request.viewer, group):
        raise Http404
    return group


def _page(
    request: Request,
    group: Group,
    shown: CharterVersion | None,
    versions: list[CharterVersion],
    **more: object,
) -> HttpResponse:
    sees_drafts = can_see_drafts(request.viewer, group)
    context = {
        **group_page_context(request, group, "charter"),
        "shown": shown,
        "versions": versions,
        "draft": _draft_of(group) if sees_drafts else None,
        "can_edit": can_edit_charter(request.viewer, group),
        **more,
    }
    return render(request, "groups/charter.html", context)
