"""What can be taken back about meetings: an answer, and a hand that was lowered or removed."""

from datetime import datetime

from django.utils.translation import gettext as _

from common.access import viewer_for
from common.undo.light_acts import Facts, changed_since, register
from members.people.models import Person
from workinggroups.meetings import actions
from workinggroups.meetings.models import Attendance, Meeting, SpeakerRequest

ANSWER, HAND = "meeting_answer", "lowered_hand"


def facts_of_answer(answer: Attendance, before: dict[int, str]) -> dict[str, object]:
    return {
        "meeting": answer.meeting_id,
        "at": answer.changed_at.isoformat(),
        # The keys of JSON are text.
        "before": list(before.items()),
    }


def answer_as_before(person_id: int, facts: Facts) -> str:
    """Return the answer to a meeting, or to all that follow, to what it was."""
    person, meeting = Person.objects.get(pk=person_id), _visible(person_id, facts["meeting"])
    actions.take_back_answer(
        actor=person,
        meeting=meeting,
        before=dict(facts["before"]),
        at=datetime.fromisoformat(facts["at"]),
    )
    return _("Undone. Your answer is what it was before.")


def facts_of_hand(request: SpeakerRequest) -> dict[str, object]:
    withdrawn_at = request.withdrawn_at
    return {
        "meeting": request.meeting_id,
        "request": request.pk,
        "at": withdrawn_at.isoformat() if withdrawn_at else "",
    }


def wait_again(person_id: int, facts: Facts) -> str:
    """Return a request to speak to its place in the line."""
    person, meeting = Person.objects.get(pk=person_id), _visible(person_id, facts["meeting"])
    request = meeting.speakers.select_related("person").filter(pk=facts["request"]).first()
    if request is None:
        raise changed_since()
    request.meeting = meeting
    actions.ask_again(actor=person, request=request, at=datetime.fromisoformat(facts["at"]))
    if request.person_id == person_id:
        return _("Undone. Your hand is up, at the same place in the line.")
    return _("Undone. %(person)s waits again, at the same place in the line.") % {
        "person": request.person
    }


def _visible(person_id: int, pk: int) -> Meeting:
    visible = Meeting.objects.visible_to(viewer_for(person_id))
    meeting = visible.select_related("group").filter(pk=pk).first()
    if meeting is None:
        raise changed_since()
    return meeting


def register_light_acts() -> None:
    register(ANSWER, answer_as_before)
    register(HAND, wait_again)
