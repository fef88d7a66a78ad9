"""The people tab: the roster, requests to join, and what the chairs change."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.forms import BaseForm
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from common.http.form_handling import posted, refusals_shown_in, status_of
from common.http.sign_in_required import login_required
from members.people.models import Person
from members.people.recent_sign_in import recent_sign_in_for
from members.people.requests import PersonRequest
from workinggroups.groups import actions
from workinggroups.groups.actions.guards import require_running
from workinggroups.groups.choices import OfficeKind, ParticipationLevel
from workinggroups.groups.forms import DeclineForm, LevelForm, OfficeForm, PersonForm
from workinggroups.groups.lookup import require_manager, visible_group
from workinggroups.groups.models import AdmissionRequest, Group
from workinggroups.groups.page_frame import group_page_context
from workinggroups.groups.permissions import (
    can_appoint,
    can_hand_over,
    can_manage_people,
    can_see_openings,
    can_see_people,
    is_running,
)
from workinggroups.groups.queries import members_of, roster, shown_invitations
from workinggroups.groups.voter_lists import voters_section

PAGE_SIZE = 100


def group_to_manage(request: PersonRequest, slug: str) -> Group:
    """Return the group to a viewer who decides who takes part; 403 for others who see its people."""
    group = visible_group(request.viewer, slug)
    require_manager(request.viewer, group)
    return group


def group_to_change(request: PersonRequest, slug: str) -> Group:
    """The same, for what changes who takes part; WrongState once the group has concluded."""
    group = group_to_manage(request, slug)
    require_running(group)
    return group


@require_safe
@login_required
def people(request: PersonRequest, slug: str) -> HttpResponse:
    group = visible_group(request.viewer, slug, can_see_people)
    can_manage = can_manage_people(request.viewer, group)
    page = Paginator(roster(group), PAGE_SIZE).get_page(request.GET.get("page"))
    requests = group.admission_requests.waiting().select_related("person", "organization")
    return render(
        request,
        "groups/people.html",
        {
            **group_page_context(request, group, "people"),
            "page": page,
            **voters_section(request.viewer, group, page.number, PAGE_SIZE),
            "requests": requests if can_manage else [],
            "invitations": shown_invitations(group) if can_manage else [],
            "can_manage": can_manage,
            "can_change": can_manage and is_running(group),
            "can_appoint": can_appoint(request.viewer, group),
            "can_hand_over": can_hand_over(request.viewer, group),
            "own_pk": request.user.pk,
        },
    )


@require_safe
@login_required
def openings(request: PersonRequest, slug: str) -> HttpResponse:
    """For the chairs: when staff opened the group, why, and what they read."""
    group = visible_group(request.viewer, slug, can_see_openings)
    openings = group.break_glasses.select_related("person").prefetch_related("reads")
    page = Paginator(openings.order_by("-during"), 10).get_page(request.GET.get("page"))
    context = {**group_page_context(request, group, "people"), "page": page}
    return render(request, "groups/openings.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def member(request: PersonRequest, slug: str, uuid: UUID) -> HttpResponse:
    """One person in the group: changing level and offices, and removing them."""
    group = group_to_change(request, slug)
    seat = get_object_or_404(roster(group), person__uuid=uuid)
    form = LevelForm(posted(request), initial={"level": seat.level})
    if form.is_valid():
        actions.change_level(
            actor=request.user, group=group, person=seat.person, level=form.cleaned_data["level"]
        )
        if form.cleaned_data["level"] != seat.level:
            messages.success(request, _level_message(form.cleaned_data["level"], seat.person))
        return redirect("group-people", slug=slug)
    return _form_page(
        request,
        group,
        "groups/member.html",
        form,
        seat=seat,
        can_appoint=can_appoint(request.viewer, group),
        offices=[OfficeKind(office) for office in seat.offices],
        office_form=OfficeForm(),
        can_change_level=seat.level != ParticipationLevel.EXPERT and not seat.offices,
        is_self=seat.person_id == request.user.pk,
    )


@require_POST
@login_required
def remove(request: PersonRequest, slug: str, uuid: UUID) -> HttpResponse:
    group = group_to_change(request, slug)
    person = get_object_or_404(members_of(group.pk), uuid=uuid)
    actions.remove_member(actor=request.user, group=group, person=person)
    messages.success(request, _("%(person)s removed from the group.") % {"person": person})
    return redirect("group-people", slug=slug)


@require_POST
@login_required
def appoint(request: PersonRequest, slug: str, uuid: UUID) -> HttpResponse:
    group = visible_group(request.viewer, slug, can_see_people)
    person = get_object_or_404(members_of(group.pk), uuid=uuid)
    office = request.POST.get("office", "")
    actions.appoint(actor=request.user, group=group, person=person, office=office)
    names = {"person": person, "office": OfficeKind(office).label.lower()}
    messages.success(request, _("%(person)s is now %(office)s.") % names)
    return redirect("group-people", slug=slug)


@require_POST
@login_required
def release(request: PersonRequest, slug: str, uuid: UUID) -> HttpResponse:
    group = visible_group(request.viewer, slug, can_see_people)
    person = get_object_or_404(members_of(group.pk), uuid=uuid)
    office = request.POST.get("office", "")
    actions.release(actor=request.user, group=group, person=person, office=office)
    names = {"person": person, "office": OfficeKind(office).label.lower()}
    messages.success(request, _("%(person)s is no longer %(office)s.") % names)
    return redirect("group-people", slug=slug)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@recent_sign_in_for("POST")
def hand_over(request: PersonRequest, slug: str) -> HttpResponse:
    group = visible_group(request.viewer, slug, can_see_people)
    can_hand_over.require(request.viewer, group)
    others = members_of(group.pk).exclude(pk=request.user.pk)
    form = PersonForm(posted(request), people=others)
    if form.is_valid():
        with refusals_shown_in(form):
            actions.hand_over(actor=request.user, group=group, **form.cleaned_data)
            messages.success(request, _("%(person)s now chairs the group.") % form.cleaned_data)
            return redirect("group-people", slug=slug)
    return _form_page(request, group, "groups/hand_over.html", form)


@require_POST
@login_required
def approve(request: PersonRequest, slug: str, uuid: UUID) -> HttpResponse:
    admission = _admission_request(request, slug, uuid)
    actions.approve_request(actor=request.user, request=admission)
    messages.success(
        request,
        _("Request approved. %(person)s is now in the group.") % {"person": admission.person},
    )
    return redirect("group-people", slug=slug)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def decline(request: PersonRequest, slug: str, uuid: UUID) -> HttpResponse:
    admission = _admission_request(request, slug, uuid)
    form = DeclineForm(posted(request))
    if form.is_valid():
        actions.decline_request(
            actor=request.user, request=admission, reason=form.cleaned_data["reason"]
        )
        messages.success(request, _("Request declined. The person has been notified."))
        return redirect("group-people", slug=slug)
    return _form_page(request, admission.group, "groups/decline.html", form, asked=admission)


def _level_message(level: str, person: Person) -> str:
    if level == ParticipationLevel.OBSERVER:
        return _("%(person)s is now an observer.") % {"person": person}
    return _("%(person)s is now a participant.") % {"person": person}


def _admission_request(request: PersonRequest, slug: str, uuid: UUID) -> AdmissionRequest:
    """Return the admission request to those who answer it; 403 for others who see the people."""
    group = group_to_manage(request, slug)
    requests = group.admission_requests.select_related("group", "person", "organization")
    return get_object_or_404(requests, uuid=uuid)


def _form_page(
    request: PersonRequest, group: Group, template: str, form: BaseForm, **more: object
) -> HttpResponse:
    context = {**group_page_context(request, group, "people"), "form": form, **more}
    return render(request, template, context, status=status_of(form))
