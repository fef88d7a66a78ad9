"""Opening a ballot: its roll is fixed, and those on it can read what they vote on."""

from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from common.access import viewer_for
from common.access.grants import grant_reading
from common.errors import Conflict, WrongState
from common.record.actions import record
from members.people.models import Person
from workinggroups.decisions import ballot_states, effects
from workinggroups.decisions.actions.ballot_search import index_ballot
from workinggroups.decisions.actions.ballots import (
    add_step,
    ballot_facts,
    database_now,
    fix_rules,
    lock_ballot,
    opens_from,
    rules_in_force,
)
from workinggroups.decisions.choices import BallotAct, BallotEvent, BallotState
from workinggroups.decisions.electorate import (
    Electorate,
    agreements_accepted,
    electorate,
    titles_of,
)
from workinggroups.decisions.models import Ballot, RollEntry, RollPerson
from workinggroups.decisions.notifications import notify_of_ballot
from workinggroups.decisions.permissions import can_run_ballots
from workinggroups.groups.actions.guards import lock_group


def open_ballot(*, actor: Person, ballot: Ballot, previewed: str) -> Ballot:
    """Open the ballot for its number of days, by the database's clock.

    `previewed` is the digest of the electorate that the actor was shown. Raises Conflict where it is
    another one now; WrongState before the notice period is over, without a single voter, or where
    what it is about can no longer be put to the vote. Copies the roll, lets those on it read the
    ballot, its text and its topic until it closes, and notifies them to vote.
    """
    with transaction.atomic():
        group = lock_group(ballot.group)
        can_run_ballots.require(viewer_for(actor.pk), group)
        ballot = lock_ballot(ballot)
        now = database_now()
        require_can_open(ballot)
        if ballot.state == BallotState.DRAFT:
            fix_rules(ballot, group)
        ballot_states.move(ballot, BallotEvent.OPENED)
        effects.check(ballot)
        voters = electorate(group, ballot.rules)
        _check_electorate(ballot, voters, previewed)
        _copy_roll(ballot, voters)
        ballot.level, ballot.opened_at, ballot.opened_by = group.content_level, now, actor
        ballot.closes_at = now + timedelta(days=ballot.open_days)
        fields = ["opened_at", "opened_by", "closes_at", "rules_json", "charter"]
        ballot.save(update_fields=["state", "level", *fields])
        grant_roll(ballot)
        add_step(actor=actor, ballot=ballot, event=BallotEvent.OPENED)
        index_ballot(ballot)
        facts = ballot_facts(ballot) | {"roll": len(voters.lines), "electorate": voters.digest}
        record(actor, BallotAct.OPENED, ballot, facts=facts)
        notify_of_ballot(ballot, BallotEvent.OPENED, actor)
    return ballot


def require_can_open(ballot: Ballot) -> None:
    """Raise WrongState before the notice period is over, by the database's clock."""
    ballot_states.check(ballot, BallotEvent.OPENED)
    if ballot.state == BallotState.DRAFT:
        days = rules_in_force(ballot.group)[0].notice_days
        if days:
            raise WrongState(
                ngettext(
                    "The charter asks for a notice of %d day. Announce the ballot first.",
                    "The charter asks for a notice of %d days. Announce the ballot first.",
                    days,
                )
                % days
            )
        return
    start = opens_from(ballot)
    if start and start > database_now():
        raise WrongState(_("The notice period of this ballot is not over yet."))


def _check_electorate(ballot: Ballot, voters: Electorate, previewed: str) -> None:
    if voters.digest != previewed:
        raise Conflict(
            _("Who would vote has changed since you looked. Check the names again, then open.")
        )
    if not voters.lines:
        raise WrongState(_("Nobody could vote. Name voters for the organizations first."))


def _copy_roll(ballot: Ballot, voters: Electorate) -> None:
    """Copy each line with its people, their positions and the agreements accepted; five queries."""
    speakers = [speaker for line in voters.lines for speaker in line.speakers]
    titles = titles_of(speakers)
    organizations = {line.organization.pk for line in voters.lines if line.organization}
    agreements = agreements_accepted(organizations)
    entries = RollEntry.objects.bulk_create(
        RollEntry(
            ballot=ballot,
            position=position,
            organization=line.organization,
            person=line.person,
            name=line.name,
            related_uuid=line.related_uuid,
            related_names=list(line.related_names),
            kind=line.organization.kind if line.organization else "",
            country=str(line.organization.country) if line.organization else "",
            category=line.organization.kind if line.organization else "",
            agreements=agreements.get(line.organization.pk, []) if line.organization else [],
            is_attending=line.is_attending,
        )
        for position, line in enumerate(voters.lines, start=1)
    )
    RollPerson.objects.bulk_create(
        RollPerson(
            entry=entry,
            person=speaker.person,
            organization=speaker.organization,
            role=speaker.role,
            position=position,
            affiliation_title=titles.get(
                (speaker.person.pk, speaker.organization.pk if speaker.organization else 0), ""
            ),
        )
        for entry, line in zip(entries, voters.lines, strict=True)
        for position, speaker in enumerate(line.speakers, start=1)
    )


def grant_roll(ballot: Ballot) -> None:
    """Let everybody on the roll read the ballot, its text and its topic until it closes."""
    assert ballot.closes_at
    people = RollPerson.objects.filter(entry__ballot=ballot).values_list("person_id", flat=True)
    for kind, uuid in ballot.granted_objects:
        grant_reading(
            kind=kind,
            uuid=uuid,
            group_id=ballot.group_id,
            person_ids=set(people),
            until=ballot.closes_at,
            cause=ballot.uuid,
        )
