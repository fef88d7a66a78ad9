"""Pages that lead from notes to approved minutes, and of corrections."""

from collections.abc import Callable

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from common.errors import Invalid
from common.http.form_handling import posted, refusals_shown_in, status_of
from common.http.once import once
from common.http.sign_in_required import login_required
from members.people.requests import PersonRequest
from workinggroups.groups.queries import rules_at
from workinggroups.meetings import actions, attachments, permissions, queries
from workinggroups.meetings.forms.minutes import CorrectionForm, OfferForm, SeenForm, UnlockForm
from workinggroups.meetings.models import Meeting
from workinggroups.meetings.views.fetch import meeting_of, meeting_page, meeting_under

DONE = {
    "offer": gettext_lazy("Draft minutes offered. The group has been notified."),
    "approve": gettext_lazy("Minutes approved. The group has been notified."),
    "unlock": gettext_lazy("Minutes unlocked. They are a draft again."),
    "correct": gettext_lazy("Correction added below the minutes."),
}


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def minutes_offer(request: PersonRequest, slug: str, address: str) -> HttpResponse:
    """Offer the notes as draft minutes, open for corrections for some days."""
    meeting = meeting_under(permissions.can_offer_minutes, request, slug, address)
    notes = queries.latest_notes(meeting)
    context = {"notes": notes, "unassigned": queries.unassigned_markers(notes)}
    form = OfferForm(posted(request), rules=rules_at(meeting.group_id, timezone.now()))
    return _formal_act(request, meeting, form, actions.offer_minutes, "offer", **context)


@require_POST
@login_required
def minutes_reopen(request: PersonRequest, slug: str, address: str) -> HttpResponse:
    """Withdraw the draft and reopen the notes."""
    meeting = meeting_under(permissions.can_offer_minutes, request, slug, address)
    actions.reopen_notes(actor=request.user, meeting=meeting)
    return redirect(meeting)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def minutes_approve(request: PersonRequest, slug: str, address: str) -> HttpResponse:
    """Show the text, and approve and close it."""
    meeting = meeting_under(permissions.can_approve_minutes, request, slug, address)
    notes = queries.latest_notes(meeting)
    form = SeenForm(posted(request), initial={"seen": meeting.notes_count})
    if form.is_bound and not form.is_valid():
        raise Invalid(_("Open the minutes and read them, then approve them on that page."), "seen")
    context = {
        "notes": notes,
        "corrections": meeting.corrections.select_related("author", "organization"),
        "pictures": attachments.pictures_for(meeting, notes.html if notes else ""),
    }
    return _formal_act(request, meeting, form, actions.approve_minutes, "approve", **context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def minutes_unlock(request: PersonRequest, slug: str, address: str) -> HttpResponse:
    """Make approved minutes a draft again, with a reason that everybody can read."""
    meeting = meeting_under(permissions.can_unlock_minutes, request, slug, address)
    form = UnlockForm(posted(request))
    return _formal_act(request, meeting, form, actions.unlock_minutes, "unlock")


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@once
def minutes_correct(request: PersonRequest, slug: str, address: str) -> HttpResponse:
    """Ask for a correction to the draft, or add a dated one to approved minutes."""
    meeting = meeting_of(request, slug, address)
    form = CorrectionForm(posted(request))
    if meeting.is_approved:
        permissions.can_correct_minutes.require(request.viewer, meeting)
        return _formal_act(request, meeting, form, actions.note_correction, "correct")
    permissions.can_ask_for_correction.require(request.viewer, meeting)
    return _formal_act(request, meeting, form, actions.ask_for_correction, "correct")


def _formal_act(
    request: PersonRequest,
    meeting: Meeting,
    form: forms.Form,
    act: Callable[..., object],
    name: str,
    **more: object,
) -> HttpResponse:
    """Show the form of a formal act; once the act is done, redirect to the meeting."""
    if form.is_valid():
        with refusals_shown_in(form):
            act(actor=request.user, meeting=meeting, **form.cleaned_data)
            messages.success(request, DONE[name])
            return redirect(f"{meeting.get_absolute_url()}#minutes")
    context = {**meeting_page(request, meeting, form=form), **more}
    return render(request, f"meetings/minutes_{name}.html", context, status=status_of(form))
