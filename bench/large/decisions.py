"""The registers: what groups decided at their meetings, the charters and texts they approved."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from bench.large import texts
from bench.large.chronicle import Chronicle, Circle, Written
from common.days import today_in
from workinggroups.decisions.actions import build_decision, decision_entries, decision_facts
from workinggroups.decisions.choices import DecisionAct, DecisionState, Method, Unit
from workinggroups.decisions.models import Decision
from workinggroups.decisions.tally import Tally
from workinggroups.deliverables.actions.reviewing import approval_title, subject_of
from workinggroups.deliverables.choices import DeliverableAct
from workinggroups.deliverables.models import Deliverable, Revision
from workinggroups.groups.actions.charter import adoption_facts
from workinggroups.groups.choices import CharterAct
from workinggroups.groups.models import CharterVersion

METHODS = [Method.CONSENSUS] * 5 + [Method.MAJORITY, Method.TWO_THIRDS, Method.ROUGH_CONSENSUS]
METHODS += [Method.LAZY_CONSENSUS, Method.UNANIMITY]
# The share of decisions that a later one of the same group took back or replaced.
REPLACED = 0.03


@dataclass(slots=True)
class Matter:
    """What is to be decided, and when."""

    at: datetime
    title: str
    charter: CharterVersion | None = None
    work: Deliverable | None = None
    revision: Revision | None = None

    @property
    def is_plain(self) -> bool:
        return not (self.charter or self.revision)


def add(chronicle: Chronicle) -> None:
    matters: list[Matter] = []
    decisions: list[Decision] = []
    written: dict[int, list[Written]] = {}
    for one in chronicle.written:
        written.setdefault(one.work.group_id, []).append(one)
    for number, circle in enumerate(chronicle.circles):
        count = _count(chronicle, number)
        found = _matters(chronicle, circle, count, written.get(circle.group.pk, []))
        found.sort(key=lambda matter: matter.at)
        circle.decisions = [
            _decision(chronicle, circle, place, one) for place, one in enumerate(found, 1)
        ]
        matters += found
        decisions += circle.decisions
    chronicle.save(decisions)
    for matter, decision in zip(matters, decisions, strict=True):
        _tell(chronicle, matter, decision)
    _replace(chronicle)


def _count(chronicle: Chronicle, number: int) -> int:
    most = chronicle.sizes.decisions
    return most if number < 2 else chronicle.dice.randint(0, max(most // 10, 2))


def _matters(
    chronicle: Chronicle, circle: Circle, count: int, written: list[Written]
) -> list[Matter]:
    held = [one for one in circle.meetings if one.state == "held"]
    found = [
        Matter(meeting.ends_at - timedelta(minutes=10), chronicle.dice.choice(texts.DECIDED))
        for meeting in chronicle.dice.choices(held, k=count if held else 0)
    ]
    for charter in circle.charters[1:]:
        if charter.during is not None:
            title = f"Adopt charter {charter.number}"
            found.append(Matter(charter.during.lower, title, charter=charter))
    for one in written:
        for revision, at in one.versions:
            title = approval_title(one.work, revision)
            found.append(Matter(at, title, work=one.work, revision=revision))
    return found


def _decision(chronicle: Chronicle, circle: Circle, number: int, matter: Matter) -> Decision:
    dice = chronicle.dice
    method = dice.choice(METHODS)
    meeting = circle.held_before(matter.at + timedelta(minutes=10))
    text = texts.rendered(texts.paragraph(dice, 2)) if matter.is_plain else None
    uuid = chronicle.uuid(matter.at)  # before the counts: the same seed builds the same
    counts = Tally()
    if method in (Method.MAJORITY, Method.TWO_THIRDS):
        counts = Tally(
            dice.randint(6, 30), dice.randint(0, 2), dice.randint(0, 3), Unit.ORGANIZATIONS
        )
    return build_decision(
        uuid=uuid,
        group=circle.group,
        number=number,
        title=matter.title,
        source=text.source if text else "",
        html=text.html if text else "",
        method=method,
        counts=counts,
        dissent=texts.DISSENT if method == Method.ROUGH_CONSENSUS else "",
        decided_on=today_in(meeting.zone if meeting else circle.secretary.zone, matter.at),
        decided_at=matter.at,
        meeting=meeting,
        charter_version=matter.charter,
        subject=subject_of(matter.revision) if matter.revision else None,
        recorded_by=circle.secretary,
        recorded_at=matter.at,
    )


def _tell(chronicle: Chronicle, matter: Matter, decision: Decision) -> None:
    """The record, the graph and search, as `record_decision` tells them."""
    actor, at = decision.recorded_by, decision.recorded_at
    assert actor
    chronicle.act(DecisionAct.RECORDED, decision, at, actor, **decision_facts(decision))
    if decision.meeting:
        chronicle.link(decision, "taken_at", decision.meeting, at, actor)
    if matter.charter:
        chronicle.link(decision, "adopts", matter.charter, at, actor)
        facts = adoption_facts(decision.group, matter.charter, decision.uuid)
        chronicle.act(CharterAct.ADOPTED, matter.charter, at, actor, **facts)
    if matter.revision and matter.work:
        chronicle.link(decision, "approves", matter.revision, at, actor)
        chronicle.approvals[matter.revision.uuid] = decision
        chronicle.act(
            DeliverableAct.APPROVED,
            matter.work,
            at,
            actor,
            revision=matter.revision.number,
            sha256=matter.revision.sha256,
            decision=decision.uuid,
        )
    chronicle.entries += decision_entries(decision)


def _replace(chronicle: Chronicle) -> None:
    """Some no longer stand: a later plain one of the group took their place."""
    for circle in chronicle.circles:
        simple = [
            one for one in circle.decisions if not (one.charter_version_id or one.subject_uuid)
        ]
        for older, newer in pairwise(simple):
            if older.state != DecisionState.STANDING or not chronicle.happens(REPLACED):
                continue
            is_rescinded = chronicle.happens(0.3)
            older.state = DecisionState.RESCINDED if is_rescinded else DecisionState.SUPERSEDED
            older.replaced_by = newer
            older.save(update_fields=["state", "replaced_by"])
            verb = DecisionAct(older.state.value)
            chronicle.act(verb, older, newer.recorded_at, newer.recorded_by, by=newer.uuid)
            relation = "rescinds" if is_rescinded else "supersedes"
            chronicle.link(newer, relation, older, newer.recorded_at, circle.secretary)
