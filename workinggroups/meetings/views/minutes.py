"""Pages that lead from notes to approved minutes, and of corrections."""

from collections.abc import Callable
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from common.errors import Invalid
from common.http.form_handling import posted, refusals_shown_in, status_of
from common.http.once import once
from common.http.sign_in_required import login_required
from members.people.requests import PersonRequest
from workinggroups.groups.permissions import is_running
from workinggroups.meetings import actions, attachments, permissions, queries
from workinggroups.meetings.actions.minutes import (
    charter_of,
    least_correction_days,
    why_not_offered,
)
from workinggroups.meetings.actions.minutes_steps import why_not
from workinggroups.meetings.choices import CorrectionKind
from workinggroups.meetings.forms.minutes import (
    ApproveAtForm,
    CorrectionAnswerForm,
    CorrectionForm,
    OfferForm,
    SeenForm,
    UnlockForm,
)
from workinggroups.meetings.models import Correction, Meeting
from workinggroups.meetings.views.fetch import meeting_of, meeting_page, meeting_under

DONE = {
    "offer": gettext_lazy("Draft minutes offered. The group has been notified."),
    "approve": gettext_lazy("Minutes approved. The group has been notified."),
    "unlock": gettext_lazy(
        "Minutes unlocked. They are a draft again. The group has been notified."
    ),
    "ask": gettext_lazy("Correction requested. The chairs and the secretary have been notified."),
    "correct": gettext_lazy("Correction added below the minutes."),
}


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def minutes_offer(request: PersonRequest, slug: str, address: str) -> HttpResponse:
    """Offer the notes as draft minutes, open for corrections for some days."""
    meeting = meeting_under(permissions.can_offer_minutes, request, slug, address)
    notes = queries.latest_notes(meeting)
    charter = charter_of(meeting)
    context: dict[str, object] = {
        "notes": notes,
        "unassigned": queries.unassigned_markers(notes),
        "minutes_rule": charter.minutes_rule if charter else "",
    }
    form = OfferForm(posted(request), least=least_correction_days(meeting, timezone.now()))
    context |= _why(meeting, why_not_offered(meeting))
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
    """Show the text, and approve and close it, or record that a later meeting approved it.

    Where nobody can, such as where the charter makes the minutes final, say so and when.
    """
    meeting = meeting_of(request, slug, address)
    notes = queries.latest_notes(meeting)
    corrections = meeting.corrections.select_related("author", "organization", "answered_by")
    context: dict[str, object] = {
        "notes": notes,
        "corrections": corrections,
        "has_open_corrections": any(each.is_open for each in corrections),
        "is_delayed": meeting.is_for_next_meeting
        and any(each.is_open and each.in_time for each in corrections),
        "can_answer_corrections": not why_not("answer", meeting),
        "pictures": attachments.pictures_for(meeting, notes.html if notes else ""),
    }
    seen = {"seen": meeting.notes_count}
    form: SeenForm
    if meeting.is_for_next_meeting and is_running(meeting.group):
        permissions.can_record_approval.require(request.viewer, meeting)
        later = queries.meetings_to_approve_at(meeting, request.viewer)
        initial = {**seen, "at": request.GET.get("at", "")}
        form = ApproveAtForm(posted(request), meetings=later, initial=initial)
        context |= {"later": later, **_why(meeting, why_not("approve_at", meeting))}
        return _formal_act(request, meeting, form, actions.approve_at_meeting, "approve", **context)
    permissions.can_approve_minutes.require(request.viewer, meeting)
    form = SeenForm(posted(request), initial=seen)
    context |= _why(meeting, why_not("approve", meeting))
    if form.is_bound and not form.is_valid() and "refusal" not in context:
        raise Invalid(_("Open the minutes and read them, then approve them on that page."), "seen")
    return _formal_act(request, meeting, form, actions.approve_minutes, "approve", **context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def minutes_unlock(request: PersonRequest, slug: str, address: str) -> HttpResponse:
    """Make approved minutes a draft again, with a reason that everybody can read."""
    meeting = meeting_under(permissions.can_unlock_minutes, request, slug, address)
    form = UnlockForm(posted(request))
    why = _why(meeting, why_not("unlock", meeting))
    return _formal_act(request, meeting, form, actions.unlock_minutes, "unlock", **why)


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
    why = _why(meeting, why_not("ask", meeting))
    return _formal_act(request, meeting, form, actions.ask_for_correction, "ask", **why)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def correction_answer(request: PersonRequest, slug: str, address: str, uuid: UUID) -> HttpResponse:
    """Say that a requested correction was taken up or declined."""
    meeting = meeting_under(permissions.can_answer_correction, request, slug, address)
    asked = meeting.corrections.filter(kind=CorrectionKind.ASKED)
    people = asked.select_related("author", "organization", "answered_by")
    correction = get_object_or_404(people, uuid=uuid)
    correction.meeting = meeting
    form = CorrectionAnswerForm(posted(request))
    if form.is_valid():
        with refusals_shown_in(form):
            actions.answer_correction(
                actor=request.user, correction=correction, **form.cleaned_data
            )
            messages.success(request, _("Answer saved. The person who asked has been notified."))
            return redirect(f"{meeting.get_absolute_url()}#corrections")
    context = {
        **meeting_page(request, meeting, form=form, correction=correction),
        **_why(meeting, why_not("answer", meeting)),
        "makes_final": _makes_final(meeting, correction),
    }
    return render(request, "meetings/correction_answer.html", context, status=status_of(form))


def _makes_final(meeting: Meeting, correction: Correction) -> bool:
    """Tell whether the minutes become final with the answer to this correction."""
    if not meeting.becomes_final_by_rule or meeting.takes_corrections or not correction.in_time:
        return False
    return not meeting.corrections.delaying().exclude(pk=correction.pk).exists()


def _why(meeting: Meeting, refusal: str) -> dict[str, object]:
    """Return what a page shows in place of a form that would be refused; nothing without a refusal."""
    if not refusal:
        return {}
    return {
        "refusal": refusal,
        "notes": queries.latest_notes(meeting),
        "is_final_by_rule": queries.is_final_by_rule(meeting),
        "approved_at_meeting": meeting.minutes_approved_at_meeting,
        "minutes_charter": meeting.minutes_charter,
    }


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
