"""Answering an invitation, and recording attendance."""

from dataclasses import dataclass
from typing import TypedDict

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from common.access import viewer_for
from common.access.content import sees
from common.errors import Invalid
from common.http.form_handling import posted, status_of
from common.http.requests import Request
from common.http.sign_in_required import login_required
from common.ui import date_format
from common.undo.light_acts import say_with_undo
from members.organizations.models import Organization
from members.people.models import Person
from members.people.requests import PersonRequest
from workinggroups.groups.models import Seat
from workinggroups.meetings import actions, permissions, queries
from workinggroups.meetings.answers import read_token
from workinggroups.meetings.choices import AttendanceState, PresenceSource
from workinggroups.meetings.forms.attendance import AnswerForm, RosterForm
from workinggroups.meetings.models import Attendance, Meeting
from workinggroups.meetings.undo import ANSWER, facts_of_answer
from workinggroups.meetings.views.fetch import meeting_of, meeting_page, meeting_under

# A form can have 500 fields; a longer list is recorded a page at a time.
PEOPLE_A_PAGE = 200


@require_POST
@login_required
def meeting_answer(request: PersonRequest, slug: str, address: str) -> HttpResponse:
    """Save the answer of a person signed in: coming, or regrets."""
    meeting = meeting_under(permissions.can_answer_meeting, request, slug, address)
    form = AnswerForm(request.POST)
    if not form.is_valid():
        raise Invalid(_("Choose “I'm coming” or “I can't come”."), "answer")
    is_coming = form.cleaned_data["answer"] == "coming"
    answer, before = actions.answer_and_remember(
        actor=request.user,
        meeting=meeting,
        is_coming=is_coming,
        and_following=form.cleaned_data["following"],
    )
    words = _("Answer saved: you're coming.") if is_coming else _("Answer saved: you can't come.")
    say_with_undo(request, words, ANSWER, facts_of_answer(answer, before))
    return redirect(meeting)


# The signed token of a mail replaces signing in, so that one click answers from any device. All it
# can do is answer for the reader of the mail, who must still have the seat.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def answer_by_link(request: Request, token: str) -> HttpResponse:
    """Save an answer by the link in a mail. GET changes nothing, since scanners follow links."""
    person, meeting = _invited(token)
    answer = meeting.attendance.filter(person=person).values_list("state", flat=True).first()
    form = AnswerForm(posted(request))
    is_open = not (meeting.is_cancelled or meeting.is_over)
    is_answered = False
    if form.is_valid() and is_open:
        answer = form.cleaned_data["answer"]
        actions.answer_meeting(actor=person, meeting=meeting, is_coming=answer == "coming")
        is_answered = True
    context = {
        "token": token,
        "person": person,
        "meeting": meeting,
        "hours": date_format.moment_words(meeting.starts_at, person.zone, other_zone=meeting.zone),
        "form": form,
        "answer": answer,
        "is_open": is_open,
        "is_answered": is_answered,
    }
    return render(
        request, "meetings/answer.html", context, status=200 if form.is_valid() else status_of(form)
    )


def _invited(token: str) -> tuple[Person, Meeting]:
    """Return the person and the meeting of a link. Raises Http404 if the person cannot answer."""
    try:
        meeting_uuid, person_uuid = read_token(token)
    except ValueError:
        raise Http404 from None
    person = get_object_or_404(Person.objects.active(), uuid=person_uuid)
    meeting = get_object_or_404(Meeting.objects.select_related("group"), uuid=meeting_uuid)
    viewer = viewer_for(person.pk)
    if not sees(viewer, meeting) or not permissions.can_answer_meeting(viewer, meeting):
        raise Http404
    return person, meeting


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def meeting_attendance(request: PersonRequest, slug: str, address: str) -> HttpResponse:
    """Show who attended, by organization; to officers with a form to record it."""
    meeting = meeting_of(request, slug, address)
    if request.method == "POST":
        permissions.can_record_attendance.require(request.viewer, meeting)
    seen_at = timezone.now()
    roster = _roster(meeting, request.GET.get("page", "1"), request.user)
    ids = {str(row.person.uuid): row.person.pk for row in roster["rows"]}
    form = RosterForm(posted(request), roster=ids)
    if form.is_valid():
        actions.record_attendance(
            actor=request.user,
            meeting=meeting,
            roster=list(ids.values()),
            present=form.present_ids(),
            seen_at=form.cleaned_data["seen_at"],
        )
        messages.success(request, _("Attendance recorded."))
        return redirect(meeting)
    presence = queries.presence_of(meeting, request.viewer)
    context = meeting_page(
        request,
        meeting,
        form=form,
        can_record=permissions.can_record_attendance(request.viewer, meeting)
        and meeting.has_begun
        and not (meeting.is_cancelled or meeting.is_approved),
        quorum=queries.quorum_of(meeting),
        seen_at=seen_at.isoformat(),
        claims=queries.open_claims(meeting, request.viewer),
        own=queries.own_presence(meeting, request.viewer, roster["own_row"], presence.claim),
        guests=presence.guests,
        can_add_guests=queries.can_add_guests(meeting, request.viewer),
        **roster,
    )
    return render(request, "meetings/attendance.html", context, status=status_of(form))


@dataclass(frozen=True)
class RosterRow:
    """A person with a seat, an answer or recorded attendance."""

    person: Person
    organization: Organization | None
    state: str
    how_words: str = ""  # how we know that a person was present, unless an officer recorded it

    @property
    def place(self) -> tuple[str, str]:
        """Return the sort key: by organization, people without one last, then by name."""
        return self.organization.sort_name if self.organization else "\uffff", self.person.sort_name


class Roster(TypedDict):
    roster_page: Page[RosterRow]
    rows: list[RosterRow]
    present_count: int
    own_row: Attendance | None


def _roster(meeting: Meeting, number: str, viewer: Person) -> Roster:
    """Return a page of everybody with a seat, an answer or recorded attendance."""
    own_row = None
    seats = Seat.objects.filter(group=meeting.group_id).select_related("person", "organization")
    people = {seat.person_id: RosterRow(seat.person, seat.organization, "") for seat in seats}
    for row in meeting.attendance.select_related("person", "organization"):
        own_row = row if row.person_id == viewer.pk else own_row
        words = "" if row.how == PresenceSource.OFFICER else row.get_how_display()
        people[row.person_id] = RosterRow(row.person, row.organization, row.state, words)
    ordered = sorted(people.values(), key=lambda row: row.place)
    roster_page = Paginator(ordered, PEOPLE_A_PAGE).get_page(number)
    return {
        "roster_page": roster_page,
        "rows": list(roster_page.object_list),
        "present_count": sum(row.state == AttendanceState.PRESENT for row in ordered),
        "own_row": own_row,
    }
