"""What staff does about groups. A secret group shows its id, its chair and its dates, no more."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
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
from workinggroups.groups.forms import (
    BreakGlassForm,
    ChairForm,
    NewGroupForm,
)
from workinggroups.groups.models import BreakGlass, Group
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
    """One group as staff sees it, and what staff may do with it."""
    found = _group(request, uuid)
    visible = _is_named(request, found)
    opened = BreakGlass.objects.current().filter(group=found, person=request.user).first()
    can_add = visible and is_closed(found) and can_manage_people(request.viewer, found)
    context = {
        "group": found,
        "is_named": visible,
        "opened": opened,
        "can_open": can_break_glass(request.viewer, found),
        "can_add": can_add,
        "invitations": shown_invitations(found) if can_add else [],
    }
    return render(request, "groups/staff_group.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@once
def new(request: PersonRequest) -> HttpResponse:
    _staff_only(request)
    first_chair = person_with_address(request.POST.get("chair_address", ""))
    ways = eligible_affiliations(first_chair) if first_chair else []
    form = NewGroupForm(posted(request), ways=ways)
    if request.method == "POST" and form.is_valid():
        created = _created(request, form, first_chair)
        if created is not None:
            messages.success(request, _("The group works. Its chair was told."))
            return redirect("staff-group", uuid=created.uuid)
    return render(request, "groups/staff_new.html", {"form": form}, status=status_of(form))


def _created(
    request: PersonRequest, form: NewGroupForm, first_chair: Person | None
) -> Group | None:
    if first_chair is None or not form.ways:
        form.add_error("chair_address", _("Nobody in the alliance has this confirmed address."))
        return None
    typed = form.cleaned_data
    try:
        return actions.create_group(
            actor=request.user,
            chair=first_chair,
            chair_organization=form.way,
            name=typed["name"],
            kind=typed["kind"],
            purpose=typed["purpose"],
            focus_area=typed["focus_area"],
            listing=typed["listing"],
            admission=typed["admission"],
            content=typed["content"],
            charter=typed["charter"],
        )
    except Invalid as error:
        field = {"chair": "chair_address"}.get(error.field or "", error.field)
        add_refusal(form, Invalid(error.message, field))
        return None


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@recent_sign_in_for("POST")
def chair(request: PersonRequest, uuid: UUID) -> HttpResponse:
    """Staff seats a chair by address: it sees the people of a closed group as little as others."""
    found = _to_act_on(request, uuid)
    form = ChairForm(posted(request))
    if request.method == "POST" and form.is_valid():
        person = person_with_address(form.cleaned_data["address"])
        if person is None:
            form.add_error("address", _("Nobody in the group has this confirmed address."))
        elif _is_seated(request, found, person, form):
            messages.success(request, _("%(person)s chairs the group now.") % {"person": person})
            return redirect("staff-group", uuid=uuid)
    context = {"group": found, "form": form, "is_named": _is_named(request, found)}
    return render(request, "groups/staff_chair.html", context, status=status_of(form))


def _is_seated(request: PersonRequest, found: Group, person: Person, form: ChairForm) -> bool:
    try:
        actions.set_chair(actor=request.user, group=found, person=person)
    except Invalid:
        form.add_error("address", _("Nobody who writes in the group has this confirmed address."))
        return False
    return True


@require_POST
@recent_sign_in_required
def conclude(request: PersonRequest, uuid: UUID) -> HttpResponse:
    actions.conclude_group(actor=request.user, group=_group(request, uuid))
    messages.success(request, _("The group is concluded. Its pages stay readable."))
    return redirect("staff-group", uuid=uuid)


@require_POST
@recent_sign_in_required
def reopen(request: PersonRequest, uuid: UUID) -> HttpResponse:
    actions.reopen_group(actor=request.user, group=_group(request, uuid))
    messages.success(request, _("The group is open again."))
    return redirect("staff-group", uuid=uuid)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@recent_sign_in_for("POST")
def break_glass(request: PersonRequest, uuid: UUID) -> HttpResponse:
    found = _group(request, uuid)
    form = BreakGlassForm(posted(request))
    if request.method == "POST" and form.is_valid():
        actions.break_glass(actor=request.user, group=found, **form.cleaned_data)
        messages.success(request, _("Open. The chairs of the group know."))
        return redirect(found)
    context = {"group": found, "form": form}
    return render(request, "groups/staff_break_glass.html", context, status=status_of(form))


@require_POST
@login_required
def end_break_glass(request: PersonRequest, uuid: UUID) -> HttpResponse:
    found = _group(request, uuid)
    opened = BreakGlass.objects.current().filter(group=found, person=request.user).first()
    if opened is None:
        raise Http404
    actions.end_break_glass(actor=request.user, opened=opened)
    return redirect("staff-group", uuid=uuid)


def _staff_only(request: PersonRequest) -> None:
    if not request.viewer.is_staff:
        raise Http404


def _group(request: PersonRequest, uuid: UUID) -> Group:
    """Any group, secret ones too: by its id, which says nothing."""
    _staff_only(request)
    found = for_staff().filter(uuid=uuid).first()
    if found is None:
        raise Http404
    return found


def _to_act_on(request: PersonRequest, uuid: UUID) -> Group:
    """Any group that this member of staff has not opened to read: else 403."""
    found = _group(request, uuid)
    can_set_chair.require(request.viewer, found)
    return found


def _is_named(request: PersonRequest, found: Group) -> bool:
    """Staff sees the name: a secret group shows it only to its members and who opened it."""
    return bool(Group.objects.visible_to(request.viewer).filter(pk=found.pk).exists())
