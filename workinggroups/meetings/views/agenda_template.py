"""The agenda template of a series: its items, with one form for each change."""

from typing import cast
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from common.http.form_handling import posted, refusals_shown_in, status_of
from common.http.once import once
from common.http.sign_in_required import login_required
from members.people.requests import PersonRequest
from workinggroups.meetings import actions, permissions
from workinggroups.meetings.actions.agenda_template import TemplateDetails
from workinggroups.meetings.forms.agenda import MoveItemForm, TemplateItemForm
from workinggroups.meetings.models import MeetingSeries, TemplateItem
from workinggroups.meetings.views.fetch import meeting_under, page, series_of


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@once
def agenda_template(request: PersonRequest, slug: str, uuid: UUID) -> HttpResponse:
    """Show the template, to officers with a form for the next item."""
    series = series_of(request, slug, uuid)
    if request.method == "POST":
        permissions.can_plan_meeting.require(request.viewer, series.group)
    form = TemplateItemForm(posted(request))
    if form.is_valid():
        with refusals_shown_in(form):
            item = cast(TemplateDetails, form.cleaned_data)
            actions.add_template_items(actor=request.user, series=series, items=[item])
            return redirect("agenda-template", slug, uuid)
    template = list(series.template.all())
    context = page(
        request,
        series.group,
        series=series,
        form=form,
        template=template,
        template_minutes=sum(item.minutes or 0 for item in template),
        pictures={},
        can_edit=permissions.can_plan_meeting(request.viewer, series.group) and not series.is_ended,
    )
    return render(request, "meetings/agenda_template.html", context, status=status_of(form))


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def template_item(request: PersonRequest, slug: str, uuid: UUID, item_uuid: UUID) -> HttpResponse:
    """Edit one item of the template."""
    series, item = _editable_item(request, slug, uuid, item_uuid)
    form = TemplateItemForm(posted(request), initial=TemplateItemForm.initial_of(item))
    if form.is_valid():
        with refusals_shown_in(form):
            actions.change_template_item(actor=request.user, item=item, **form.cleaned_data)
            return redirect("agenda-template", slug, uuid)
    context = page(request, series.group, series=series, item=item, form=form)
    return render(request, "meetings/template_item.html", context, status=status_of(form))


@require_POST
@login_required
def template_item_move(
    request: PersonRequest, slug: str, uuid: UUID, item_uuid: UUID
) -> HttpResponse:
    """Move one item of the template a place up or down."""
    _series, item = _editable_item(request, slug, uuid, item_uuid)
    form = MoveItemForm(request.POST)
    if form.is_valid():
        actions.move_template_item(actor=request.user, item=item, places=form.places)
    return redirect("agenda-template", slug, uuid)


@require_POST
@login_required
def template_item_remove(
    request: PersonRequest, slug: str, uuid: UUID, item_uuid: UUID
) -> HttpResponse:
    """Remove one item of the template."""
    _series, item = _editable_item(request, slug, uuid, item_uuid)
    actions.remove_template_item(actor=request.user, item=item)
    return redirect("agenda-template", slug, uuid)


@require_POST
@login_required
def agenda_begin(request: PersonRequest, slug: str, address: str) -> HttpResponse:
    """Begin the agenda of a meeting with the template."""
    meeting = meeting_under(permissions.can_edit_meeting, request, slug, address)
    actions.begin_with_template(actor=request.user, meeting=meeting)
    return redirect("meeting-agenda", slug, address)


@require_POST
@login_required
def agenda_as_template(request: PersonRequest, slug: str, address: str) -> HttpResponse:
    """Make the agenda of a meeting the template of its series."""
    meeting = meeting_under(permissions.can_edit_meeting, request, slug, address)
    actions.make_template(actor=request.user, meeting=meeting)
    messages.success(
        request, _("This is the template now. Agendas that have not been started will follow it.")
    )
    return redirect("agenda-template", slug, meeting.series.uuid if meeting.series else "")


def _editable_item(
    request: PersonRequest, slug: str, uuid: UUID, item_uuid: UUID
) -> tuple[MeetingSeries, TemplateItem]:
    series = series_of(request, slug, uuid)
    permissions.can_plan_meeting.require(request.viewer, series.group)
    item: TemplateItem = get_object_or_404(series.template, uuid=item_uuid)
    item.series = series
    return series, item
