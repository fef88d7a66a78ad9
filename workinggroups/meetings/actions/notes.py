"""Writing notes together: when two people save at once, the second chooses which text remains."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from common.access import viewer_for
from common.errors import Conflict, Invalid, WrongState
from common.record.actions import record
from common.text import markdown
from common.text.limits import Limit
from members.people.models import Person
from workinggroups.meetings.actions.locking import lock_meeting_with_group
from workinggroups.meetings.actions.revisions import (
    add_revision,
    latest_revision,
    refuse_closed,
    source_of,
)
from workinggroups.meetings.choices import MeetingAct, TextOutcome
from workinggroups.meetings.merging import merge
from workinggroups.meetings.models import Meeting, NotesConflict, NotesRevision
from workinggroups.meetings.permissions import can_restore_notes, can_settle_text


class NotesClash(Conflict):
    """Another person saved first; the second text is kept as `conflict` until its author chooses."""

    def __init__(self, conflict: NotesConflict) -> None:
        super().__init__(
            _("Someone else saved these notes while you were writing. Your text is kept.")
        )
        self.conflict = conflict


def tidy(source: str) -> str:
    """Return the text with one kind of line end and no empty lines at its end."""
    return source.replace("\r\n", "\n").replace("\r", "\n").rstrip()


def save_notes(*, actor: Person, meeting: Meeting, base: int, source: str) -> NotesRevision:
    """Save the text as the next revision, and create the action items of its markers.

    `base` is the number of the revision the actor began from, 0 for an empty page. A text equal to
    the latest revision creates none. Raises NotesClash when another revision was saved in the
    meantime; the text is then kept but not saved. Locks group and meeting; the unique number of a
    revision is the last guard.
    """
    source = tidy(source)
    markdown.check(source, Limit.NOTES)
    with transaction.atomic():
        meeting = lock_meeting_with_group(meeting)
        refuse_closed(actor=actor, meeting=meeting)
        latest = latest_revision(meeting)
        if source == source_of(latest):
            if latest is None:
                raise Invalid(_("There is nothing to save yet."), "source")
            return latest
        if base == meeting.notes_count:
            return add_revision(actor=actor, meeting=meeting, source=source)
        conflict = _keep(actor, meeting, base, source)
    raise NotesClash(conflict)


def settle_text(
    *, actor: Person, conflict: NotesConflict, choice: str, seen: int, source: str = ""
) -> NotesRevision:
    """Save what the author of a kept text chose; both texts stay in the history.

    `choice` is "both" (the two changes in one text), "mine", "theirs", or "edited" with `source`.
    `seen` is the latest revision the author knew. Raises Conflict when there is a later one,
    WrongState when the choice was already made or the notes are closed, and Invalid for "both"
    where the changes contradict each other.
    """
    if choice == "edited":
        source = tidy(source)
        markdown.check(source, Limit.NOTES)
    with transaction.atomic():
        meeting = lock_meeting_with_group(conflict.meeting)
        can_settle_text.require(viewer_for(actor.pk), conflict)
        conflict = NotesConflict.objects.select_for_update(no_key=True).get(pk=conflict.pk)
        if conflict.outcome != TextOutcome.OPEN:
            raise WrongState(_("You have already chosen. This text is in the history."))
        latest = latest_revision(meeting)
        if latest is None or latest.number != seen:
            raise Conflict(
                _("Someone saved the notes again. Compare the texts again, then choose.")
            )
        if choice != "theirs":
            refuse_closed(actor=actor, meeting=meeting)
            latest = add_revision(
                actor=actor, meeting=meeting, source=_chosen(conflict, latest, choice, source)
            )
        outcomes = {"theirs": TextOutcome.SET_ASIDE, "mine": TextOutcome.SAVED}
        conflict.outcome = outcomes.get(choice, TextOutcome.MERGED)
        conflict.settled_at = timezone.now()
        conflict.save(update_fields=["outcome", "settled_at"])
        return latest


@transaction.atomic
def restore_notes(*, actor: Person, revision: NotesRevision, seen: int) -> NotesRevision:
    """Save the text of an earlier revision as the next one.

    `seen` is the latest revision the actor knew; raises Conflict when there is a later one.
    """
    meeting = lock_meeting_with_group(revision.meeting)
    can_restore_notes.require(viewer_for(actor.pk), meeting)
    refuse_closed(actor=actor, meeting=meeting)
    if meeting.notes_count != seen:
        raise Conflict(
            _("Someone saved the notes in the meantime. Read the latest text, then restore.")
        )
    if revision.number == meeting.notes_count:
        raise WrongState(_("This is already the latest text of the notes."))
    restored = add_revision(actor=actor, meeting=meeting, source=revision.source)
    facts = {"from": revision.number, "to": restored.number}
    record(actor, MeetingAct.NOTES_RESTORED, meeting, facts=facts)
    return restored


def base_source(conflict: NotesConflict) -> str:
    """Return the text from which the kept text was begun."""
    revisions = NotesRevision.objects.filter(meeting=conflict.meeting_id)
    return source_of(revisions.filter(number=conflict.base_number).first())


def _keep(actor: Person, meeting: Meeting, base: int, source: str) -> NotesConflict:
    """Keep the text for its author, and set aside an older one about which they never chose."""
    waiting = NotesConflict.objects.filter(meeting=meeting, author=actor, outcome=TextOutcome.OPEN)
    same = waiting.filter(source=source, base_number=base).first()
    if same is not None:
        return same
    waiting.update(outcome=TextOutcome.SET_ASIDE, settled_at=timezone.now())
    return NotesConflict.objects.create(
        meeting=meeting, author=actor, base_number=base, source=source
    )


def _chosen(conflict: NotesConflict, latest: NotesRevision, choice: str, source: str) -> str:
    if choice == "mine":
        return conflict.source
    if choice == "edited":
        return source
    merged = merge(base_source(conflict), latest.source, conflict.source)
    if choice != "both" or merged is None:
        raise Invalid(
            _("Both texts change the same words. Choose one of them, or combine them yourself.")
        )
    return merged
