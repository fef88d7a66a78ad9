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
from workinggroups.groups.forms.charter import CharterForm, charter_initial
from workinggroups.groups.forms.voting import filled_with
from workinggroups.groups.lookup import hide_from_anonymous, visible_group
from workinggroups.groups.models import CharterVersion, Group
from workinggroups.groups.page_frame import group_page_context
from workinggroups.groups.permissions import can_edit_charter, can_read_draft, can_see_drafts
from workinggroups.groups.rules import changed_rules
from workinggroups.groups.voting_presets import preset_named


@public_page
@require_safe
@hide_from_anonymous
def charter(request: Request, slug: str) -> HttpResponse:
    """The version in force; members also see whether there is a draft."""
    group = visible_group(request.viewer, slug)
    versions = list(group.charters.adopted().select_related("adopted_by"))
    in_force = next((version for version in versions if version.during.upper is None), None)
    return _page(request, group, in_force, versions)


@public_page
@require_safe
@hide_from_anonymous
def version(request: Request, slug: str, number: int) -> HttpResponse:
    """One adopted version, in force or not, and what it changed in the version before."""
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
        changed_rules=changed_rules(before.rules, shown.rules) if before else [],
    )


@require_safe
@login_required
def draft(request: PersonRequest, slug: str) -> HttpResponse:
    """The draft and what it would change, for the members of the group and who votes about it."""
    group = visible_group(request.viewer, slug)
    draft = _draft_of(group)
    if draft is None or not can_read_draft(request.viewer, group, draft):
        raise Http404
    in_force = group.charters.in_force().first()
    return render(
        request,
        "groups/charter_draft.html",
        {
            **group_page_context(request, group, "charter"),
            "draft": draft,
            "in_force": in_force,
            "changes": rendered_diff_html(in_force.html, draft.html) if in_force else None,
            "changed_rules": changed_rules(in_force.rules, draft.rules) if in_force else [],
            "can_edit": can_edit_charter(request.viewer, group),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def edit(request: PersonRequest, slug: str) -> HttpResponse:
    """Edit the draft; a new draft begins as a copy of the charter in force.

    The button "Use these rules" saves nothing: it fills the fields of voting with those of a preset.
    """
    group = visible_group(request.viewer, slug, can_see_drafts)
    can_edit_charter.require(request.viewer, group)
    draft = _draft_of(group)
    if "use_preset" in request.POST:
        return _with_preset(request, group, draft)
    form = CharterForm(posted(request), initial=_initial(group, draft))
    if request.method == "POST" and form.is_valid():
        try:
            _save(request, group, draft, form)
        except Invalid as error:
            add_refusal(form, error if error.field in form.fields else _of_the_text(error))
        except Conflict as error:
            return _conflict(request, group, form, error)
        else:
            messages.success(request, _("Draft saved. The members of the group can read it."))
            return redirect("group-charter-draft", slug=slug)
    context = {**group_page_context(request, group, "charter"), "form": form, "draft": draft}
    return render(request, "groups/charter_edit.html", context, status=status_of(form))


def _of_the_text(error: Invalid) -> Invalid:
    return Invalid(error.message, "source")


def _with_preset(
    request: PersonRequest, group: Group, draft: CharterVersion | None
) -> HttpResponse:
    preset = preset_named(request.POST.get("preset", ""))
    typed = request.POST.dict()
    form = CharterForm(initial=filled_with(typed, preset) if preset else typed)
    context = {
        **group_page_context(request, group, "charter"),
        "form": form,
        "draft": draft,
        "preset": preset,
        "has_no_preset": preset is None,
    }
    return render(request, "groups/charter_edit.html", context, status=200 if preset else 422)


def _save(
    request: PersonRequest, group: Group, draft: CharterVersion | None, form: CharterForm
) -> None:
    typed = form.cleaned_data
    content = {
        "source": typed["source"],
        "rules": form.rules(),
        "expires_on": typed["expires_on"],
    }
    if draft is None:
        actions.draft_charter(actor=request.user, group=group, **content)
        return
    actions.edit_charter(actor=request.user, charter=draft, read_at=typed["read_at"], **content)


def _conflict(
    request: PersonRequest, group: Group, form: CharterForm, error: Conflict
) -> HttpResponse:
    """Show the differences between both texts, with the person's own in a form that can be saved."""
    theirs = _draft_of(group)
    if theirs is None:
        raise error
    typed = form.cleaned_data
    context = {
        **group_page_context(request, group, "charter"),
        "form": CharterForm(initial={**typed, "read_at": theirs.edited_at.isoformat()}),
        "draft": theirs,
        "conflict": error.message,
        "changes": diff_html(theirs.source, typed["source"]),
        "changed_rules": changed_rules(theirs.rules, form.rules()),
    }
    return render(request, "groups/charter_edit.html", context, status=409)


def _initial(group: Group, draft: CharterVersion | None) -> dict[str, object]:
    if draft is not None:
        return {
            "source": draft.source,
            **charter_initial(draft.rules),
            "expires_on": draft.expires_on,
            "read_at": draft.edited_at.isoformat(),
        }
    in_force = group.charters.in_force().first()
    return {"source": in_force.source, **charter_initial(in_force.rules)} if in_force else {}


def _draft_of(group: Group) -> CharterVersion | None:
    return group.charters.filter(state=CharterState.DRAFT).select_related("author").first()


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
