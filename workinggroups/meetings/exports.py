"""What a person's export has from meetings: their attendance and the texts they wrote."""

from members.people.models import Person
from workinggroups.meetings.models import (
    Attendance,
    Correction,
    Meeting,
    NotesConflict,
    NotesRevision,
    Recording,
)


def of_person(person: Person) -> dict[str, object]:
    """Return a person's attendance, notes as saved or kept, and corrections, as plain data."""
    attended = Attendance.objects.filter(person=person).select_related(
        "meeting__group", "organization"
    )
    saved = NotesRevision.objects.filter(author=person).select_related("meeting__group")
    kept = NotesConflict.objects.filter(author=person).select_related("meeting__group")
    corrections = Correction.objects.filter(author=person).select_related("meeting__group")
    answered = Correction.objects.filter(answered_by=person).select_related("meeting__group")
    consents = Recording.objects.filter(noted_by=person).select_related("meeting__group")
    return {
        "attendance": [
            {
                **_place(row.meeting),
                "state": row.state,
                "on_behalf_of": row.organization.name if row.organization else None,
            }
            for row in attended.order_by("meeting__starts_at", "pk")
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


def _place(meeting: Meeting) -> dict[str, object]:
    return {
        "group": meeting.group.slug,
        "meeting": meeting.number,
        "local_date": meeting.local_date.isoformat(),
        "starts_at": meeting.starts_at.isoformat(),
    }
