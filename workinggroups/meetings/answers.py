"""The signed link of a mail by which its reader says whether they come, without signing in."""

from uuid import UUID

from django.core import signing
from django.urls import reverse

from members.people.models import Person

SALT = "meetings.answer"


def answer_token(meeting_uuid: UUID | str, person: Person) -> str:
    """Proof that whoever has it read the mail about this meeting to this person."""
    return signing.dumps([str(meeting_uuid), str(person.uuid)], salt=SALT)


def answer_path(meeting_uuid: UUID | str, person: Person) -> str:
    """The path of the page on which this person answers."""
    return reverse("meeting-answer-by-link", args=[answer_token(meeting_uuid, person)])


def read_token(token: str) -> tuple[UUID, UUID]:
    """Ids of meeting and person. Raises ValueError for a token that is not ours."""
    try:
        meeting, person = signing.loads(token, salt=SALT)
        return UUID(meeting), UUID(person)
    except (signing.BadSignature, TypeError, AttributeError) as error:
        raise ValueError("no token of ours") from error
