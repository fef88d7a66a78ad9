"""The signed link in a mail by which its reader answers an invitation without signing in."""

from uuid import UUID

from django.core import signing
from django.urls import reverse

from members.people.models import Person

SALT = "meetings.answer"


def answer_token(meeting_uuid: UUID | str, person: Person) -> str:
    """Return a signed token that names the meeting and the person to whom the mail went."""
    return signing.dumps([str(meeting_uuid), str(person.uuid)], salt=SALT)


def answer_path(meeting_uuid: UUID | str, person: Person) -> str:
    """Return the path of the page on which this person answers."""
    return reverse("meeting-answer-by-link", args=[answer_token(meeting_uuid, person)])


def read_token(token: str) -> tuple[UUID, UUID]:
    """Return the ids of meeting and person. Raises ValueError for a token that we did not sign."""
    try:
        meeting, person = signing.loads(token, salt=SALT)
        return UUID(meeting), UUID(person)
    except (signing.BadSignature, TypeError, AttributeError) as error:
        raise ValueError("Not a token that we signed.") from error
