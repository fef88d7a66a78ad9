"""Staff's pages of groups. Of a secret group staff see its id, chair and dates, no more."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from common.errors import Invalid
from common.http.form_handling import add_refusal, posted, status_of
from common.http.once import once
from common.http.sign_in_required import login_required
from members.people.models import Person
from members.people.recent_sign_in import recent_sign_in_for, recent_sign_in_required
from members.people.requests import PersonRequest
from workinggroups.groups import actions
from workinggroups.groups.actions.concluding import require_concludable
from workinggroups.groups.actions.groups import SETTINGS
from workinggroups.groups.forms import BreakGlassForm, ChairForm, ConcludeForm, NewGroupForm
from workinggroups.groups.models import BreakGlass, Group
from workinggroups.groups.open_work import open_work
from workinggroups.groups.permissions import (
    can_break_glass,
    can_manage_people,
    can_set_chair,
    is_closed,
)
from workinggroups.groups.queries import (
    eligible_affiliations,
    for_staff,
    person_with_address,
    shown_invitations,
)

PAGE_SIZE = 50


@require_safe
@login_required
def groups(request: PersonRequest) -> HttpResponse:
    _staff_only(request)
    page = Paginator(for_staff(), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {"page": page, "open_ids": request.viewer.break_glass_ids}
    return render(request, "groups/staff_groups.html", context)


@require_safe
@login_required
def group(request: PersonRequest, uuid: UUID) -> HttpResponse:
    """One group as staff see it, and what they can do with it."""
    group = _group(request, uuid)
    is_named = _is_named(request, group)
    can_add = is_named and is_closed(group) and can_manage_people(request.viewer, group)
    context = {
        "group": group,
        "is_named": is_named,
        "opened": _own_openings(request, group).first(),
        "can_open": can_break_glass(request.viewer, group),
        "can_add": can_add,
        "invitations": shown_invitations(group) if can_add else [],
    }
    return render(request, "groups/staff_group.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@once
def new(request: PersonRequest) -> HttpResponse:
    _staff_only(request)
    first_chair = person_with_address(request.POST.get("chair_address", ""))
    affiliations = eligible_affiliations(first_chair) if first_chair else []
    form = NewGroupForm(posted(request), affiliations=affiliations)
    if request.method == "POST" and form.is_valid():
        created = _created(request, form, first_chair)
        if created is not None:
            messages.success(request, _("Group created. Its chair has been notified."))
            return redirect("staff-group", uuid=created.uuid)
    return render(request, "groups/staff_new.html", {"form": form}, status=status_of(form))


def _created(
    request: PersonRequest, form: NewGroupForm, first_chair: Person | None
) -> Group | None:
    if first_chair is None or not form.affiliations:
        form.add_error("chair_address", _("No one in the alliance has confirmed this address."))
        return None
    typed = form.cleaned_data
    try:
        return actions.create_group(
            actor=request.user,
            chair=first_chair,
            chair_organization=form.affiliation,
            charter=typed["charter"],
            **{name: typed[name] for name in SETTINGS},
        )
    except Invalid as error:
        field = {"chair": "chair_address"}.get(error.field or "", error.field)
        add_refusal(form, Invalid(error.message, field))
        return None


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@recent_sign_in_for("POST")
def chair(request: PersonRequest, uuid: UUID) -> HttpResponse:
    """Appoint a chair, by address: staff do not see the people of a closed group."""
    group = _group(request, uuid)
    can_set_chair.require(request.viewer, group)
    form = ChairForm(posted(request))
    if request.method == "POST" and form.is_valid():
        person = person_with_address(form.cleaned_data["address"])
        if person is None:
            form.add_error("address", _("No one in the group has confirmed this address."))
        elif _appointed(request, group, person, form):
            messages.success(request, _("%(person)s now chairs the group.") % {"person": person})
            return redirect("staff-group", uuid=uuid)
    context = {"group": group, "form": form, "is_named": _is_named(request, group)}
    return render(request, "groups/staff_chair.html", context, status=status_of(form))


def _appointed(request: PersonRequest, group: Group, person: Person, form: ChairForm) -> bool:
    try:
        actions.set_chair(actor=request.user, group=group, person=person)
    except Invalid:
        form.add_error(
            "address", _("No one who can write in the group has confirmed this address.")
        )
        return False
    return True


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@recent_sign_in_for("POST")
def conclude(request: PersonRequest, uuid: UUID) -> HttpResponse:
    """List what is open in the group, ask what becomes of it, and conclude the group."""
    group = _group(request, uuid)
    require_concludable(request.viewer, group)
    work = open_work(group, request.viewer)
    form = ConcludeForm(posted(request), work=work)
    if request.method == "POST" and form.is_valid() and _concluded(request, group, form):
        messages.success(
            request, _("Group concluded. Its pages stay readable. Its people have been notified.")
        )
        return redirect("staff-group", uuid=uuid)
    context = {
        "group": group,
        "is_named": _is_named(request, group),
        "form": form,
        "kinds": form.rows(),
    }
    return render(request, "groups/staff_conclude.html", context, status=status_of(form))


def _concluded(request: PersonRequest, group: Group, form: ConcludeForm) -> bool:
    """Conclude the group; False where something was opened since that the form does not ask for."""
    try:
        actions.conclude_group(
            actor=request.user,
            group=group,
            reason=form.cleaned_data["reason"],
            choices=form.choices(),
        )
    except Invalid as error:
        form.ask_again(open_work(group, request.viewer))
        add_refusal(form, error)
        return False
    return True


@require_POST
@recent_sign_in_required
def reopen(request: PersonRequest, uuid: UUID) -> HttpResponse:
    actions.reopen_group(actor=request.user, group=_group(request, uuid))
    messages.success(request, _("Group reopened."))
    return redirect("staff-group", uuid=uuid)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@recent_sign_in_for("POST")
def break_glass(request: PersonRequest, uuid: UUID) -> HttpResponse:
    group = _group(request, uuid)
    form = BreakGlassForm(posted(request))
    if request.method == "POST" and form.is_valid():
        actions.break_glass(actor=request.user, group=group, **form.cleaned_data)
        messages.success(request, _("You can now read this group. Its chairs have been notified."))
        return redirect(group)
    context = {"group": group, "form": form}
    return render(request, "groups/staff_break_glass.html", context, status=status_of(form))


@require_POST
@login_required
def end_break_glass(request: PersonRequest, uuid: UUID) -> HttpResponse:
    opening = get_object_or_404(_own_openings(request, _group(request, uuid)))
    actions.end_break_glass(actor=request.user, opening=opening)
    return redirect("staff-group", uuid=uuid)


def _own_openings(request: PersonRequest, group: Group) -> QuerySet[BreakGlass]:
    return BreakGlass.objects.current().filter(group=group, person=request.user)


def _staff_only(request: PersonRequest) -> None:
    if not request.viewer.is_staff:
        raise Http404


def _group(request: PersonRequest, uuid: UUID) -> Group:
    """Return any group to staff, secret ones too; its id shows nothing of it."""
    _staff_only(request)
    return get_object_or_404(for_staff(), uuid=uuid)


def _is_named(request: PersonRequest, group: Group) -> bool:
    """Whether the page shows the name: of a secret group, only to staff who opened it."""
    return bool(Group.objects.visible_to(request.viewer).filter(pk=group.pk).exists())
