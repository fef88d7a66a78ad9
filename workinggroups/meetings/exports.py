"""What a person's export has from meetings: attendance, answers to polls, and texts they wrote."""

from datetime import datetime

from members.people.models import Person
from workinggroups.meetings.models import (
    AgendaProposal,
    Attendance,
    AttendanceClaim,
    Correction,
    Meeting,
    NotesConflict,
    NotesRevision,
    OptionAnswer,
    Recording,
    SpeakerRequest,
)


def of_person(person: Person) -> dict[str, object]:
    """Return what a person did in meetings, as plain data: from attendance to corrections."""
    attended = Attendance.objects.filter(person=person).select_related(
        "meeting__group", "organization"
    )
    claims = AttendanceClaim.objects.filter(person=person).select_related("meeting__group")
    spoken = SpeakerRequest.objects.filter(person=person).select_related("meeting__group")
    saved = NotesRevision.objects.filter(author=person).select_related("meeting__group")
    kept = NotesConflict.objects.filter(author=person).select_related("meeting__group")
    answers = OptionAnswer.objects.filter(person=person).select_related(
        "option__poll__group", "organization"
    )
    proposed = AgendaProposal.objects.filter(author=person).select_related(
        "meeting__group", "organization"
    )
    closed = AgendaProposal.objects.filter(closed_by=person).select_related("meeting__group")
    corrections = Correction.objects.filter(author=person).select_related("meeting__group")
    answered = Correction.objects.filter(answered_by=person).select_related("meeting__group")
    consents = Recording.objects.filter(noted_by=person).select_related("meeting__group")
    return {
        "attendance": [
            {
                **_place(row.meeting),
                "state": row.state,
                "on_behalf_of": row.organization.name if row.organization else None,
                "how": row.how,
                "checked_in_at": _moment(row.checked_in_at),
            }
            for row in attended.order_by("meeting__starts_at", "pk")
        ],
        "polls": [
            {
                "group": row.option.poll.group.slug,
                "poll": row.option.poll.title,
                "starts_at": row.option.starts_at.isoformat(),
                "answer": row.answer,
                "on_behalf_of": row.organization.name if row.organization else None,
            }
            for row in answers.order_by("option__starts_at", "pk")
        ],
        "said_to_have_been_there": [
            {
                **_place(row.meeting),
                "at": row.created_at.isoformat(),
                "state": row.state,
                "note": row.note,
            }
            for row in claims.order_by("created_at", "pk")
        ],
        "asked_to_speak": [
            {
                **_place(row.meeting),
                "raised_at": row.raised_at.isoformat(),
                "called_at": _moment(row.called_at),
                "done_at": _moment(row.done_at),
                "withdrawn_at": _moment(row.withdrawn_at),
            }
            for row in spoken.order_by("raised_at", "pk")
        ],
        "notes": [
            {
                **_place(row.meeting),
                "revision": row.number,
                "at": row.created_at.isoformat(),
                "text": row.source,
            }
            for row in saved.order_by("created_at", "pk")
        ],
        "texts_not_saved": [
            {**_place(row.meeting), "at": row.created_at.isoformat(), "text": row.source}
            for row in kept.order_by("created_at", "pk")
        ],
        "proposed_items": [
            {
                **_place(row.meeting),
                "at": row.created_at.isoformat(),
                "title": row.title,
                "minutes": row.minutes,
                "text": row.source,
                "on_behalf_of": row.organization.name if row.organization else None,
                "state": row.state,
                "reason": row.reason,
            }
            for row in proposed.order_by("created_at", "pk")
        ],
        "answers_to_proposed_items": [
            {
                **_place(row.meeting),
                "at": _moment(row.closed_at),
                "title": row.title,
                "state": row.state,
                "reason": row.reason,
            }
            for row in closed.exclude(author=person).order_by("closed_at", "pk")
        ],
        "corrections": [
            {
                **_place(row.meeting),
                "at": row.created_at.isoformat(),
                "text": row.text,
                "answer": row.answer if row.is_asked else None,
                "answer_note": row.answer_note,
            }
            for row in corrections.order_by("created_at", "pk")
        ],
        "consents_noted": [
            {
                **_place(row.meeting),
                "at": row.noted_at.isoformat(),
                "consent": row.consent,
                "delete_on": row.delete_on.isoformat(),
            }
            for row in consents.order_by("noted_at", "pk")
        ],
        "answers_to_corrections": [
            {
                **_place(row.meeting),
                "at": row.answered_at.isoformat() if row.answered_at else None,
                "answer": row.answer,
                "note": row.answer_note,
            }
            for row in answered.order_by("answered_at", "pk")
        ],
    }


def _moment(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _place(meeting: Meeting) -> dict[str, object]:
    return {
        "group": meeting.group.slug,
        "meeting": meeting.number,
        "local_date": meeting.local_date.isoformat(),
        "starts_at": meeting.starts_at.isoformat(),
    }
