"""Pages of the agenda, with one form for each change."""

from collections.abc import Collection
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from common.http.form_handling import posted, refusals_shown_in, status_of
from common.http.once import once
from common.http.sign_in_required import login_required
from members.people.requests import PersonRequest
from workinggroups.attachments.queries import pictures_in
from workinggroups.groups.queries import rules_at
from workinggroups.meetings import actions, attachments, competition, permissions, queries
from workinggroups.meetings.carrying import last_meeting_before, offers_for
from workinggroups.meetings.forms.agenda import AgendaItemForm, CarryOverForm, MoveItemForm
from workinggroups.meetings.models import AgendaItem, Meeting
from workinggroups.meetings.views.fetch import (
    meeting_of,
    meeting_page,
    meeting_under,
    papers_read,
    people_of,
)


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
        with refusals_shown_in(form):
            actions.add_agenda_item(actor=request.user, meeting=meeting, **form.cleaned_data)
            return redirect("meeting-agenda", slug, address)
    return agenda_page(request, meeting, form)


@require_POST
@login_required
@once
def agenda_carry_over(request: PersonRequest, slug: str, address: str) -> HttpResponse:
    """Add what was chosen of what earlier meetings left open."""
    meeting = meeting_under(permissions.can_edit_meeting, request, slug, address)
    carrying, chosen = CarryOverForm(request.POST), request.POST.getlist("offer")
    if carrying.is_valid():
        with refusals_shown_in(carrying):
            added = actions.carry_over(actor=request.user, meeting=meeting, chosen=chosen)
            if added:
                words = ngettext("%(count)d item added.", "%(count)d items added.", len(added))
                messages.success(request, words % {"count": len(added)})
            else:
                messages.info(
                    request, _("Nothing was added: these items are on the agenda already.")
                )
            return redirect("meeting-agenda", slug, address)
    form = AgendaItemForm(people=people_of(meeting.group))
    return agenda_page(request, meeting, form, carrying, chosen)


def agenda_page(
    request: PersonRequest,
    meeting: Meeting,
    form: AgendaItemForm,
    carrying: CarryOverForm | None = None,
    chosen: Collection[str] | None = None,
) -> HttpResponse:
    """Show the agenda, to officers with what they can do; offers are chosen at first,
    but for those whose title is on the agenda already."""
    slug = meeting.group.slug
    agenda = list(meeting.agenda.select_related("presenter", "proposed_by"))
    template = [] if agenda else queries.template_of(meeting)
    attached = attachments.files_of(meeting, agenda)
    pictures = pictures_in(attached)
    read_before = papers_read(request, agenda, attached)
    is_open = not (meeting.is_cancelled or meeting.is_approved)
    can_edit = permissions.can_edit_meeting(request.viewer, meeting) and is_open
    last = last_meeting_before(meeting) if can_edit and not meeting.is_over else None
    due_at = meeting.agenda_due_at(rules_at(meeting.group_id, meeting.starts_at).notice_days)
    titles = {item.title for item in agenda or template}
    context = meeting_page(
        request,
        meeting,
        form=form,
        agenda=agenda,
        agenda_papers=[(item, read_before.get(item.uuid, ())) for item in agenda],
        attachments=attached,
        attach_url=attachments.address(meeting),
        agenda_rows=queries.agenda_rows(agenda or template, pictures, read_before),
        follows_template=bool(template),
        template_url=reverse("agenda-template", args=[slug, meeting.series.uuid])
        if meeting.series
        else "",
        can_make_template=bool(agenda) and _has_no_template(meeting),
        pictures=pictures,
        agenda_minutes=sum(item.minutes or 0 for item in agenda or template),
        can_edit=can_edit,
        last_meeting=last,
        offers=[
            (offer, offer.title not in titles if chosen is None else offer.key in chosen)
            for offer in offers_for(meeting, last)
        ],
        carrying=carrying or CarryOverForm(),
        agenda_due_at=due_at,
        missing_agenda=queries.missing_agenda(meeting, due_at)
        if can_edit and not (agenda or template)
        else None,
        competition_notice=competition.NOTICE,
    )
    context |= _proposals(request, meeting)
    status = status_of(carrying or form)
    return render(request, "meetings/agenda.html", context, status=status)


def _proposals(request: PersonRequest, meeting: Meeting) -> dict[str, object]:
    """Return what the section of proposed items shows; nothing to readers outside the group."""
    viewer = request.viewer
    if not permissions.can_see_proposals(viewer, meeting):
        return {}
    takes_proposals = queries.takes_proposals(meeting)
    proposals = queries.proposals_of(meeting, viewer)
    return {
        "sees_proposals": True,
        "proposals": proposals,
        "proposal_pictures": attachments.pictures_for(meeting, *(each.html for each in proposals)),
        "takes_proposals": takes_proposals,
        "can_propose": permissions.can_propose_item(viewer, meeting)
        and queries.meeting_to_propose_for(meeting) is not None,
        "can_answer_proposals": permissions.can_answer_proposal(viewer, meeting),
        "own_proposals": {
            each.pk for each in proposals if permissions.can_edit_proposal(viewer, each)
        },
    }


def _has_no_template(meeting: Meeting) -> bool:
    """Whether it belongs to a series that goes on and has no agenda template."""
    series = meeting.series
    return series is not None and not series.is_ended and not series.template.exists()


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def agenda_item(request: PersonRequest, slug: str, address: str, uuid: UUID) -> HttpResponse:
    """Edit one item."""
    meeting, item = editable_item(request, slug, address, uuid)
    people, initial = people_of(meeting.group), AgendaItemForm.initial_of(item)
    form = AgendaItemForm(posted(request), people=people, initial=initial)
    if form.is_valid():
        with refusals_shown_in(form):
            actions.change_agenda_item(actor=request.user, item=item, **form.cleaned_data)
            return redirect("meeting-agenda", slug, address)
    context = meeting_page(request, meeting, item=item, form=form)
    return render(request, "meetings/agenda_item.html", context, status=status_of(form))


@require_POST
@login_required
def agenda_item_move(request: PersonRequest, slug: str, address: str, uuid: UUID) -> HttpResponse:
    """Move one item a place up or down."""
    _meeting, item = editable_item(request, slug, address, uuid)
    form = MoveItemForm(request.POST)
    if form.is_valid():
        actions.move_agenda_item(actor=request.user, item=item, places=form.places)
    return redirect("meeting-agenda", slug, address)


@require_POST
@login_required
def agenda_item_remove(request: PersonRequest, slug: str, address: str, uuid: UUID) -> HttpResponse:
    """Remove one item."""
    _meeting, item = editable_item(request, slug, address, uuid)
    actions.remove_agenda_item(actor=request.user, item=item)
    return redirect("meeting-agenda", slug, address)


@require_POST
@login_required
def agenda_post(request: PersonRequest, slug: str, address: str) -> HttpResponse:
    """Post the agenda, which notifies the group."""
    meeting = meeting_under(permissions.can_edit_meeting, request, slug, address)
    actions.post_agenda(actor=request.user, meeting=meeting)
    messages.success(request, _("Agenda posted. The group has been notified."))
    return redirect(meeting)


def editable_item(
    request: PersonRequest, slug: str, address: str, uuid: UUID
) -> tuple[Meeting, AgendaItem]:
    """Return the meeting and its item, for officers. Raises Http404 and NotAllowed."""
    meeting = meeting_under(permissions.can_edit_meeting, request, slug, address)
    agenda = meeting.agenda.select_related("presenter", "meeting__group")
    return meeting, get_object_or_404(agenda, uuid=uuid)
