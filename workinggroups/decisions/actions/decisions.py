"""Recording what a group decided. A decision is never edited: another one replaces it.

record_decision   —                → standing     when the proposal was adopted
record_decision   —                → rejected     when it was rejected: never in force, replaces nothing
record_decision   standing (older) → superseded   when the new one replaces it
record_decision   standing (older) → rescinded    when the new one rescinds it
"""

from collections.abc import Iterable
from datetime import date, datetime

from django.core.files.base import File
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from common import days
from common.access import viewer_for
from common.errors import Invalid, WrongState
from common.links.actions import End, link
from common.record.actions import record
from common.search.actions import entries_of, store
from common.search.models import SearchEntry
from common.text.markdown import TextKind, plain_blocks, render
from common.text.rendered import html_fields
from common.unseen import refuse_unseen
from members.people.models import Person
from notifications.actions import notify
from workinggroups.attachments.actions import attach_all
from workinggroups.decisions import tally
from workinggroups.decisions.attachments import place_of
from workinggroups.decisions.choices import FIRST_YEAR, DecisionAct, DecisionState, Outcome
from workinggroups.decisions.markers import SourceMarker, marker_titled
from workinggroups.decisions.models import Decision
from workinggroups.decisions.notifications import DecisionRecorded
from workinggroups.decisions.permissions import can_record
from workinggroups.decisions.queries.decisions import latest_day
from workinggroups.decisions.subjects import EarlyApproval, Subject
from workinggroups.decisions.tally import Tally
from workinggroups.groups.actions import adopt_charter
from workinggroups.groups.actions.guards import lock_group, require_running
from workinggroups.groups.models import CharterVersion, Group
from workinggroups.groups.search import about
from workinggroups.meetings.actions.markers import mark_decision
from workinggroups.meetings.models import Meeting


def record_decision(
    *,
    actor: Person,
    group: Group,
    title: str,
    method: str,
    outcome: str = Outcome.ADOPTED,
    counts: Tally = Tally(),  # noqa: B008  (frozen)
    source: str = "",
    dissent: str = "",
    decided_on: date | None = None,
    decided_at: datetime | None = None,
    meeting: Meeting | None = None,
    marker: SourceMarker | None = None,
    charter_version: CharterVersion | None = None,
    subject: Subject | None = None,
    early: EarlyApproval | None = None,
    replaces: Decision | None = None,
    rescinds: bool = False,
    is_by_hand: bool = True,
    is_notified: bool = True,
    files: Iterable["File[bytes]"] = (),
) -> Decision:
    """Record the decision in the register under the group's next number.

    `decided_on` is the day on which the group decided, and `decided_at` a moment of it (default:
    now); one follows from the other in the zone of the meeting, else of the actor. A day is in the
    future if it is so both there and for the actor. `marker` is the decision's marker in the notes
    of the meeting and receives its number; by default it is the unrecorded marker with the words
    of the title. `charter_version` comes into force. `files` are attached and can never be
    changed. `replaces` is superseded or, with `rescinds`, rescinded. The group is notified with
    `is_notified`; without it, the caller notifies it of something else. A proposal with the outcome
    "rejected" adopts no charter, approves no text and replaces nothing. `early` is why an approval
    does not wait for the end of the review. `is_by_hand` is false for what was counted here.

    Raises NotAllowed; Invalid if the counts do not fit the outcome by the method, or for a field;
    WrongState if the older decision or the marker was replaced or recorded in the meantime. Locks the
    group, so numbers have no gaps and a marker is recorded once.
    """
    refuse_unseen(title=title)
    now = timezone.now()
    dissent = dissent.strip()
    tally.check(method, counts, dissent, outcome)
    _check_group(group, meeting, charter_version)
    _check_effects(outcome, charter_version, replaces)
    decided_on, decided_at = _when(actor, meeting, decided_on, decided_at, now)
    html = render(source, TextKind.POST)

    with transaction.atomic():
        group = lock_group(group)
        can_record.require(viewer_for(actor.pk), group)
        require_running(group)
        if meeting and not marker:
            # Recorded from the meeting, not from its marker, which would be offered again.
            marker = marker_titled(meeting, title)
        _check_marker(meeting, marker)
        _check_draft(charter_version)
        older = _check_replaced(group, replaces, charter_version)
        decision = build_decision(
            group=group,
            number=Decision.objects.next_number(group),
            title=title.strip(),
            source=source,
            html=html,
            method=method,
            outcome=outcome,
            counts=counts,
            dissent=dissent,
            decided_on=decided_on,
            decided_at=decided_at,
            meeting=meeting,
            source_line=marker.key if marker else "",
            charter_version=charter_version,
            subject=subject,
            early=early,
            is_by_hand=is_by_hand,
            recorded_by=actor,
            recorded_at=now,
        )
        decision.save(force_insert=True)
        place = place_of(viewer_for(actor.pk), decision)
        attach_all(actor=actor, place=place, uploads=files)
        if older:
            _replace(actor, older, decision, rescinds)
        if meeting and marker:
            reference = f"D-{decision.number}"
            mark_decision(actor=actor, meeting=meeting, marker=marker.marker, reference=reference)
        if charter_version:
            adopt_charter(actor=actor, charter=charter_version, decision_uuid=decision.uuid)
        _link(actor, decision, older, rescinds)
        record(actor, DecisionAct.RECORDED, decision, facts=decision_facts(decision))
        index_decision(decision)
        # `adopt_charter` notifies the same people.
        if is_notified and not charter_version:
            recorded = DecisionRecorded(group=group.pk, decision=decision.pk)
            notify(recorded, cause=decision.uuid, actor=actor, scope_uuid=group.uuid)
    return decision


def index_decision(decision: Decision) -> None:
    """Let search find the decision."""
    store(decision_entries(decision))


def decision_entries(decision: Decision) -> list[SearchEntry]:
    """Return the unsaved search entries of the decision."""
    return entries_of(
        kind="decision",
        uuid=decision.uuid,
        title=str(decision),
        body=f"{plain_blocks(decision.html)}\n\n{decision.dissent}",
        url=decision.get_absolute_url(),
        level=decision.level,
        group_id=decision.group_id,
        at=decision.decided_at,
        day=decision.decided_on,
        about=[
            "Decision",
            *(["Rejected"] if decision.is_rejected else []),
            *about(decision.group, decision.level),
        ],
    )


def _check_group(
    group: Group, meeting: Meeting | None, charter_version: CharterVersion | None
) -> None:
    if meeting and meeting.group_id != group.pk:
        raise Invalid(_("Choose a meeting of this group."), "meeting")
    if charter_version and charter_version.group_id != group.pk:
        raise Invalid(_("Choose a charter of this group."), "charter_version")


def _check_effects(
    outcome: str, charter_version: CharterVersion | None, replaces: Decision | None
) -> None:
    """Refuse what a rejected proposal cannot do."""
    if outcome != Outcome.REJECTED:
        return
    if charter_version:
        message = _("A rejected proposal adopts no charter. Choose “No charter”; the draft stays.")
        raise Invalid(message, "charter_version")
    if replaces:
        message = _(
            "A rejected proposal replaces nothing, so D-%(number)d stays as it is. Record the rejection "
            "as a decision of its own."
        )
        raise Invalid(message % {"number": replaces.number}, "outcome")


def _when(
    actor: Person, meeting: Meeting | None, day: date | None, moment: datetime | None, now: datetime
) -> tuple[date, datetime]:
    """Return the day and a moment of it. Raises Invalid for a future day or one too long ago."""
    zone = meeting.zone if meeting else actor.zone
    if (moment and moment > now) or (day and day > latest_day(actor, meeting, now)):
        raise Invalid(_("This day is in the future. Choose the day of the decision."), "decided_on")
    if min(one.year for one in (day, moment, now) if one) < FIRST_YEAR:
        raise Invalid(_("Enter a day in %(year)d or later.") % {"year": FIRST_YEAR}, "decided_on")
    if moment is None:
        moment = days.moment_of(day, zone, now) if day else now
    return day or days.today_in(zone, moment), moment


def _check_marker(meeting: Meeting | None, marker: SourceMarker | None) -> None:
    """Refuse a marker that already has a decision. The caller holds the group's lock."""
    if not meeting or not marker:
        return
    if marker.revision.meeting_id != meeting.pk:
        raise Invalid(_("Choose the meeting whose notes contain this decision."), "meeting")
    known = Decision.objects.filter(meeting=meeting, source_line=marker.key).first()
    reference = f"D-{known.number}" if known else marker.marker.reference
    if reference:
        message = _("This line of the minutes is already recorded as %(reference)s.")
        raise WrongState(message % {"reference": reference})


def _check_draft(charter_version: CharterVersion | None) -> None:
    """Refuse a draft that a decision already adopted. The caller holds the group's lock."""
    if charter_version is None:
        return
    known = Decision.objects.filter(charter_version=charter_version).first()
    if known is not None:
        message = _("D-%(number)d has already adopted this charter.")
        raise WrongState(message % {"number": known.number})


def _check_replaced(
    group: Group, replaces: Decision | None, charter_version: CharterVersion | None
) -> Decision | None:
    """Return the older decision as it is now, if it can be replaced. The caller locks the group."""
    if replaces is None:
        return None
    older = Decision.objects.get(pk=replaces.pk)
    if older.group_id != group.pk:
        raise Invalid(_("Choose a decision of this group."), "replaces")
    if older.is_rejected:
        message = _("D-%(number)d was rejected, so it was never in force. Record a new decision.")
        raise WrongState(message % {"number": older.number})
    if older.state != DecisionState.STANDING:
        message = _("D-%(number)d is no longer in force: another decision has replaced it.")
        raise WrongState(message % {"number": older.number})
    if older.charter_version_id and not charter_version:
        raise WrongState(_("A charter cannot be rescinded. Adopt the next charter instead."))
    return older


def _replace(actor: Person, older: Decision, newer: Decision, rescinds: bool) -> None:
    older.state = DecisionState.RESCINDED if rescinds else DecisionState.SUPERSEDED
    older.replaced_by = newer
    older.save(update_fields=["state", "replaced_by"])
    record(actor, DecisionAct(older.state), older, facts={"by": newer.uuid})


def _link(actor: Person, decision: Decision, older: Decision | None, rescinds: bool) -> None:
    """Link the decision to where it was taken and what it is about."""
    source = ("decision", decision.uuid)
    targets: dict[str, End] = {}
    if decision.meeting:
        targets["taken_at"] = ("meeting", decision.meeting.uuid)
    if decision.charter_version:
        targets["adopts"] = ("charter", decision.charter_version.uuid)
    if decision.subject_uuid:
        relation = "rejects" if decision.is_rejected else "approves"
        targets[relation] = (decision.subject_kind, decision.subject_uuid)
    if older:
        targets["rescinds" if rescinds else "supersedes"] = ("decision", older.uuid)
    for relation, target in targets.items():
        link(actor_uuid=actor.uuid, source=source, relation=relation, target=target)


def build_decision(
    *,
    group: Group,
    html: str,
    counts: Tally,
    outcome: str = Outcome.ADOPTED,
    subject: Subject | None = None,
    early: EarlyApproval | None = None,
    **fields: object,
) -> Decision:
    """Return the decision, unsaved, for the readers of the group's content; bulk loads use it."""
    return Decision(
        group=group,
        level=group.content_level,
        **html_fields(html),
        votes_for=counts.votes_for,
        votes_against=counts.votes_against,
        abstentions=counts.abstentions,
        unit=counts.unit if counts.is_counted else "",
        outcome=outcome,
        state=DecisionState.REJECTED if outcome == Outcome.REJECTED else DecisionState.STANDING,
        early_until=early.until if early else None,
        early_reason=early.reason.strip() if early else "",
        subject_kind=subject.kind if subject else "",
        subject_uuid=subject.uuid if subject else None,
        subject_sha256=subject.sha256 if subject else "",
        **fields,
    )


def decision_facts(decision: Decision) -> dict[str, object]:
    """Return what the record says of a decision."""
    facts = {
        "group": decision.group.uuid,
        "number": decision.number,
        "outcome": decision.outcome,
        "method": decision.method,
        "by_hand": decision.is_by_hand,
        "unit": decision.unit or None,
        "for": decision.votes_for,
        "against": decision.votes_against,
        "abstained": decision.abstentions,
        "has_dissent": bool(decision.dissent),
        "decided_on": decision.decided_on,
        "decided_at": decision.decided_at,
        "meeting": decision.meeting.uuid if decision.meeting else None,
        "charter": decision.charter_version.uuid if decision.charter_version else None,
        "subject": decision.subject_uuid,
        "sha256": decision.subject_sha256 or None,
    }
    return {key: value for key, value in facts.items() if value is not None}
