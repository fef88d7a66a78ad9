"""The signed links in mails by which readers answer an invitation or a poll without signing in."""

from uuid import UUID

from django.core import signing
from django.urls import reverse

from members.people.models import Person

SALT = "meetings.answer"
POLL_SALT = "meetings.answer-poll"


def answer_token(meeting_uuid: UUID | str, person: Person) -> str:
    """Return a signed token that names the meeting and the person to whom the mail went."""
    return signing.dumps([str(meeting_uuid), str(person.uuid)], salt=SALT)


def answer_path(meeting_uuid: UUID | str, person: Person) -> str:
    """Return the path of the page on which this person answers."""
    return reverse("meeting-answer-by-link", args=[answer_token(meeting_uuid, person)])


def poll_token(poll_uuid: UUID | str, person: Person) -> str:
    """Return a signed token that names the poll and the person to whom the mail went."""
    return signing.dumps([str(poll_uuid), str(person.uuid)], salt=POLL_SALT)


def poll_path(poll_uuid: UUID | str, person: Person) -> str:
    """Return the path of the page on which this person answers the poll."""
    return reverse("poll-answer-by-link", args=[poll_token(poll_uuid, person)])


def read_token(token: str, salt: str = SALT) -> tuple[UUID, UUID]:
    """Return the ids of meeting or poll and of person. Raises ValueError for a token that we did not
    sign for this."""
    try:
        subject, person = signing.loads(token, salt=salt)
        return UUID(subject), UUID(person)
    except (signing.BadSignature, TypeError, AttributeError) as error:
        raise ValueError("Not a token that we signed.") from error
