"""The signed links in mails by which their reader answers an invitation or a poll without signing in.

One of a mail about a meeting is for that meeting; one of a mail about a series is for its next meeting,
or for all that follow; one of a mail about a poll is for the poll. The salts keep them apart.
"""

from uuid import UUID

from django.core import signing
from django.urls import reverse

from members.people.models import Person

MEETING_SALT = "meetings.answer"
SERIES_SALT = "meetings.series-answer"
POLL_SALT = "meetings.answer-poll"


def answer_token(meeting_uuid: UUID | str, person: Person) -> str:
    """Return a signed token that names the meeting and the person to whom the mail went."""
    return _signed(meeting_uuid, person, MEETING_SALT)


def answer_path(meeting_uuid: UUID | str, person: Person) -> str:
    """Return the path of the page on which this person answers."""
    return reverse("meeting-answer-by-link", args=[answer_token(meeting_uuid, person)])


def read_token(token: str) -> tuple[UUID, UUID]:
    """Return the ids of meeting and person. Raises ValueError for a token that we did not sign."""
    return _read(token, MEETING_SALT)


def series_answer_token(series_uuid: UUID | str, person: Person) -> str:
    """Return a signed token that names the series and the person to whom the mail went."""
    return _signed(series_uuid, person, SERIES_SALT)


def series_answer_path(series_uuid: UUID | str, person: Person) -> str:
    """Return the path of the page on which this person answers for meetings of the series."""
    return reverse("series-answer-by-link", args=[series_answer_token(series_uuid, person)])


def read_series_token(token: str) -> tuple[UUID, UUID]:
    """Return the ids of series and person. Raises ValueError for a token that we did not sign."""
    return _read(token, SERIES_SALT)


def poll_token(poll_uuid: UUID | str, person: Person) -> str:
    """Return a signed token that names the poll and the person to whom the mail went."""
    return _signed(poll_uuid, person, POLL_SALT)


def poll_path(poll_uuid: UUID | str, person: Person) -> str:
    """Return the path of the page on which this person answers the poll."""
    return reverse("poll-answer-by-link", args=[poll_token(poll_uuid, person)])


def read_poll_token(token: str) -> tuple[UUID, UUID]:
    """Return the ids of poll and person. Raises ValueError for a token that we did not sign."""
    return _read(token, POLL_SALT)


def _signed(uuid: UUID | str, person: Person, salt: str) -> str:
    return signing.dumps([str(uuid), str(person.uuid)], salt=salt)


def _read(token: str, salt: str) -> tuple[UUID, UUID]:
    try:
        subject, person = signing.loads(token, salt=salt)
        return UUID(subject), UUID(person)
    except (signing.BadSignature, TypeError, AttributeError) as error:
        raise ValueError("Not a token that we signed.") from error
