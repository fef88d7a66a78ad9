"""Items proposed for an agenda.

    (none) --propose--> OPEN --accept--> ACCEPTED (an item of the agenda)
                        OPEN --decline--> DECLINED, with a reason
                        OPEN --withdraw--> WITHDRAWN

All of them hold the lock of the meeting, then that of the proposal, so that of two acts at once one
wins. Where the agenda closes first, open proposals move to the next meeting of the series; without
one they stay open, and pages say that they were not answered. What is proposed once a meeting has
begun is for the next one at once.
"""

from collections.abc import Iterable
from typing import NotRequired, TypedDict, Unpack
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from common.access import viewer_for
from common.errors import Conflict, Invalid, WrongState
from common.record.actions import record
from common.text.rendered import copied_html_fields
from members.people.models import Person
from workinggroups.groups.actions.guards import require_running
from workinggroups.groups.notifications import notify_in
from workinggroups.meetings import queries
from workinggroups.meetings.actions.agenda import append_items
from workinggroups.meetings.actions.agenda_points import point_columns, renumber
from workinggroups.meetings.actions.locking import lock_meeting, refuse_cancelled, touch
from workinggroups.meetings.choices import (
    AGENDA_TITLE_MAX_CHARACTERS,
    MEETING_MAX_MINUTES,
    PROPOSAL_REASON_MAX_CHARACTERS,
    PROPOSALS_OPEN_EACH,
    PROPOSALS_OPEN_MAX,
    Goal,
    MeetingAct,
    ProposalState,
)
from workinggroups.meetings.models import AgendaItem, AgendaProposal, Meeting, MeetingSeries
from workinggroups.meetings.notifications.proposals import ItemProposed, ProposalAnswered
from workinggroups.meetings.permissions import (
    can_answer_proposal,
    can_edit_proposal,
    can_propose_item,
)


class ProposalDetails(TypedDict):
    """What is proposed. `text` is Markdown; `minutes` is how long the author would like to have."""

    title: str
    minutes: NotRequired[int | None]
    text: NotRequired[str]


@transaction.atomic
def propose_item(
    *, actor: Person, meeting: Meeting, **details: Unpack[ProposalDetails]
) -> AgendaProposal:
    """Propose an item for the agenda and notify the officers, who answer it.

    For a meeting that has begun or was cancelled, it is proposed for the next one of the series, if
    there is one. Raises NotAllowed, WrongState when the agenda is closed or too many proposals wait, and Invalid
    at the field that is wrong. Locks the meeting.
    """
    columns = _columns(details)
    meeting = lock_meeting(queries.meeting_to_propose_for(meeting) or meeting)
    viewer = viewer_for(actor.pk)
    can_propose_item.require(viewer, meeting)
    require_running(meeting.group)
    _require_open_agenda(meeting)
    _refuse_too_many(meeting, actor)
    proposal: AgendaProposal = AgendaProposal.objects.create(
        meeting=meeting,
        author=actor,
        organization_id=viewer.seats[meeting.group_id].organization_id,
        **columns,
    )
    _record(actor, MeetingAct.ITEM_PROPOSED, proposal)
    payload = ItemProposed(group=meeting.group_id, proposal=str(proposal.uuid))
    notify_in(meeting.group, actor, payload, cause=proposal.uuid)
    return proposal


def next_meeting_of(series: MeetingSeries) -> Meeting:
    """Return the next meeting of the series. Raises WrongState without one."""
    meeting = queries.next_of_series(series)
    if meeting is None:
        raise WrongState(_("No meeting of this series is scheduled, so there is no agenda yet."))
    return meeting


@transaction.atomic
def edit_proposal(
    *, actor: Person, proposal: AgendaProposal, version: int, **details: Unpack[ProposalDetails]
) -> AgendaProposal:
    """Change what the actor proposed, as long as nobody has answered it.

    `version` is the one the actor has seen; raises Conflict when it was changed since.
    """
    columns = _columns(details)
    proposal = _lock(proposal)
    can_edit_proposal.require(viewer_for(actor.pk), proposal)
    _require_open(proposal)
    _require_open_agenda(proposal.meeting)
    if proposal.version != version:
        raise Conflict(_("You changed this proposal elsewhere in the meantime. Reload the page."))
    for name, value in columns.items():
        setattr(proposal, name, value)
    proposal.version += 1
    proposal.save(update_fields=[*columns, "version"])
    return proposal


@transaction.atomic
def withdraw_proposal(*, actor: Person, proposal: AgendaProposal) -> AgendaProposal:
    """Withdraw what the actor proposed, as long as nobody has answered it."""
    proposal = _lock(proposal)
    can_edit_proposal.require(viewer_for(actor.pk), proposal)
    _require_open(proposal)
    _close(proposal, ProposalState.WITHDRAWN, actor)
    _record(actor, MeetingAct.PROPOSAL_WITHDRAWN, proposal)
    return proposal


@transaction.atomic
def accept_proposal(
    *,
    actor: Person,
    proposal: AgendaProposal,
    version: int,
    before: UUID | None = None,
    goal: str = Goal.DISCUSS,
    minutes: int | None = None,
    presenter: Person | None = None,
) -> AgendaItem:
    """Make it an item of the agenda, at the end or before another item; notify who proposed it.

    `version` is the one the actor has read. Raises Conflict when it was changed since, WrongState
    when it was answered or withdrawn or the agenda is closed, Invalid when the agenda is full or the
    item `before` was removed.
    """
    proposal = _lock(proposal)
    meeting = proposal.meeting
    can_answer_proposal.require(viewer_for(actor.pk), meeting)
    _require_open(proposal)
    _require_open_agenda(meeting)
    if proposal.version != version:
        raise Conflict(
            _("%(name)s changed this proposal in the meantime. Read it again before you answer.")
            % {"name": proposal.author}
        )
    item = AgendaItem(
        title=proposal.title,
        source=proposal.source,
        **copied_html_fields(proposal),
        goal=goal,
        minutes=minutes,
        presenter=presenter,
        proposed_by_id=proposal.author_id,
    )
    append_items(meeting, [item])
    if before is not None:
        _place(meeting, item, before)
    touch(meeting)
    proposal.item = item
    _close(proposal, ProposalState.ACCEPTED, actor, "item")
    _record(actor, MeetingAct.PROPOSAL_ACCEPTED, proposal, item=item.uuid)
    _notify_author(proposal, actor)
    return item


@transaction.atomic
def decline_proposal(*, actor: Person, proposal: AgendaProposal, reason: str) -> AgendaProposal:
    """Decline it with a reason, which who proposed it and the group read. Also afterwards."""
    reason = reason.strip()
    if not reason:
        raise Invalid(_("Give a reason. The person who proposed it reads it."), "reason")
    if len(reason) > PROPOSAL_REASON_MAX_CHARACTERS:
        message = _("Enter at most %(most)d characters.")
        raise Invalid(message % {"most": PROPOSAL_REASON_MAX_CHARACTERS}, "reason")
    proposal = _lock(proposal)
    can_answer_proposal.require(viewer_for(actor.pk), proposal.meeting)
    _require_open(proposal)
    close_as_declined(proposal, actor=actor, reason=reason)
    _notify_author(proposal, actor)
    return proposal


def close_as_declined(proposal: AgendaProposal, *, actor: Person, reason: str) -> None:
    """Decline an open proposal without a notification; the caller holds its lock."""
    proposal.reason = reason
    _close(proposal, ProposalState.DECLINED, actor, "reason")
    _record(actor, MeetingAct.PROPOSAL_DECLINED, proposal)


def move_open_proposals() -> int:
    """Move the open proposals of closed agendas to the next meeting of the series; return how many.

    Called by a periodic task. Two runs at once move none twice.
    """
    return carry_over(queries.closed_with_proposals())


def carry_over(meetings: Iterable[Meeting]) -> int:
    """Move the open proposals of these meetings, which are closed, to the next of their series.

    Return how many. One statement a meeting, which leaves out what was answered at the same time.
    """
    closed = {meeting.pk: meeting for meeting in meetings}
    waiting = AgendaProposal.objects.open().filter(meeting__in=closed)
    moved = 0
    for pk in sorted(set(waiting.order_by().values_list("meeting", flat=True))):
        if later := queries.next_after(closed[pk]):
            moved += waiting.filter(meeting=pk).update(meeting=later, moved_from=pk)
    return moved


def _columns(details: ProposalDetails) -> dict[str, object]:
    """Return the columns of a proposal. Raises Invalid at the field that is wrong."""
    title, minutes = details["title"].strip(), details.get("minutes")
    if not title:
        raise Invalid(_("Enter a title."), "title")
    if len(title) > AGENDA_TITLE_MAX_CHARACTERS:
        message = _("Enter at most %(most)d characters.")
        raise Invalid(message % {"most": AGENDA_TITLE_MAX_CHARACTERS}, "title")
    if minutes is not None and not 1 <= minutes <= MEETING_MAX_MINUTES:
        message = _("Enter a number from 1 to %(most)d.")
        raise Invalid(message % {"most": MEETING_MAX_MINUTES}, "minutes")
    return point_columns({**details, "title": title})


def _lock(proposal: AgendaProposal) -> AgendaProposal:
    """Lock its meeting and the proposal; return it as it is now.

    Raises WrongState when it moved to another meeting in the meantime.
    """
    meeting = lock_meeting(proposal.meeting)
    require_running(meeting.group)
    rows = AgendaProposal.objects.select_for_update(of=("self",), no_key=True)
    current: AgendaProposal = rows.select_related("author").get(pk=proposal.pk)
    if current.meeting_id != meeting.pk:
        raise WrongState(_("This proposal has moved to the next meeting. Reload the page."))
    current.meeting = meeting
    return current


def _require_open(proposal: AgendaProposal) -> None:
    if proposal.state == ProposalState.WITHDRAWN:
        raise WrongState(_("This proposal was withdrawn in the meantime."))
    if not proposal.is_open:
        raise WrongState(_("This proposal has already been answered."))


def _require_open_agenda(meeting: Meeting) -> None:
    refuse_cancelled(meeting)
    if not queries.takes_proposals(meeting):
        raise WrongState(_("This meeting is over, so its agenda can no longer change."))


def _refuse_too_many(meeting: Meeting, actor: Person) -> None:
    waiting = AgendaProposal.objects.open().filter(meeting=meeting)
    if waiting.filter(author=actor).count() >= PROPOSALS_OPEN_EACH:
        message = _("%(most)d of your proposals wait for an answer. Withdraw one, or edit it.")
        raise WrongState(message % {"most": PROPOSALS_OPEN_EACH})
    if waiting.count() >= PROPOSALS_OPEN_MAX:
        raise WrongState(
            _("Too many proposals wait for an answer. Propose again once some are answered.")
        )


def _place(meeting: Meeting, item: AgendaItem, before: UUID) -> None:
    """Move the item, which is the last, to the place before the one named."""
    order = list(meeting.agenda.exclude(pk=item.pk))
    places = {each.uuid: place for place, each in enumerate(order)}
    if before not in places:
        raise Invalid(
            _("Someone removed that item from the agenda in the meantime. Choose another place."),
            "before",
        )
    order.insert(places[before], item)
    renumber(order)


def _close(proposal: AgendaProposal, state: ProposalState, actor: Person, *fields: str) -> None:
    proposal.state, proposal.closed_at, proposal.closed_by = state, timezone.now(), actor
    proposal.save(update_fields=["state", "closed_at", "closed_by", *fields])


def _record(actor: Person, verb: MeetingAct, proposal: AgendaProposal, **facts: object) -> None:
    record(actor, verb, proposal.meeting, facts={"proposal": proposal.uuid, **facts})


def _notify_author(proposal: AgendaProposal, actor: Person) -> None:
    group = proposal.meeting.group
    payload = ProposalAnswered(group=group.pk, proposal=str(proposal.uuid))
    notify_in(group, actor, payload, cause=proposal.uuid)
