"""Attendance imported from the list of a video call: a preview first, then what was chosen in it."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from common.http.form_handling import Form, posted, posted_files, refusals_shown_in, status_of
from common.http.sign_in_required import login_required
from members.people.requests import PersonRequest
from workinggroups.meetings import actions, permissions, phases, queries
from workinggroups.meetings.actions.attendance_import import Imported
from workinggroups.meetings.choices import ListedAs
from workinggroups.meetings.forms.attendance_import import (
    AttendanceFileForm,
    AttendanceListForm,
    SentListForm,
)
from workinggroups.meetings.models import Meeting
from workinggroups.meetings.phases import LiveAct
from workinggroups.meetings.views.fetch import meeting_page, meeting_under


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def attendance_import(request: PersonRequest, slug: str, address: str) -> HttpResponse:
    """Ask for the file; show as what each participant would be recorded; record what was chosen.

    The first post has the file and changes nothing, the second has its participants.
    """
    meeting = meeting_under(permissions.can_record_attendance, request, slug, address)
    phases.require_open(LiveAct.RECORD_OTHERS, meeting)
    if request.method == "POST" and "participants" in request.POST:
        return _import(request, meeting)
    form = AttendanceFileForm(posted(request), files=posted_files(request))
    if not form.is_valid():
        return _ask(request, meeting, form)
    attendees = queries.attendees_of(meeting)
    participants = form.cleaned_data["file"]
    proposals = queries.match_participants(meeting, request.viewer, participants, attendees)
    preview = AttendanceListForm(proposals=proposals, attendees=attendees)
    return _preview(request, meeting, preview)


def _import(request: PersonRequest, meeting: Meeting) -> HttpResponse:
    sent = SentListForm(request.POST)
    if not sent.is_valid():
        # Only a list that somebody changed by hand; the page asks for the file again.
        file_form = AttendanceFileForm(request.POST)
        file_form.errors["file"] = sent.errors["participants"]
        return _ask(request, meeting, file_form)
    attendees = queries.attendees_of(meeting)
    participants = sent.cleaned_data["participants"]
    proposals = queries.match_participants(meeting, request.viewer, participants, attendees)
    form = AttendanceListForm(request.POST, proposals=proposals, attendees=attendees)
    if form.is_valid():
        with refusals_shown_in(form):
            imported = actions.import_attendance(
                actor=request.user, meeting=meeting, present=form.present, guests=form.guests
            )
            messages.success(request, _message(imported))
            return redirect("meeting-attendance", meeting.group.slug, meeting.address)
    return _preview(request, meeting, form)


def _message(imported: Imported) -> str:
    """Return a sentence on what was recorded."""
    if not any(imported):
        return _("Everyone was recorded already. Nothing has changed.")
    people = ngettext(
        "%(count)d person recorded as present.",
        "%(count)d people recorded as present.",
        imported.people,
    )
    guests = ngettext("%(count)d guest added.", "%(count)d guests added.", imported.guests)
    sentences = [
        words % {"count": count}
        for words, count in ((people, imported.people), (guests, imported.guests))
        if count
    ]
    return " ".join(sentences)


def _ask(request: PersonRequest, meeting: Meeting, form: Form) -> HttpResponse:
    context = meeting_page(request, meeting, form=form)
    return render(request, "meetings/attendance_import.html", context, status=status_of(form))


def _preview(request: PersonRequest, meeting: Meeting, form: AttendanceListForm) -> HttpResponse:
    counted = [each.listed_as for each in form.proposals]
    context = meeting_page(
        request,
        meeting,
        form=form,
        lines=list(form.lines()),
        options=form.attendees.options if form.offers_names else [],
        people_count=counted.count(ListedAs.PERSON),
        guest_count=counted.count(ListedAs.GUEST),
        left_out_count=counted.count(ListedAs.NOBODY),
    )
    return render(
        request, "meetings/attendance_import_preview.html", context, status=status_of(form)
    )
