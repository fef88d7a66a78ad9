"""Checking in, and saying afterwards that one was there."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from common.errors import Invalid
from common.http.form_handling import posted, refusals_shown_in, status_of
from common.http.sign_in_required import login_required
from members.people.requests import PersonRequest
from workinggroups.meetings import actions, permissions
from workinggroups.meetings.forms.presence import CheckInForm, ClaimAnswerForm
from workinggroups.meetings.views.fetch import meeting_page, meeting_under
from workinggroups.meetings.views.live import live_page, sent_from_live


@require_POST
@login_required
def meeting_check_in(request: PersonRequest, slug: str, address: str) -> HttpResponse:
    """Check in, which leads to the page "In the meeting", or undo it and stay where the form is."""
    meeting = meeting_under(permissions.can_check_in, request, slug, address)
    form = CheckInForm(request.POST)
    if not form.is_valid():
        raise Invalid(_("Choose “Check in” or “Undo check-in”."), "presence")
    if form.cleaned_data["presence"] == "here":
        actions.check_in(actor=request.user, meeting=meeting)
    else:
        actions.undo_check_in(actor=request.user, meeting=meeting)
        if not sent_from_live(request):
            return redirect(meeting)
    return live_page(request, meeting)


@require_POST
@login_required
def meeting_claim(request: PersonRequest, slug: str, address: str) -> HttpResponse:
    """Say after the meeting that one was there."""
    meeting = meeting_under(permissions.can_claim_attendance, request, slug, address)
    claim = actions.claim_attendance(actor=request.user, meeting=meeting)
    # What was answered before is on the page.
    if claim.is_open:
        messages.success(request, _("Noted. The chairs and the secretary have been notified."))
    return redirect(f"{meeting.get_absolute_url()}#roll")


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def claim_answer(request: PersonRequest, slug: str, address: str, uuid: UUID) -> HttpResponse:
    """Confirm that someone was there, or decline it with a note."""
    meeting = meeting_under(permissions.can_answer_claims, request, slug, address)
    claims = meeting.claims.select_related("person", "organization", "meeting__group")
    claim = get_object_or_404(claims, uuid=uuid)
    form = ClaimAnswerForm(posted(request))
    if form.is_valid():
        is_confirmed = form.cleaned_data["answer"] == "confirm"
        with refusals_shown_in(form):
            actions.answer_claim(
                actor=request.user,
                claim=claim,
                is_confirmed=is_confirmed,
                note=form.cleaned_data["note"],
            )
            message = _("%(person)s is recorded as present, and has been notified.")
            if not is_confirmed:
                message = _("Declined. %(person)s has been notified.")
            messages.success(request, message % {"person": claim.person})
            return redirect("meeting-attendance", slug, address)
    context = meeting_page(request, meeting, form=form, claim=claim)
    return render(request, "meetings/claim.html", context, status=status_of(form))
