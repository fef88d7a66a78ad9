"""The recording of a meeting: consent, link, transcript, and their end."""

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from common.http.form_handling import refusals_shown_in, status_of
from common.http.sign_in_required import login_required
from members.people.requests import PersonRequest
from workinggroups.meetings import actions, permissions
from workinggroups.meetings.choices import TRANSCRIPT_MAX_BYTES
from workinggroups.meetings.forms.recordings import ConsentForm, RecordingForm, TranscriptForm
from workinggroups.meetings.models import Meeting, Recording
from workinggroups.meetings.transcripts import clock, read_vtt
from workinggroups.meetings.views.fetch import meeting_of, meeting_page

LINES_A_PAGE = 400


@require_safe
@login_required
def meeting_recording(request: PersonRequest, slug: str, address: str) -> HttpResponse:
    """Show the recording and the transcript to the people of the group; to officers with forms."""
    return _page(request, _meeting(request, slug, address))


@require_POST
@login_required
def recording_consent(request: PersonRequest, slug: str, address: str) -> HttpResponse:
    """Note that those who are recorded agreed."""
    meeting = _kept(request, slug, address)
    form = ConsentForm(request.POST, zone=meeting.zone)
    if form.is_valid():
        with refusals_shown_in(form):
            actions.note_consent(actor=request.user, meeting=meeting, **form.cleaned_data)
            messages.success(request, _("Consent noted. You can now add the recording."))
            return redirect("meeting-recording", slug, address)
    return _page(request, meeting, consent_form=form)


@require_POST
@login_required
def recording_link(request: PersonRequest, slug: str, address: str) -> HttpResponse:
    """Set the link to the recording."""
    meeting = _kept(request, slug, address)
    form = RecordingForm(request.POST)
    if form.is_valid():
        with refusals_shown_in(form):
            actions.add_recording(actor=request.user, meeting=meeting, **form.cleaned_data)
            messages.success(request, _("Link saved."))
            return redirect("meeting-recording", slug, address)
    return _page(request, meeting, recording_form=form)


@require_POST
@login_required
def recording_transcript(request: PersonRequest, slug: str, address: str) -> HttpResponse:
    """Keep a WebVTT file as the transcript."""
    meeting = _kept(request, slug, address)
    form = TranscriptForm(request.POST, files=request.FILES)
    if form.is_valid():
        with refusals_shown_in(form):
            cues = read_vtt(form.cleaned_data["file"].read(TRANSCRIPT_MAX_BYTES + 1))
            actions.add_transcript(actor=request.user, meeting=meeting, cues=cues)
            messages.success(request, _("Transcript saved."))
            return redirect("meeting-recording", slug, address)
    return _page(request, meeting, transcript_form=form)


@require_POST
@login_required
def recording_delete(request: PersonRequest, slug: str, address: str) -> HttpResponse:
    """Delete link and transcript at once."""
    meeting = _meeting(request, slug, address)
    permissions.can_delete_recording.require(request.viewer, meeting)
    actions.delete_recording(actor=request.user, meeting=meeting)
    messages.success(request, _("Link and transcript deleted."))
    return redirect("meeting-recording", slug, address)


def _meeting(request: PersonRequest, slug: str, address: str) -> Meeting:
    """Return the meeting. Raises Http404 for a reader who cannot see its recordings."""
    meeting = meeting_of(request, slug, address)
    if not permissions.can_read_recording(request.viewer, meeting):
        raise Http404
    return meeting


def _kept(request: PersonRequest, slug: str, address: str) -> Meeting:
    meeting = _meeting(request, slug, address)
    permissions.can_keep_recording.require(request.viewer, meeting)
    return meeting


def _page(request: PersonRequest, meeting: Meeting, **bound: forms.Form) -> HttpResponse:
    related = Recording.objects.select_related("noted_by", "deleted_by")
    recording = related.filter(meeting=meeting).first()
    keeps = permissions.can_keep_recording(request.viewer, meeting)
    can_add = keeps and not meeting.is_cancelled
    pages = Paginator(recording.transcript if recording else [], LINES_A_PAGE)
    lines = pages.get_page(request.GET.get("page"))
    offered: dict[str, forms.Form] = {}
    if can_add and recording is None:
        offered["consent_form"] = ConsentForm(zone=meeting.zone)
    elif can_add and recording is not None and not recording.is_deleted:
        offered["recording_form"] = RecordingForm(initial={"url": recording.url})
        offered["transcript_form"] = TranscriptForm()
    context = meeting_page(
        request,
        meeting,
        recording=recording,
        lines=lines,
        cues=[(clock(start), speaker, words) for start, _end, speaker, words in lines],
        can_delete=recording is not None
        and recording.has_content
        and permissions.can_delete_recording(request.viewer, meeting),
    )
    context |= {**offered, **bound}
    status = max((status_of(form) for form in bound.values()), default=200)
    return render(request, "meetings/recording.html", context, status=status)
