"""What every act on a meeting begins with."""

from collections.abc import Iterable

from django.utils import timezone
from django.utils.translation import gettext as _

from common.errors import WrongState
from common.search import actions as search
from common.search.models import SearchEntry
from common.text.markdown import plain_blocks
from workinggroups.groups.actions.guards import lock_group
from workinggroups.groups.search import about
from workinggroups.meetings.models import AgendaItem, Meeting


def locked(meeting: Meeting) -> Meeting:
    """The meeting as it is now, its row locked until the transaction ends.

    Every act on a meeting and its parts takes this lock first, so that two never interleave.
    """
    meetings = Meeting.objects.select_for_update(of=("self",), no_key=True)
    found: Meeting = meetings.select_related("group").get(pk=meeting.pk)
    return found


def locked_with_group(meeting: Meeting) -> Meeting:
    """Lock the group, then the meeting; return the meeting as it is now.

    For actions that may number an action item. All actions that need both locks take them in this
    order, so that two can never wait for each other.
    """
    lock_group(meeting.group)
    return locked(meeting)


def refuse_cancelled(meeting: Meeting) -> None:
    if meeting.is_cancelled:
        raise WrongState(_("This meeting is cancelled. Plan another one instead."))


def refuse_approved(meeting: Meeting) -> None:
    if meeting.is_approved:
        raise WrongState(
            _(
                "The minutes of this meeting are approved and closed. A chair can unlock them or "
                "add a dated correction."
            )
        )


def touch(meeting: Meeting, *fields: str) -> None:
    """Saves these fields and a new version, and tells search what the meeting now says."""
    meeting.version += 1
    meeting.changed_at = timezone.now()
    meeting.save(update_fields=[*fields, "version", "changed_at"])
    index(meeting)


def index(meeting: Meeting) -> None:
    """Search finds the meeting by its title, agenda and latest notes."""
    latest = meeting.notes.only("html").order_by("-number").first()
    text = plain_blocks(latest.html) if latest else ""
    search.store(meeting_entries(meeting, agenda=meeting.agenda.all(), text=text))


def meeting_entries(
    meeting: Meeting, *, agenda: Iterable[AgendaItem], text: str
) -> list[SearchEntry]:
    """Return the rows, unsaved, by which search finds the meeting; `text` is that of its notes."""
    items = [f"{item.title}\n\n{item.text}" for item in agenda]
    return search.entries_of(
        kind="meeting",
        uuid=meeting.uuid,
        title=meeting.title,
        body="\n\n".join([*items, text]),
        url=meeting.get_absolute_url(),
        level=meeting.level,
        group_id=meeting.group_id,
        at=meeting.starts_at,
        about=["Meeting", *about(meeting.group, meeting.level)],
    )
