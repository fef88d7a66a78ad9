"""Pages on which people propose items for an agenda, and officers answer."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from common.http.form_handling import posted, refusals_shown_in, status_of
from common.http.once import once
from common.http.sign_in_required import login_required
from members.people.requests import PersonRequest
from workinggroups.meetings import actions, attachments, permissions, queries
from workinggroups.meetings.forms.proposals import (
    EditProposalForm,
    ProposalAnswerForm,
    ProposalForm,
)
from workinggroups.meetings.models import AgendaProposal
from workinggroups.meetings.views.fetch import meeting_of, meeting_page, meeting_under, people_of


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@once
def proposal_new(request: PersonRequest, slug: str, address: str) -> HttpResponse:
    """Propose an item for the agenda of this meeting, or for the next one once it has begun."""
    meeting = meeting_under(permissions.can_propose_item, request, slug, address)
    proposed_for = queries.meeting_to_propose_for(meeting)
    form = ProposalForm(posted(request))
    if form.is_valid():
        with refusals_shown_in(form):
            proposal = actions.propose_item(
                actor=request.user, meeting=meeting, **form.cleaned_data
            )
            message = _("Proposed. The officers of the group have been notified.")
            if proposal.meeting_id != meeting.pk:
                message = _(
                    "Proposed for the next meeting. The officers of the group have been notified."
                )
            messages.success(request, message)
            return redirect(proposal)
    context = meeting_page(request, meeting, form=form, proposed_for=proposed_for)
    return render(request, "meetings/proposal_new.html", context, status=status_of(form))


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def proposal_edit(request: PersonRequest, slug: str, address: str, uuid: UUID) -> HttpResponse:
    """Change what one proposed, as long as nobody has answered it."""
    proposal = _proposal(request, slug, address, uuid)
    permissions.can_edit_proposal.require(request.viewer, proposal)
    form = EditProposalForm(posted(request), initial=EditProposalForm.initial_of(proposal))
    if form.is_valid():
        with refusals_shown_in(form):
            actions.edit_proposal(actor=request.user, proposal=proposal, **form.cleaned_data)
            messages.success(request, _("Proposal saved."))
            return redirect(proposal)
    context = _proposal_page(request, proposal, form=form)
    return render(request, "meetings/proposal_edit.html", context, status=status_of(form))


@require_POST
@login_required
def proposal_withdraw(request: PersonRequest, slug: str, address: str, uuid: UUID) -> HttpResponse:
    """Withdraw what one proposed."""
    proposal = _proposal(request, slug, address, uuid)
    permissions.can_edit_proposal.require(request.viewer, proposal)
    actions.withdraw_proposal(actor=request.user, proposal=proposal)
    messages.success(request, _("Proposal withdrawn."))
    return redirect(proposal)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def proposal_answer(request: PersonRequest, slug: str, address: str, uuid: UUID) -> HttpResponse:
    """Put a proposed item on the agenda, or decline it with a reason."""
    proposal = _proposal(request, slug, address, uuid)
    meeting = proposal.meeting
    permissions.can_answer_proposal.require(request.viewer, meeting)
    form = ProposalAnswerForm(
        posted(request),
        people=people_of(meeting.group),
        places=queries.places_of(meeting),
        can_accept=queries.takes_proposals(meeting),
        initial=ProposalAnswerForm.initial_of(proposal),
    )
    if form.is_valid():
        with refusals_shown_in(form):
            _answer(request, proposal, form)
            return redirect(proposal)
    context = _proposal_page(request, proposal, form=form)
    return render(request, "meetings/proposal_answer.html", context, status=status_of(form))


def _answer(request: PersonRequest, proposal: AgendaProposal, form: ProposalAnswerForm) -> None:
    facts = {"name": proposal.author}
    if form.is_accepted:
        actions.accept_proposal(actor=request.user, proposal=proposal, **form.item_details())
        message = _("The item is on the agenda. %(name)s has been notified.")
    else:
        reason = form.cleaned_data["reason"]
        actions.decline_proposal(actor=request.user, proposal=proposal, reason=reason)
        message = _("Declined. %(name)s has been notified.")
    messages.success(request, message % facts)


def _proposal(request: PersonRequest, slug: str, address: str, uuid: UUID) -> AgendaProposal:
    """Return the proposal with its meeting, which can be a later one than that of the address.

    Raises Http404 where the viewer cannot see it.
    """
    meeting = meeting_of(request, slug, address)
    proposal = queries.proposal_near(meeting, uuid, request.viewer)
    if proposal is None:
        raise Http404
    return proposal


def _proposal_page(
    request: PersonRequest, proposal: AgendaProposal, **more: object
) -> dict[str, object]:
    """Return the context of a page about one proposal."""
    meeting = proposal.meeting
    context = meeting_page(
        request,
        meeting,
        proposal=proposal,
        pictures=attachments.pictures_for(meeting, proposal.html),
        takes_proposals=queries.takes_proposals(meeting),
    )
    return {**context, **more}
