"""The page "In the meeting", its state for browsers that ask again, and what is done there."""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from common.errors import Invalid
from common.http.conditional import conditional, etag
from common.http.form_handling import Form, posted, refusals_shown_in, status_of
from common.http.page_limit import part_of_page
from common.http.sign_in_required import login_required
from common.undo.light_acts import say_with_undo
from members.people.requests import PersonRequest
from workinggroups.groups.permissions import is_reading
from workinggroups.meetings import actions, attachments, competition, permissions, phases, queries
from workinggroups.meetings.forms.live import HandForm, NextSpeakerForm, PresentForm, SpeakerForm
from workinggroups.meetings.forms.notes import NotesForm
from workinggroups.meetings.forms.presence import GuestForm
from workinggroups.meetings.models import Meeting, SpeakerRequest
from workinggroups.meetings.queries import LiveState
from workinggroups.meetings.queries.live import (
    GUESTS_SHOWN,
    MARKERS_SHOWN,
    WAITING_SHOWN,
)
from workinggroups.meetings.undo import HAND, facts_of_hand
from workinggroups.meetings.views.fetch import meeting_of, meeting_page, meeting_under, people_of
from workinggroups.meetings.views.notes import first_notes

NOTHING_REFUSED: Mapping[str, Form] = MappingProxyType({})


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def meeting_live(request: PersonRequest, slug: str, address: str) -> HttpResponse:
    """Show what happens in the meeting; with `?write=1` also the form of the notes, which POST saves.

    Only the notes are saved at any time: what somebody typed must not be lost because it got late.
    """
    meeting = meeting_of(request, slug, address)
    if request.method != "POST":
        if not phases.is_live_page_linked(meeting):
            return redirect(meeting)
        return show_live(request, meeting, writes=bool({"write", "draft"} & request.GET.keys()))
    if not meeting.is_approved:
        permissions.can_write_notes.require(request.viewer, meeting)
    form = NotesForm(request.POST)
    if form.is_valid():
        try:
            with refusals_shown_in(form):
                actions.save_notes(actor=request.user, meeting=meeting, **form.cleaned_data)
                messages.success(request, _("Notes saved."))
                if not phases.is_live_page_linked(meeting):
                    return redirect(f"{meeting.get_absolute_url()}#notes")
                return redirect(f"{redirect('meeting-live', slug, address).url}?write=1#notes")
        except actions.NotesClash as clash:
            return redirect("notes-clash", slug, address, clash.conflict.uuid)
    return show_live(request, meeting, notes_form=form)


def show_live(
    request: PersonRequest,
    meeting: Meeting,
    *,
    writes: bool = False,
    notes_form: NotesForm | None = None,
    refused: Mapping[str, Form] = NOTHING_REFUSED,
) -> HttpResponse:
    """Render the page; with the form of the notes where the viewer `writes` them.

    `refused` are forms that were sent and come back with what is wrong: `guest_form`, `speaker_form`
    or `present_form`.
    """
    state = queries.live_state(meeting, request.viewer)
    if notes_form is None and writes and state.rights.can_write:
        source = state.notes.source if state.notes else first_notes(meeting)
        notes_form = NotesForm(initial={"source": source, "base": meeting.notes_count})
    context = {
        **_state_context(request, state),
        **_forms(meeting, state),
        **refused,
        "notes_form": notes_form,
        "asks_again": state.is_live and not is_reading(request.viewer, meeting.group),
        "now": _html_time(timezone.now()),
    }
    is_refused = bool(refused) or (notes_form is not None and notes_form.is_bound)
    return render(request, "meetings/live.html", context, status=422 if is_refused else 200)


def sent_from_live(request: PersonRequest) -> bool:
    """Tell whether a form of the page was sent, whose answer is that page again."""
    return request.POST.get("back") == "live"


def show_live_again(
    request: PersonRequest, meeting: Meeting, name: str, form: Form
) -> HttpResponse:
    """Render the page with the refused form of this name; for scripts, which leave the form of the notes as it is.

    Without scripts the page at this address has no form for the notes.
    """
    writes = "write" in request.POST and bool(request.htmx)
    return show_live(request, meeting, writes=writes, refused={name: form})


@require_safe
@login_required
@part_of_page
def meeting_live_state(request: PersonRequest, slug: str, address: str) -> HttpResponse:
    """Answer with the parts of the page that change by themselves, or 304 where they have not.

    `notes` is the revision that the page shows: the notes are sent when there is a later one, and
    not at all with `write`. Without a change it costs what it takes to know the viewer, and one query.
    """
    meeting = meeting_of(request, slug, address)
    shown, writes = request.GET.get("notes", ""), request.GET.get("write") == "1"
    version = queries.live_version(meeting, request.viewer)

    def answer() -> HttpResponse:
        state = queries.live_state(meeting, request.viewer)
        context = _state_context(request, state)
        number = str(state.notes.number) if state.notes else "0"
        context |= {
            "has_notes": not writes and shown != number,
            "is_overtaken": writes and shown != number,
        }
        return render(request, "meetings/live/state.html", context)

    tag = etag("live", *version, get_language(), shown, writes)
    return conditional(request, tag, answer)


def _state_context(request: PersonRequest, state: LiveState) -> dict[str, object]:
    meeting, speakers, notes = state.meeting, state.speakers, state.notes
    own_request = speakers.request_of(request.user.pk)
    waiting = speakers.waiting
    return {
        "meeting": meeting,
        "group": meeting.group,
        "live": state,
        "agenda": state.agenda,
        "speakers": speakers,
        "speaking_since": _html_time(speakers.speaking.called_at) if speakers.speaking else "",
        "waiting": waiting[:WAITING_SHOWN],
        "more_waiting": max(len(waiting) - WAITING_SHOWN, 0),
        "own_request": own_request,
        "place_in_line": waiting.index(own_request) + 1 if own_request in waiting else 0,
        "guests": state.presence.guests[:GUESTS_SHOWN],
        "more_guests": max(len(state.presence.guests) - GUESTS_SHOWN, 0),
        "markers": state.markers[:MARKERS_SHOWN],
        "more_markers": max(len(state.markers) - MARKERS_SHOWN, 0),
        "pictures": attachments.pictures_for(meeting, notes.html) if notes else {},
        "competition_notice": competition.NOTICE,
    }


def _html_time(moment: datetime | None) -> str:
    return moment.isoformat(timespec="seconds") if moment else ""


def _forms(meeting: Meeting, state: LiveState) -> dict[str, object]:
    """Return the small forms that this viewer can send."""
    forms: dict[str, object] = {}
    if state.rights.can_run:
        forms["speaker_form"] = _speaker_form(meeting)
    if state.rights.can_record:
        forms["present_form"] = _present_form(meeting)
    if state.rights.can_add_guests:
        forms["guest_form"] = GuestForm(auto_id="guest_%s")
    return forms


def _speaker_form(meeting: Meeting, request: PersonRequest | None = None) -> SpeakerForm:
    present = meeting.attendance.present().values("person")
    people = people_of(meeting.group).filter(pk__in=present)
    return SpeakerForm(posted(request) if request else None, people=people)


def _present_form(meeting: Meeting, request: PersonRequest | None = None) -> PresentForm:
    present = meeting.attendance.present().values("person")
    people = people_of(meeting.group).exclude(pk__in=present)
    return PresentForm(posted(request) if request else None, people=people)


def live_page(request: PersonRequest, meeting: Meeting) -> HttpResponseRedirect:
    """Redirect to the page "In the meeting", or to that of the meeting once it is not there any more.

    Who was writing notes goes on writing.
    """
    if not phases.is_live_page_linked(meeting):
        return redirect(meeting)
    page = redirect("meeting-live", meeting.group.slug, meeting.address)
    return redirect(f"{page.url}?write=1") if "write" in request.POST else page


@require_POST
@login_required
def meeting_hand(request: PersonRequest, slug: str, address: str) -> HttpResponse:
    """Raise the own hand, or lower it."""
    meeting = meeting_of(request, slug, address)
    form = HandForm(request.POST)
    if not form.is_valid():
        permissions.can_raise_hand.require(request.viewer, meeting)
        raise Invalid(_("Choose “Raise hand” or “Lower hand”."), "hand")
    if form.cleaned_data["hand"] == "raise":
        actions.raise_hand(actor=request.user, meeting=meeting)
    else:
        _say_lowered(request, actions.lower_hand(actor=request.user, meeting=meeting))
    return live_page(request, meeting)


def _say_lowered(request: PersonRequest, speaker: SpeakerRequest | None) -> None:
    """Say that someone no longer waits to speak, with a button that takes it back."""
    if speaker is None or speaker.withdrawn_at is None:
        return
    if speaker.person_id == request.user.pk:
        words = _("Your hand is down.")
    else:
        words = _("%(person)s removed from the speakers.") % {"person": speaker.person}
    say_with_undo(request, words, HAND, facts_of_hand(speaker))


@require_POST
@login_required
def speaker_next(request: PersonRequest, slug: str, address: str) -> HttpResponse:
    """Call the next speaker, or a chosen one."""
    meeting = meeting_under(permissions.can_run_meeting, request, slug, address)
    form = NextSpeakerForm(request.POST)
    if not form.is_valid():
        raise Invalid(_("Reload the page and call the next speaker there."), "after")
    actions.call_next(actor=request.user, meeting=meeting, **form.cleaned_data)
    return live_page(request, meeting)


@require_POST
@login_required
def speaker_close(request: PersonRequest, slug: str, address: str, uuid: UUID) -> HttpResponse:
    """End the turn of a speaker, or remove who waits."""
    meeting = meeting_of(request, slug, address)
    speaker = get_object_or_404(meeting.speakers, uuid=uuid)
    speaker.meeting = meeting
    _say_lowered(request, actions.close_request(actor=request.user, request=speaker))
    return live_page(request, meeting)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def speaker_add(request: PersonRequest, slug: str, address: str) -> HttpResponse:
    """Put someone who is present on the list of speakers."""
    meeting = meeting_under(permissions.can_run_meeting, request, slug, address)
    form = _speaker_form(meeting, request)
    if form.is_valid():
        with refusals_shown_in(form):
            actions.add_speaker(actor=request.user, meeting=meeting, **form.cleaned_data)
            return live_page(request, meeting)
    if sent_from_live(request):
        return show_live_again(request, meeting, "speaker_form", form)
    context = meeting_page(request, meeting, form=form)
    return render(request, "meetings/speaker_add.html", context, status=status_of(form))


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def mark_present(request: PersonRequest, slug: str, address: str) -> HttpResponse:
    """Record one more person as present."""
    meeting = meeting_under(permissions.can_record_attendance, request, slug, address)
    form = _present_form(meeting, request)
    if form.is_valid():
        person = form.cleaned_data["attendee"]
        actions.record_attendance(
            actor=request.user, meeting=meeting, roster=[person.pk], present=[person.pk]
        )
        messages.success(request, _("%(person)s is recorded as present.") % {"person": person})
        return live_page(request, meeting)
    if sent_from_live(request):
        return show_live_again(request, meeting, "present_form", form)
    context = meeting_page(request, meeting, form=form)
    return render(request, "meetings/mark_present.html", context, status=status_of(form))


@require_POST
@login_required
def item_begin(request: PersonRequest, slug: str, address: str, uuid: UUID) -> HttpResponse:
    """Begin an item of the agenda."""
    meeting = meeting_under(permissions.can_run_meeting, request, slug, address)
    item = get_object_or_404(meeting.agenda.select_related("meeting"), uuid=uuid)
    actions.begin_item(actor=request.user, item=item)
    return live_page(request, meeting)


@require_POST
@login_required
def item_end(request: PersonRequest, slug: str, address: str, uuid: UUID) -> HttpResponse:
    """End an item of the agenda."""
    meeting = meeting_under(permissions.can_run_meeting, request, slug, address)
    item = get_object_or_404(meeting.agenda.select_related("meeting"), uuid=uuid)
    actions.end_item(actor=request.user, item=item)
    return live_page(request, meeting)
