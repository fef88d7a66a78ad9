"""From notes to approved minutes, and what is said of them afterwards."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from common.access import Viewer
from common.access.rules import Rule
from common.errors import Invalid
from common.http.form_handling import attempt, posted, status_of
from common.http.once import once
from common.http.sign_in_required import login_required
from members.people.requests import PersonRequest
from workinggroups.meetings import actions, attachments, permissions, queries
from workinggroups.meetings.forms import CorrectionForm, OfferForm, SeenForm, UnlockForm
from workinggroups.meetings.models import Meeting
from workinggroups.meetings.views.fetch import meeting_of, page

DONE = {
    "offer": gettext_lazy("The draft minutes are offered, and the group is told."),
    "approve": gettext_lazy("The minutes are approved, and the group is told."),
    "unlock": gettext_lazy("The minutes are a draft again."),
    "correct": gettext_lazy("The correction stands below the minutes."),
}


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def minutes_offer(request: PersonRequest, slug: str, number: int) -> HttpResponse:
    """The notes become draft minutes, open for corrections for some days."""
    meeting = _meeting(request, slug, number, permissions.can_offer_minutes)
    form = OfferForm(posted(request))
    notes = queries.latest_notes(meeting)
    more = {"notes": notes, "waiting": queries.unassigned_lines(notes)}
    return _formal(request, meeting, form, actions.offer_minutes, "offer", more)


@require_POST
@login_required
def minutes_reopen(request: PersonRequest, slug: str, number: int) -> HttpResponse:
    """The draft is taken back."""
    meeting = _meeting(request, slug, number, permissions.can_offer_minutes)
    actions.reopen_notes(actor=request.user, meeting=meeting)
    return redirect(meeting)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def minutes_approve(request: PersonRequest, slug: str, number: int) -> HttpResponse:
    """The text once more, and the act that closes it."""
    meeting = _meeting(request, slug, number, permissions.can_approve_minutes)
    notes = queries.latest_notes(meeting)
    form = SeenForm(posted(request), initial={"seen": meeting.notes_count})
    if form.is_bound and not form.is_valid():
        raise Invalid(_("Read the minutes on this page, then approve them there."), "seen")
    corrections = meeting.corrections.select_related("author", "organization")
    more = {
        "notes": notes,
        "corrections": corrections,
        "pictures": attachments.pictures_for(meeting, notes.html if notes else ""),
    }
    return _formal(request, meeting, form, actions.approve_minutes, "approve", more)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def minutes_unlock(request: PersonRequest, slug: str, number: int) -> HttpResponse:
    """Approved minutes are a draft again, with a reason that everybody reads."""
    meeting = _meeting(request, slug, number, permissions.can_unlock_minutes)
    return _formal(request, meeting, UnlockForm(posted(request)), actions.unlock_minutes, "unlock")


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@once
def minutes_correct(request: PersonRequest, slug: str, number: int) -> HttpResponse:
    """A wish for the draft, from whoever writes in the group; a dated note once approved."""
    meeting = meeting_of(request, slug, number)
    form = CorrectionForm(posted(request))
    if meeting.is_approved:
        permissions.can_correct_minutes.require(request.viewer, meeting)
        return _formal(request, meeting, form, actions.note_correction, "correct")
    permissions.can_ask_for_correction.require(request.viewer, meeting)
    return _formal(request, meeting, form, actions.ask_for_correction, "correct")


def _meeting(
    request: PersonRequest, slug: str, number: int, rule: Rule[[Viewer, Meeting]]
) -> Meeting:
    """The meeting of this address, if the rule allows its reader the act; 403 with its sentence."""
    meeting = meeting_of(request, slug, number)
    rule.require(request.viewer, meeting)
    return meeting


def _formal(
    request: PersonRequest,
    meeting: Meeting,
    form: forms.Form,
    act: Callable[..., object],
    name: str,
    more: dict[str, Any] | None = None,
) -> HttpResponse:
    """The page of one formal act: a form, and the meeting's page once it is done."""
    if form.is_valid():
        done = attempt(form, lambda: act(actor=request.user, meeting=meeting, **form.cleaned_data))
        if done is not None:
            messages.success(request, DONE[name])
            return redirect(f"{meeting.get_absolute_url()}#minutes")
    context = page(request, meeting.group, meeting=meeting, form=form, **(more or {}))
    return render(request, f"meetings/minutes_{name}.html", context, status=status_of(form))
