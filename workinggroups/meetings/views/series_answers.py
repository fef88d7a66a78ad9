"""Answering by the link in a mail about a series: for its next meeting, or for all that follow."""

from dataclasses import dataclass
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from common.access import viewer_for
from common.access.content import sees
from common.http.form_handling import posted, status_of
from common.http.requests import Request
from common.ui import date_format
from members.people.models import Person
from workinggroups.meetings import actions, permissions, queries
from workinggroups.meetings.answers import read_series_token
from workinggroups.meetings.forms.attendance import SeriesAnswerForm
from workinggroups.meetings.models import Meeting, MeetingSeries


@dataclass(frozen=True)
class Coming:
    """The meetings that one reader of a link can answer, the next first, with their answers."""

    meetings: list[Meeting]
    answers: dict[int, str]

    @property
    def next(self) -> Meeting | None:
        """Return the next meeting that has not begun, or the one that is running."""
        now = timezone.now()
        later = (meeting for meeting in self.meetings if meeting.starts_at > now)
        return next(later, self.meetings[0] if self.meetings else None)

    def named(self, uuid: UUID | None) -> Meeting | None:
        """Return the meeting of this id, or the next one without an id; None when it is over."""
        if uuid is None:
            return self.next
        return next((meeting for meeting in self.meetings if meeting.uuid == uuid), None)


# As for the link of one meeting (`views.attendance`), the signed token replaces signing in.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def answer_series_by_link(request: Request, token: str) -> HttpResponse:
    """Save an answer by the link in a mail about a series. GET changes nothing.

    The tick for all that follow is set until the person has answered any of them, so that an answer
    to one meeting is not replaced unnoticed.
    """
    person, series = _invited(token)
    coming = _coming(series, person)
    form = SeriesAnswerForm(posted(request))
    answered: list[Meeting] = []
    if form.is_valid() and coming.meetings:
        meeting = coming.named(form.cleaned_data["meeting"])
        if meeting is None:
            form.add_error(
                None, _("The meeting on this page no longer takes place. Here is the next.")
            )
        else:
            is_for_all = form.cleaned_data["following"]
            actions.answer_meeting(
                actor=person,
                meeting=meeting,
                is_coming=form.cleaned_data["answer"] == "coming",
                and_following=is_for_all,
            )
            later = [each for each in coming.meetings if each.starts_at > meeting.starts_at]
            answered = [meeting, *(later if is_for_all else [])]
            coming = _coming(series, person)
    context = {
        "token": token,
        "person": person,
        "series": series,
        "form": form,
        "answered": [(meeting, _words(meeting, person)) for meeting in answered],
        **_shown(coming, form, person),
    }
    status = 200 if form.is_valid() else status_of(form)
    return render(request, "meetings/answer_series.html", context, status=status)


def _shown(coming: Coming, form: SeriesAnswerForm, person: Person) -> dict[str, object]:
    """Return what the form shows: the next meeting, and what was said or typed of it."""
    meeting = coming.next
    if meeting is None:
        return {"meeting": None}
    answer = coming.answers.get(meeting.pk, "")
    is_typed = form.is_bound and not form.is_valid()
    return {
        "meeting": meeting,
        "hours": _words(meeting, person),
        "answer": answer,
        "chosen": form.data.get("answer") if is_typed else answer,
        "is_for_all": "following" in form.data if is_typed else not coming.answers,
        "has_more": len(coming.meetings) > 1,
    }


def _words(meeting: Meeting, person: Person) -> str:
    return date_format.moment_words(meeting.starts_at, person.zone, other_zone=meeting.zone)


def _coming(series: MeetingSeries, person: Person) -> Coming:
    """Return the coming meetings of the series and of those that continue it. Three queries."""
    in_series = Meeting.objects.filter(series__in=queries.with_continuations(series))
    meetings = list(in_series.upcoming().select_related("group", "series"))
    return Coming(meetings, queries.answers_of(person.pk, meetings))


def _invited(token: str) -> tuple[Person, MeetingSeries]:
    """Return the person and the series of a link. Raises Http404 if the person cannot answer."""
    try:
        series_uuid, person_uuid = read_series_token(token)
    except ValueError:
        raise Http404 from None
    person = get_object_or_404(Person.objects.active(), uuid=person_uuid)
    series = get_object_or_404(MeetingSeries.objects.select_related("group"), uuid=series_uuid)
    viewer = viewer_for(person.pk)
    if not sees(viewer, series) or not permissions.can_answer_meeting(viewer, series):
        raise Http404
    return person, series
