"""What every action on a meeting begins and ends with: locks, refusals, version, search, mail."""

from collections.abc import Iterable
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from common.errors import WrongState
from common.search import actions as search
from common.search.models import SearchEntry
from common.text.markdown import plain_blocks
from members.people.models import Person
from notifications.actions import notify
from workinggroups.groups.actions.guards import lock_group, share_group
from workinggroups.groups.search import about
from workinggroups.meetings.models import AgendaItem, Meeting
from workinggroups.meetings.notifications.meetings import MeetingNotification
from workinggroups.meetings.queries.minutes import is_final_by_rule


def lock_meeting(meeting: Meeting) -> Meeting:
    """Lock the meeting's row until the transaction ends; return the meeting as it is now.

    Every action on a meeting or a part of one takes this lock first, so two never interleave. The
    group is locked before it, shared, so that it cannot conclude meanwhile.
    """
    share_group(meeting.group_id)
    meetings = Meeting.objects.select_for_update(of=("self",), no_key=True)
    current: Meeting = meetings.select_related("group").get(pk=meeting.pk)
    return current


def lock_meeting_with_group(meeting: Meeting) -> Meeting:
    """Lock the group, then the meeting; return the meeting as it is now.

    For actions that may number an action item. All actions that need both locks take them in this
    order, so that two can never wait for each other.
    """
    lock_group(meeting.group)
    return lock_meeting(meeting)


def refuse_cancelled(meeting: Meeting) -> None:
    if meeting.is_cancelled:
        raise WrongState(_("This meeting was cancelled. Schedule another one instead."))


def refuse_approved(meeting: Meeting) -> None:
    """Raise WrongState for approved minutes, and for a draft that the charter has made final."""
    if meeting.is_approved or is_final_by_rule(meeting):
        raise WrongState(
            _(
                "The minutes of this meeting have been approved and cannot be changed. A chair can "
                "unlock them or add a dated correction."
            )
        )


def touch(meeting: Meeting, *fields: str) -> None:
    """Save these fields with a new version, and update the search entry of the meeting."""
    meeting.version += 1
    meeting.changed_at = timezone.now()
    meeting.save(update_fields=[*fields, "version", "changed_at"])
    index_meeting(meeting)


def notify_group(
    type_: type[MeetingNotification], meeting: Meeting, *, actor: Person | None, cause: UUID | str
) -> None:
    """Notify the group of what happened to the meeting; `cause` as for `notify`."""
    notification = type_(group=meeting.group_id, meeting=str(meeting.uuid))
    notify(notification, cause=cause, actor=actor, scope_uuid=meeting.group.uuid)


def index_meeting(meeting: Meeting) -> None:
    """Let search find the meeting by its title, agenda and latest notes."""
    latest = meeting.notes.only("html").order_by("-number").first()
    text = plain_blocks(latest.html) if latest else ""
    search.store(meeting_entries(meeting, agenda=meeting.agenda.all(), text=text))


def meeting_entries(
    meeting: Meeting, *, agenda: Iterable[AgendaItem], text: str
) -> list[SearchEntry]:
    """Return the unsaved search entries of the meeting; `text` is the plain text of its notes."""
    items = [f"{item.title}\n\n{plain_blocks(item.html)}" for item in agenda]
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
