"""Pages of the agenda, with one form for each change."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from common.http.form_handling import attempt, posted, status_of
from common.http.once import once
from common.http.sign_in_required import login_required
from members.people.requests import PersonRequest
from workinggroups.groups.queries import rules_at
from workinggroups.meetings import actions, attachments, competition, permissions, queries
from workinggroups.meetings.forms import AgendaItemForm, MoveItemForm
from workinggroups.meetings.models import AgendaItem, Meeting
from workinggroups.meetings.views.fetch import meeting_of, page, people_of


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@once
def meeting_agenda(request: PersonRequest, slug: str, address: str) -> HttpResponse:
    """Show the agenda, to officers with a form for the next item."""
    meeting = meeting_of(request, slug, address)
    if request.method == "POST":
        permissions.can_edit_meeting.require(request.viewer, meeting)
    form = AgendaItemForm(posted(request), people=people_of(meeting.group))
    if form.is_valid():
        added = attempt(
            form,
            lambda: actions.add_agenda_item(
                actor=request.user, meeting=meeting, **form.cleaned_data
            ),
        )
        if added is not None:
            return redirect("meeting-agenda", slug, address)
    agenda = list(meeting.agenda.select_related("presenter"))
    attached = attachments.files_of(meeting, agenda)
    context = page(
        request,
        meeting.group,
        meeting=meeting,
        form=form,
        agenda=agenda,
        agenda_files=[
            (item, [file for file in attached if file.thing_uuid == item.uuid]) for item in agenda
        ],
        attachments=attached,
        attach_url=attachments.address(meeting),
        agenda_rows=queries.agenda_rows(agenda),
        agenda_minutes=sum(item.minutes or 0 for item in agenda),
        can_edit=permissions.can_edit_meeting(request.viewer, meeting)
        and not (meeting.is_cancelled or meeting.is_approved),
        agenda_due_at=meeting.agenda_due_at(
            rules_at(meeting.group_id, meeting.starts_at).notice_days
        ),
        competition_notice=competition.NOTICE,
    )
    return render(request, "meetings/agenda.html", context, status=status_of(form))


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def agenda_item(request: PersonRequest, slug: str, address: str, uuid: UUID) -> HttpResponse:
    """Edit one item."""
    meeting, item = _editable_item(request, slug, address, uuid)
    form = AgendaItemForm(
        posted(request),
        people=people_of(meeting.group),
        initial=AgendaItemForm.initial_of(item),
    )
    if form.is_valid():
        changed = attempt(
            form,
            lambda: actions.change_agenda_item(actor=request.user, item=item, **form.cleaned_data),
        )
        if changed is not None:
            return redirect("meeting-agenda", slug, address)
    context = page(request, meeting.group, meeting=meeting, item=item, form=form)
    return render(request, "meetings/agenda_item.html", context, status=status_of(form))


@require_POST
@login_required
def agenda_item_move(request: PersonRequest, slug: str, address: str, uuid: UUID) -> HttpResponse:
    """Move one item a place up or down."""
    _meeting, item = _editable_item(request, slug, address, uuid)
    form = MoveItemForm(request.POST)
    if form.is_valid():
        places = -1 if form.cleaned_data["direction"] == "up" else 1
        actions.move_agenda_item(actor=request.user, item=item, places=places)
    return redirect("meeting-agenda", slug, address)


@require_POST
@login_required
def agenda_item_remove(request: PersonRequest, slug: str, address: str, uuid: UUID) -> HttpResponse:
    """Remove one item."""
    _meeting, item = _editable_item(request, slug, address, uuid)
    actions.remove_agenda_item(actor=request.user, item=item)
    return redirect("meeting-agenda", slug, address)


@require_POST
@login_required
def agenda_post(request: PersonRequest, slug: str, address: str) -> HttpResponse:
    """Post the agenda, which notifies the group."""
    meeting = meeting_of(request, slug, address)
    permissions.can_edit_meeting.require(request.viewer, meeting)
    actions.post_agenda(actor=request.user, meeting=meeting)
    messages.success(request, _("Agenda posted. The group has been notified."))
    return redirect(meeting)


def _editable_item(
    request: PersonRequest, slug: str, address: str, uuid: UUID
) -> tuple[Meeting, AgendaItem]:
    meeting = meeting_of(request, slug, address)
    permissions.can_edit_meeting.require(request.viewer, meeting)
    item = meeting.agenda.select_related("presenter", "meeting__group").filter(uuid=uuid).first()
    if item is None:
        raise Http404
    return meeting, item
