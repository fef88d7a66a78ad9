"""Preparing a ballot, announcing it, and taking it back.

The table of states is in `ballot_states.py`. Locks are taken in this order: the group, the ballot, an
entry of its roll.
"""

from datetime import datetime, timedelta

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from common.access import Level, viewer_for
from common.access.grants import end_grants
from common.errors import Conflict, Invalid, WrongState
from common.record.actions import record
from common.text.markdown import TextKind, render
from common.text.rendered import HTML_FIELDS, html_fields
from common.unseen import refuse_unseen
from members.people.models import Person
from workinggroups.decisions import ballot_states, effects
from workinggroups.decisions.actions.ballot_search import index_ballot
from workinggroups.decisions.choices import OPEN_DAYS_MAX, BallotAct, BallotEvent, BallotState
from workinggroups.decisions.models import Ballot, BallotStep, RollPerson
from workinggroups.decisions.notifications import notify_of_ballot
from workinggroups.decisions.permissions import can_run_ballots
from workinggroups.decisions.subjects import Subject
from workinggroups.discussion.models import Topic
from workinggroups.groups.actions.guards import lock_group
from workinggroups.groups.models import CharterVersion, Group
from workinggroups.groups.voting_rules import VOTING_DEFAULT, VotingRules


def draft_ballot(
    *,
    actor: Person,
    group: Group,
    title: str,
    open_days: int,
    source: str = "",
    charter_version: CharterVersion | None = None,
    subject: Subject | None = None,
    topic: Topic | None = None,
) -> Ballot:
    """Create the draft of a ballot under the group's next number.

    When it passes, `charter_version` comes into force or the text of `subject` is approved; with
    neither, the decision is all that follows. Those on the roll can read this one text and the
    topic. Raises NotAllowed, WrongState for a concluded group, Invalid for a field. Locks the group.
    """
    refuse_unseen(title=title)
    html = render(source, TextKind.POST)
    with transaction.atomic():
        group = lock_group(group)
        viewer = viewer_for(actor.pk)
        can_run_ballots.require(viewer, group)
        rules = rules_in_force(group)[0]
        _check_parts(group, rules, open_days, charter_version, subject, topic)
        now = timezone.now()
        return Ballot.objects.create(
            group=group,
            level=Level.CHAIRS,
            number=Ballot.objects.next_number(group),
            title=title.strip(),
            source=source,
            **html_fields(html),
            charter_version=charter_version,
            subject_kind=subject.kind if subject else "",
            subject_uuid=subject.uuid if subject else None,
            subject_sha256=subject.sha256 if subject else "",
            topic=topic,
            open_days=open_days,
            created_by=actor,
            created_at=now,
            edited_at=now,
        )


def edit_ballot(
    *,
    actor: Person,
    ballot: Ballot,
    title: str,
    source: str,
    open_days: int,
    topic: Topic | None,
    read_at: str,
) -> Ballot:
    """Change the draft. `read_at` is the ISO time of the last edit that the actor has read.

    Raises WrongState once it is announced, Conflict where it was edited since, and Invalid.
    """
    refuse_unseen(title=title)
    html = render(source, TextKind.POST)
    with transaction.atomic():
        group = lock_group(ballot.group)
        can_run_ballots.require(viewer_for(actor.pk), group)
        ballot = lock_ballot(ballot)
        if ballot.state != BallotState.DRAFT:
            raise WrongState(
                _("This ballot is no longer a draft. Withdraw it first, then change it.")
            )
        if ballot.edited_at.isoformat() != read_at:
            raise Conflict(
                _("Someone else edited the draft while you were writing. Compare before you save.")
            )
        rules = rules_in_force(group)[0]
        _check_parts(group, rules, open_days, ballot.charter_version, ballot.subject, topic)
        ballot.title, ballot.source, ballot.topic = title.strip(), source, topic
        ballot.open_days, ballot.edited_at = open_days, timezone.now()
        ballot.set_html(html)
        ballot.save(
            update_fields=["title", "source", "topic", "open_days", "edited_at", *HTML_FIELDS]
        )
    return ballot


def announce_ballot(*, actor: Person, ballot: Ballot) -> Ballot:
    """Announce the ballot with its question and rules; the notice period begins. Tells the group.

    Raises NotAllowed; WrongState unless it is a draft, and where what it is about can no longer be
    put to the vote.
    """
    with transaction.atomic():
        group = lock_group(ballot.group)
        can_run_ballots.require(viewer_for(actor.pk), group)
        ballot = lock_ballot(ballot)
        ballot_states.move(ballot, BallotEvent.ANNOUNCED)
        effects.check(ballot)
        fix_rules(ballot, group)
        ballot.level, ballot.announced_at = group.content_level, database_now()
        ballot.save(update_fields=["state", "level", "announced_at", "rules_json", "charter"])
        add_step(actor=actor, ballot=ballot, event=BallotEvent.ANNOUNCED)
        index_ballot(ballot)
        record(actor, BallotAct.ANNOUNCED, ballot, facts=ballot_facts(ballot))
        notify_of_ballot(ballot, BallotEvent.ANNOUNCED, actor)
    return ballot


def withdraw_announcement(*, actor: Person, ballot: Ballot, reason: str) -> Ballot:
    """Make an announced ballot a draft again, with the reason on its page. Tells the group."""
    return _take_back(actor, ballot, BallotEvent.WITHDRAWN, BallotAct.WITHDRAWN, reason)


def recall_ballot(*, actor: Person, ballot: Ballot, reason: str) -> Ballot:
    """Take back a ballot opened by mistake, before its first vote: it is a draft again.

    Raises WrongState once a vote was cast: then it can only be declared void. The roll is emptied.
    """
    return _take_back(actor, ballot, BallotEvent.RECALLED, BallotAct.RECALLED, reason)


def void_ballot(*, actor: Person, ballot: Ballot, reason: str) -> Ballot:
    """Declare the ballot void: it decides nothing. What was voted and the reason stay on its page."""
    return _take_back(actor, ballot, BallotEvent.VOIDED, BallotAct.VOIDED, reason)


def _take_back(
    actor: Person, ballot: Ballot, event: BallotEvent, act: BallotAct, reason: str
) -> Ballot:
    reason = reason.strip()
    if not reason:
        raise Invalid(_("Give a reason. It stays on the page permanently."), "reason")
    with transaction.atomic():
        group = lock_group(ballot.group)
        can_run_ballots.require(viewer_for(actor.pk), group)
        ballot = lock_ballot(ballot)
        was_draft = ballot.state == BallotState.DRAFT
        ballot_states.move(ballot, event)
        if event == BallotEvent.RECALLED and ballot.votes.exists():
            raise WrongState(
                _("Somebody has voted in the meantime. You can only declare the ballot void.")
            )
        if event != BallotEvent.VOIDED:
            ballot.announced_at = ballot.opened_at = ballot.opened_by = ballot.closes_at = None
            ballot.rules_json, ballot.charter = {}, None
        fields = ["announced_at", "opened_at", "opened_by", "closes_at", "rules_json", "charter"]
        ballot.save(update_fields=["state", *fields])
        if event == BallotEvent.RECALLED:
            _empty_roll(ballot)
        end_grants(cause=ballot.uuid)
        add_step(actor=actor, ballot=ballot, event=event, reason=reason)
        index_ballot(ballot)
        record(actor, act, ballot, facts={"group": group.uuid, "number": ballot.number})
        if not was_draft:
            notify_of_ballot(ballot, event, actor)
    return ballot


def _empty_roll(ballot: Ballot) -> None:
    """Remove the roll of a recalled ballot, which nobody has used; a trigger fixes those in use."""
    RollPerson.objects.filter(entry__ballot=ballot).delete()
    ballot.roll.all().delete()


def lock_ballot(ballot: Ballot) -> Ballot:
    """Lock the ballot until the transaction ends; return it as it is now, with its group.

    Waits for the votes that are being cast, and makes later ones wait.
    """
    rows = Ballot.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("group__focus_area", "charter_version", "topic").get(pk=ballot.pk)


def database_now() -> datetime:
    """Return the moment by the database's clock, which no worker's clock can shift."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        (moment,) = cursor.fetchone()
    assert isinstance(moment, datetime)
    return moment


def rules_in_force(group: Group) -> tuple[VotingRules, CharterVersion | None]:
    """Return the group's voting rules now, with the charter that has them; defaults without one."""
    charter = group.charters.in_force().first()
    return (charter.rules.voting if charter else VOTING_DEFAULT), charter


def fix_rules(ballot: Ballot, group: Group) -> VotingRules:
    """Copy the rules of the charter in force into the ballot, unsaved; return them."""
    rules, charter = rules_in_force(group)
    ballot.rules_json, ballot.charter = rules.as_json(), charter
    return rules


def add_step(
    *, actor: Person | None, ballot: Ballot, event: BallotEvent, reason: str = ""
) -> BallotStep:
    """Add what happened to the list on the ballot's page."""
    return BallotStep.objects.create(
        ballot=ballot,
        event=event,
        at=database_now(),
        actor=actor,
        reason=reason,
        closes_at=ballot.closes_at,
    )


def ballot_facts(ballot: Ballot) -> dict[str, object]:
    """Return what the record says of a ballot: its question by checksum, and its rules."""
    facts = {
        "group": ballot.group.uuid,
        "number": ballot.number,
        "question": ballot.question_sha256,
        "rules": ballot.rules_json,
        "charter": ballot.charter.uuid if ballot.charter else None,
        "adopts": ballot.charter_version.uuid if ballot.charter_version else None,
        "subject": ballot.subject_uuid,
        "sha256": ballot.subject_sha256 or None,
        "closes_at": ballot.closes_at,
    }
    return {key: value for key, value in facts.items() if value is not None}


def opens_from(ballot: Ballot) -> datetime | None:
    """Return from when it can be opened by its notice period; None before it is announced."""
    if ballot.announced_at is None:
        return None
    return ballot.announced_at + timedelta(days=ballot.rules.notice_days)


def _check_parts(
    group: Group,
    rules: VotingRules,
    open_days: int,
    charter_version: CharterVersion | None,
    subject: Subject | None,
    topic: Topic | None,
) -> None:
    if not rules.open_days <= open_days <= OPEN_DAYS_MAX:
        facts = {"least": rules.open_days, "most": OPEN_DAYS_MAX}
        message = _("Enter a number from %(least)d to %(most)d: the charter sets the least.")
        raise Invalid(message % facts, "open_days")
    if charter_version and charter_version.group_id != group.pk:
        raise Invalid(_("Choose a charter of this group."), "charter_version")
    if topic and topic.group_id != group.pk:
        raise Invalid(_("Choose a topic of this group."), "topic")
    if charter_version and subject:
        raise Invalid(_("A ballot is about one text only."), "charter_version")
