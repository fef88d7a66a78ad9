"""Voting, and stepping out of a ballot for a conflict of interest.

A vote locks the ballot against closing, not against other votes, and its own entry of the roll; so
the votes of many organizations do not wait for each other, and two people of one do.
"""

from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import gettext as _

from common.access import viewer_for
from common.errors import Conflict, Invalid, WrongState
from common.record.actions import record
from common.unseen import refuse_unseen
from members.people.models import Person
from workinggroups.decisions import ballot_states
from workinggroups.decisions.actions.ballots import database_now
from workinggroups.decisions.choices import BallotAct, BallotEvent, Position
from workinggroups.decisions.models import Ballot, RollEntry, RollPerson, Vote
from workinggroups.decisions.notifications import notify_of_recusal, notify_of_vote
from workinggroups.decisions.permissions import can_vote
from workinggroups.decisions.queries.ballots import speaker_for


def cast_vote(
    *,
    actor: Person,
    entry: RollEntry,
    position: str,
    reason: str = "",
    replaces: UUID | None = None,
) -> Vote:
    """Cast the vote of this entry of the roll, or replace the vote that it has.

    `replaces` is the vote that the actor has seen, None where they saw none. The same vote twice is
    one vote. Raises NotAllowed for somebody who cannot vote for the entry now; Conflict where
    another of its people has voted in the meantime, so that the first vote stands; WrongState once
    the ballot is closed by the database's clock; Invalid for a discuss without a reason.
    """
    if position not in Position.values:
        raise Invalid(_("Choose how you vote."), "position")
    reason = reason.strip()
    refuse_unseen(reason=reason)
    if position == Position.DISCUSS and not reason:
        raise Invalid(_("Say what has to be discussed, and what would resolve it."), "reason")
    with transaction.atomic():
        ballot, entry, speaker = _lock_entry(actor, entry)
        _require_votes(entry)
        now = database_now()
        if ballot.closes_at is None or ballot.closes_at <= now:
            raise WrongState(_("This ballot has closed. No vote counts any more."))
        before = entry.votes.counted().select_related("cast_by").first()
        if before and _is_same(before, actor, position, reason):
            return before
        if (before.uuid if before else None) != replaces:
            raise Conflict(_already_voted(before))
        if before:
            before.superseded_at = now
            before.save(update_fields=["superseded_at"])
        vote = Vote.objects.create(
            ballot=ballot,
            entry=entry,
            position=position,
            reason=reason,
            cast_by=actor,
            role=speaker.role,
            affiliation_title=speaker.affiliation_title,
            cast_at=now,
        )
        record(actor, BallotAct.VOTED, ballot, facts=vote_facts(vote, before))
        notify_of_vote(vote)
    return vote


def recuse(*, actor: Person, entry: RollEntry, reason: str) -> RollEntry:
    """Step out of the ballot for a conflict of interest: the entry leaves the base.

    A vote cast before no longer counts. The reason stays on the page. Raises as `cast_vote` does.
    """
    reason = reason.strip()
    refuse_unseen(reason=reason)
    if not reason:
        raise Invalid(_("Say which interest you declare. It stays on the page."), "reason")
    with transaction.atomic():
        ballot, entry, _speaker = _lock_entry(actor, entry)
        _require_votes(entry)
        now = database_now()
        if ballot.closes_at is None or ballot.closes_at <= now:
            raise WrongState(_("This ballot has closed. No vote counts any more."))
        entry.votes.counted().update(superseded_at=now)
        entry.recused_at, entry.recused_by, entry.recusal_reason = now, actor, reason
        entry.save(update_fields=["recused_at", "recused_by", "recusal_reason"])
        record(actor, BallotAct.RECUSED, ballot, facts={"entry": entry.uuid})
        notify_of_recusal(entry, actor, now)
    return entry


def return_to_vote(*, actor: Person, entry: RollEntry) -> RollEntry:
    """Step in again before the ballot closes; the entry has no vote until it casts one."""
    with transaction.atomic():
        ballot, entry, _speaker = _lock_entry(actor, entry)
        now = database_now()
        if ballot.closes_at is None or ballot.closes_at <= now:
            raise WrongState(_("This ballot has closed. No vote counts any more."))
        if entry.recused_at is None:
            return entry
        entry.recused_at, entry.recused_by, entry.recusal_reason = None, None, ""
        entry.save(update_fields=["recused_at", "recused_by", "recusal_reason"])
        record(actor, BallotAct.RETURNED, ballot, facts={"entry": entry.uuid})
        notify_of_recusal(entry, actor, now)
    return entry


def _lock_entry(actor: Person, entry: RollEntry) -> tuple[Ballot, RollEntry, RollPerson]:
    """Lock the ballot against closing and the entry against its other people.

    Returns them as they are now, with the actor's place on the roll. Raises NotAllowed and
    WrongState.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM decisions_ballot WHERE id = %s FOR SHARE", [entry.ballot_id])
    ballot = Ballot.objects.select_related("group").get(pk=entry.ballot_id)
    entry = RollEntry.objects.select_for_update(of=("self",), no_key=True).get(pk=entry.pk)
    entry.ballot = ballot
    can_vote.require(viewer_for(actor.pk), entry)
    ballot_states.check(ballot, BallotEvent.CLOSED)  # only an open ballot can close
    speaker = speaker_for(actor, entry)
    assert speaker
    return ballot, entry, speaker


def _require_votes(entry: RollEntry) -> None:
    if entry.lapsed_at:
        raise WrongState(_("The vote of %(name)s has lapsed.") % {"name": entry.name})
    if entry.recused_at:
        raise WrongState(
            _("%(name)s has stepped out of this ballot. Step in again to vote.")
            % {"name": entry.name}
        )


def _is_same(before: Vote, actor: Person, position: str, reason: str) -> bool:
    is_same_vote = (before.position, before.reason) == (position, reason)
    return is_same_vote and before.cast_by_id == actor.pk


def _already_voted(before: Vote | None) -> str:
    if before is None:
        return _("The vote that you wanted to change no longer counts. Reload the page.")
    message = _(
        "%(person)s has voted for %(name)s in the meantime: %(position)s. That vote stands. "
        "You can change it until the ballot closes."
    )
    return message % {
        "person": before.cast_by.name,
        "name": before.entry.name,
        "position": before.get_position_display(),
    }


def vote_facts(vote: Vote, before: Vote | None) -> dict[str, object]:
    """Return what the record says of a vote."""
    facts = {
        "vote": vote.uuid,
        "entry": vote.entry.uuid,
        "position": vote.position,
        "has_reason": bool(vote.reason),
        "role": vote.role,
        "replaces": before.uuid if before else None,
    }
    return {key: value for key, value in facts.items() if value is not None}
