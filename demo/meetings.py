"""The meetings: planned, prepared, held and minuted, with their decisions and action items."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from demo import agendas
from demo.groups import chair_of
from demo.scenario import Scenario
from demo.tables import Decided, Matter, Row, matters, rows
from workinggroups.decisions.actions import record_decision
from workinggroups.decisions.choices import Unit
from workinggroups.decisions.markers import SourceMarker
from workinggroups.decisions.models import Decision
from workinggroups.decisions.tally import Tally
from workinggroups.groups.actions import (
    close_action_item,
    create_action_item,
    drop_action_item,
)
from workinggroups.groups.models import ActionItem, Seat
from workinggroups.meetings import actions
from workinggroups.meetings.choices import CorrectionAnswer, Frequency, Goal, InSeries, MeetingState
from workinggroups.meetings.markers import MarkerKind, markers_in
from workinggroups.meetings.models import Meeting
from workinggroups.meetings.transcripts import Cue

HOUSEKEEPING = "Minutes of the last meeting and open action items"
# Who proposes what for the next call: title, wished minutes and text.
PROPOSED = [
    (
        "elin",
        "What laboratories need to repeat a run",
        10,
        "Three laboratories asked for the **seed** and the version of the driver. Do we require both?",
    ),
    ("priyac", "Names of languages in the registry", 15, "Codes or names? The lists differ."),
    (
        "tomas",
        "A date for the first comparison of results",
        15,
        "We have eleven results. I suggest that we\n\n- agree on a day in spring\n- say who writes the "
        "text around the numbers",
    ),
]
# Of so many action items one stays open past its day, and one is dropped.
LATE_ONE_IN = 7
DROPPED_ONE_IN = 17


@dataclass
class Held:
    """One meeting of the table's series: when it starts and what it deals with."""

    row: Row
    starts_at: datetime
    matters: list[Matter]
    # 0 for the latest that is over, 1 for the one before.
    age: int = 0

    @property
    def group(self) -> str:
        return self.row["group"]

    @property
    def local(self) -> datetime:
        return self.starts_at.astimezone(ZoneInfo(self.row["zone"]))

    @property
    def ends_at(self) -> datetime:
        return self.starts_at + timedelta(minutes=int(self.row["minutes"]))


def plan(scenario: Scenario) -> None:
    for row in rows("series"):
        past, coming, skipped = _dates(scenario, row)
        scenario.at(
            past[0] - timedelta(days=16), partial(_plan_series, scenario, row, past[0], skipped)
        )
        shares = _shares(matters(row["group"]), len(past))
        for age, starts_at in enumerate(reversed(past)):
            held = Held(row, starts_at, shares[len(past) - 1 - age], age)
            scenario.at(starts_at - timedelta(days=15), partial(_hold, scenario, held))
        for number, starts_at in enumerate(coming):
            held = Held(row, starts_at, matters(row["group"])[-1:])
            moment = scenario.ago(13 - 3 * number, time(7)) + timedelta(minutes=len(row["title"]))
            scenario.at(moment, partial(_prepare, scenario, held, number))
    scenario.at(scenario.ago(20), partial(_supersede, scenario))
    scenario.at(scenario.ago(26), partial(_rescind, scenario))
    scenario.at(scenario.ago(30), partial(_hand_out, scenario, HANDED_OUT_EARLY))
    scenario.at(scenario.ago(4), partial(_hand_out, scenario, HANDED_OUT))


def _plan_series(scenario: Scenario, row: Row, first: datetime, skipped: list[date]) -> None:
    actions.plan_series(
        actor=scenario.people[row["keeper"]],
        group=scenario.groups[row["group"]],
        title=row["title"],
        first_on=first.astimezone(ZoneInfo(row["zone"])).date(),
        local_time=time.fromisoformat(row["time"]),
        zone=row["zone"],
        duration_minutes=int(row["minutes"]),
        join_url=f"https://meet.example/{row['group']}",
        frequency=Frequency.WEEKLY,
        interval=int(row["every"]) // 7,
        skipped=[(day, "Public holiday") for day in skipped],
    )


def _dates(scenario: Scenario, row: Row) -> tuple[list[datetime], list[datetime], list[date]]:
    """The starts that are over, the next ones, and days to skip, by the clocks of the zone."""
    hour, zone = time.fromisoformat(row["time"]), ZoneInfo(row["zone"])
    day = (scenario.now - timedelta(days=int(row["first"]))).date()
    day += timedelta(days=(int(row["weekday"]) - day.weekday()) % 7)
    past: list[datetime] = []
    coming: list[datetime] = []
    skipped: list[date] = []
    while len(coming) < int(row["coming"]):
        starts_at = datetime.combine(day, hour, zone).astimezone(UTC)
        # A meeting of today is neither over nor still to be prepared.
        if starts_at < scenario.now - timedelta(hours=30):
            past.append(starts_at)
        elif starts_at > scenario.now + timedelta(hours=12):
            coming.append(starts_at)
        else:
            skipped.append(day)
        day += timedelta(days=int(row["every"]))
    return past, coming, skipped


def _shares(all_of: list[Matter], count: int) -> list[list[Matter]]:
    """The matters in order over so many meetings, the latest of which has at least one."""
    shares: list[list[Matter]] = [[] for _ in range(count)]
    for number, matter in enumerate(all_of):
        shares[min(number * count // len(all_of), count - 1)].append(matter)
    if not shares[-1]:
        shares[-1].append(all_of[-1])
    return shares


def _prepare_agenda(scenario: Scenario, held: Held) -> Meeting:
    row, keeper = held.row, scenario.people[held.row["keeper"]]
    actions.extend_series()
    meeting = Meeting.objects.get(
        series__group=scenario.groups[held.group],
        in_series=InSeries.DATE,
        title=row["title"],
        local_date=held.local.date(),
    )
    share = max((int(row["minutes"]) - 10) // max(len(held.matters), 1), 5)
    actions.add_agenda_item(
        actor=keeper, meeting=meeting, title=HOUSEKEEPING, goal=Goal.INFORM, minutes=10
    )
    for matter in held.matters:
        actions.add_agenda_item(
            actor=keeper,
            meeting=meeting,
            title=matter.title,
            goal=Goal.DECIDE if matter.decisions else Goal.DISCUSS,
            minutes=share,
            presenter=scenario.people[matter.actions[0].person] if matter.actions else None,
        )
    return meeting


def _prepare(scenario: Scenario, held: Held, number: int) -> None:
    """A meeting that is to come: the next with its agenda posted, later ones moved or cancelled."""
    keeper = scenario.people[held.row["keeper"]]
    meeting = _prepare_agenda(scenario, held)
    writers = [seat for seat in _seats(meeting) if seat.level != "observer" and not seat.read_only]
    for place, seat in enumerate(writers[:6]):
        person = scenario.people_by_pk[seat.person_id]
        actions.answer_meeting(actor=person, meeting=meeting, is_coming=place % 4 != 3)
    if number == 0:
        agendas.add_papers(keeper, meeting)
        agendas.carry_over(keeper, meeting)
        _propose(scenario, held, meeting)
        actions.post_agenda(actor=keeper, meeting=meeting)
    elif number == 1 and held.group in {"evaluations", "languages"}:
        actions.change_meeting(
            actor=keeper,
            meeting=meeting,
            sequence=meeting.sequence,
            title=meeting.title,
            local_date=meeting.local_date + timedelta(days=1),
            local_time=meeting.local_time,
            zone=meeting.zone,
            duration_minutes=meeting.duration_minutes,
            join_url=meeting.join_url,
        )
    elif number == 2:
        actions.cancel_meeting(
            actor=keeper, meeting=meeting, reason="Half of the group travels that week."
        )


def _propose(scenario: Scenario, held: Held, meeting: Meeting) -> None:
    """Items that people propose: one is accepted, one declined, and one waits for an answer."""
    if held.group != "evaluations":
        return
    keeper = scenario.people[held.row["keeper"]]
    accepted, declined, _waiting = (
        actions.propose_item(
            actor=scenario.people[person], meeting=meeting, title=title, minutes=minutes, text=words
        )
        for person, title, minutes, words in PROPOSED
    )
    actions.accept_proposal(
        actor=keeper,
        proposal=accepted,
        version=accepted.version,
        goal=Goal.DISCUSS,
        minutes=10,
        presenter=accepted.author,
    )
    actions.decline_proposal(
        actor=keeper,
        proposal=declined,
        reason="The languages group has this on its agenda. Please come to its next call.",
    )


def _seats(meeting: Meeting) -> list[Seat]:
    return list(Seat.objects.filter(group=meeting.group_id).order_by("person_id"))


def _hold(scenario: Scenario, held: Held) -> None:
    meeting = _prepare_agenda(scenario, held)
    keeper = scenario.people[held.row["keeper"]]
    scenario.at(
        held.starts_at - timedelta(days=4),
        partial(actions.post_agenda, actor=keeper, meeting=meeting),
    )
    if held.age <= 1:
        agendas.add_papers(keeper, meeting)
    if held.age == 0:
        agendas.plan_run(scenario, keeper, meeting)
    scenario.at(held.ends_at, partial(_attend, scenario, held, meeting))
    scenario.at(held.ends_at + timedelta(minutes=5), partial(_write_notes, scenario, held, meeting))
    scenario.at(
        held.ends_at + timedelta(hours=2), partial(_record_decisions, scenario, held, meeting)
    )
    offer = partial(actions.offer_minutes, actor=keeper, meeting=meeting, correction_days=7)
    if held.age or held.group != "evaluations":
        scenario.at(held.ends_at + timedelta(hours=21), offer)
    if held.age == 1 and held.group in {"evaluations", "education"}:
        # Draft minutes in which somebody saw a mistake wait for its answer.
        scenario.at(held.ends_at + timedelta(hours=25), partial(_find_mistake, scenario, meeting))
    elif held.age:
        if held.group == "evaluations" and held.age == 2:
            scenario.at(
                held.ends_at + timedelta(hours=20),
                partial(_keep_recording, scenario, held, meeting),
            )
        if held.group == "evaluations" and held.age in {2, 4}:
            asked_at = held.ends_at + timedelta(hours=25)
            scenario.at(asked_at, partial(_find_mistake, scenario, meeting))
            scenario.at(
                asked_at + timedelta(hours=6), partial(_answer_mistake, scenario, held, meeting)
            )
        scenario.at(held.ends_at + timedelta(days=8), partial(_approve, scenario, held, meeting))


def _attend(scenario: Scenario, held: Held, meeting: Meeting) -> None:
    """About four of five were there, others each time."""
    actions.number_begun_meetings()
    meeting.refresh_from_db()
    people = [seat.person_id for seat in _seats(meeting)]
    keeper = scenario.people[held.row["keeper"]]
    always = {keeper.pk, scenario.people[chair_of(held.group)].pk}
    present = [
        pk
        for place, pk in enumerate(people)
        if pk in always or (place * 7 + (meeting.number or 0) * 3) % 5
    ]
    actions.record_attendance(actor=keeper, meeting=meeting, roster=people, present=present)


def _write_notes(scenario: Scenario, held: Held, meeting: Meeting) -> None:
    """Save the opening, then the whole notes: two revisions, as people save."""
    keeper = scenario.people[held.row["keeper"]]
    opening = (
        f"The chair opened the meeting and read the competition-law notice.\n\n"
        f"## 1. {HOUSEKEEPING}\n\nThe minutes stand as they are."
    )
    first = actions.save_notes(actor=keeper, meeting=meeting, base=0, source=opening)
    parts = [opening]
    for number, matter in enumerate(held.matters, start=2):
        lines = [f"## {number}. {matter.title}", "", matter.discussion]
        lines += [f"\ndecision: {decision.title}." for decision in matter.decisions]
        for promised in matter.actions:
            due = (held.starts_at + timedelta(days=promised.days)).date()
            owner = scenario.people[promised.person]
            lines.append(f"\naction: @{owner}: {promised.text} by {due.isoformat()}")
        parts.append("\n".join(lines))
    actions.save_notes(actor=keeper, meeting=meeting, base=first.number, source="\n\n".join(parts))
    for item in ActionItem.objects.filter(source_uuid=meeting.uuid).order_by("number"):
        _plan_end(scenario, item)


def _plan_end(scenario: Scenario, item: ActionItem) -> None:
    """Most items are done a day before they are due; some stay late, a few are dropped."""
    owner, due_on = item.owner, item.due_on
    # Drawn from the words, so that every load draws the same.
    lot = sum(map(ord, item.text))
    if owner is None or due_on is None or lot % LATE_ONE_IN == 0:
        return
    end = drop_action_item if lot % DROPPED_ONE_IN == 0 else close_action_item
    moment = datetime.combine(due_on, time(16), UTC) - timedelta(days=1)
    scenario.at(moment, partial(end, actor=owner, item=item))


def _record_decisions(scenario: Scenario, held: Held, meeting: Meeting) -> None:
    """Record the decision of each decision marker in the notes."""
    keeper = scenario.people[held.row["keeper"]]
    decided = {f"{one.title}.": one for matter in held.matters for one in matter.decisions}
    meeting.refresh_from_db()
    latest = meeting.notes.latest("number")
    for marker in markers_in(latest.source):
        if marker.kind != MarkerKind.DECISION or marker.reference:
            continue
        how = decided[marker.text]
        record_decision(
            actor=keeper,
            group=scenario.groups[held.group],
            title=how.title,
            method=how.method,
            outcome=how.outcome,
            counts=_counts(how),
            dissent=how.dissent,
            decided_at=held.ends_at,
            meeting=meeting,
            marker=SourceMarker(latest, marker),
        )


def _counts(how: Decided) -> Tally:
    if not how.counts:
        return Tally()
    votes_for, against, abstained = (int(part) for part in how.counts.split("-"))
    return Tally(votes_for, against, abstained, Unit.ORGANIZATIONS)


def _find_mistake(scenario: Scenario, meeting: Meeting) -> None:
    somebody = scenario.people_by_pk[_seats(meeting)[-1].person_id]
    actions.ask_for_correction(
        actor=somebody, meeting=meeting, text="I was there until the end, not until half past."
    )


def _keep_recording(scenario: Scenario, held: Held, meeting: Meeting) -> None:
    """A link and a transcript, to which those present agreed."""
    keeper = scenario.people[held.row["keeper"]]
    chair = scenario.people[chair_of(held.group)]
    actions.note_consent(
        actor=keeper,
        meeting=meeting,
        consent="The chair asked at the beginning, and nobody objected.",
        delete_on=(scenario.now + timedelta(days=60)).date(),
    )
    actions.add_recording(
        actor=keeper, meeting=meeting, url=f"https://video.example/{held.group}/{meeting.number}"
    )
    lines = [
        f"Good afternoon. We begin with {HOUSEKEEPING.lower()}.",
        "No objections, so we go on.",
    ]
    lines += [matter.discussion for matter in held.matters]
    cues = [
        Cue(number * 42_000, number * 42_000 + 40_000, speaker.name, line)
        for number, (speaker, line) in enumerate(
            zip([chair, keeper] * len(lines), lines, strict=False)
        )
    ]
    actions.add_transcript(actor=keeper, meeting=meeting, cues=cues)


def _answer_mistake(scenario: Scenario, held: Held, meeting: Meeting) -> None:
    """Take up the correction of one meeting, with a new text, and decline that of another."""
    keeper = scenario.people[held.row["keeper"]]
    meeting.refresh_from_db()
    asked = meeting.corrections.unanswered().get()
    if held.age == 4:
        actions.answer_correction(
            actor=keeper,
            correction=asked,
            answer=CorrectionAnswer.DECLINED,
            note="The list of who was there has no times, so there is nothing to change.",
        )
        return
    latest = meeting.notes.latest("number")
    source = f"{latest.source}\n\nEverybody who was present stayed until the end."
    actions.save_notes(actor=keeper, meeting=meeting, base=latest.number, source=source)
    actions.answer_correction(
        actor=keeper,
        correction=asked,
        answer=CorrectionAnswer.TAKEN_UP,
        note="The last line now says so.",
    )


def _approve(scenario: Scenario, held: Held, meeting: Meeting) -> None:
    """Approve the minutes as the charter says: by its rule, at the next meeting, or by the chair."""
    meeting.refresh_from_db()
    chair = scenario.people[chair_of(held.group)]
    if meeting.becomes_final_by_rule:
        actions.make_due_final()
    elif meeting.is_for_next_meeting:
        moment = held.ends_at + timedelta(days=int(held.row["every"]), minutes=30)
        scenario.at(moment, partial(_approve_at_next, scenario, held, meeting))
    else:
        actions.approve_minutes(actor=chair, meeting=meeting, seen=meeting.notes_count)
    if held.age == 3 and Meeting.objects.get(pk=meeting.pk).is_approved:
        actions.note_correction(
            actor=chair,
            meeting=meeting,
            text="The date of the next call is that of the calendar, not the one in the text.",
        )


def _approve_at_next(scenario: Scenario, held: Held, meeting: Meeting) -> None:
    later = Meeting.objects.filter(group=meeting.group_id, starts_at__gt=meeting.starts_at)
    begun = later.filter(starts_at__lt=scenario.moment).exclude(state=MeetingState.CANCELLED)
    next_meeting = begun.order_by("starts_at").first()
    if next_meeting is not None:
        actions.approve_at_meeting(
            actor=scenario.people[held.row["keeper"]],
            meeting=meeting,
            at=next_meeting,
            seen=meeting.notes_count,
        )


def _supersede(scenario: Scenario) -> None:
    group = scenario.groups["evaluations"]
    record_decision(
        actor=scenario.people["mira"],
        group=group,
        title="Results from outside need a member or an accredited laboratory that vouches",
        method="two_thirds",
        counts=Tally(10, 2, 0, Unit.ORGANIZATIONS),
        source="Two accredited laboratories asked; nothing is gained by sending them to a member.",
        dissent="One member would rather have waited for the first hundred results.",
        replaces=Decision.objects.get(group=group, title__startswith="Results from outside"),
    )


def _rescind(scenario: Scenario) -> None:
    group = scenario.groups["hardware"]
    record_decision(
        actor=scenario.people["caro"],
        group=group,
        title="Take back: the report covers eleven models, fixed for a year",
        method="consensus",
        source="Two of the eleven are no longer to be had. The list is read again each month.",
        replaces=Decision.objects.get(group=group, title__startswith="The report covers"),
        rescinds=True,
    )


# Work that did not come from a meeting, so that the cast has something to do: who, what, and how many
# days from today on it is due.
HANDED_OUT = (
    ("tomas", "Try the form of the stack on one result of your own", 1),
    ("tomas", "Read the six comments on spoken assistants", 6),
    ("mira", "Ask the three offices whether they may be named", -2),
    ("priyac", "Check the registry's draft for what it tells of small operators", 12),
)
# A week late and two weeks late. The owner was reminded yesterday, of the second one the chairs too.
HANDED_OUT_EARLY = (
    ("tomas", "Write up why two laboratories count failed runs differently", -8),
    ("tomas", "Ask the archive for the minutes of the founding meeting", -15),
)


def _hand_out(scenario: Scenario, work: Sequence[tuple[str, str, int]]) -> None:
    today: date = scenario.now.date()
    for owner, text, days in work:
        create_action_item(
            actor=scenario.people["joost"],
            group=scenario.groups["evaluations"],
            text=text,
            owners=[scenario.people[owner]],
            due_on=today + timedelta(days=days),
        )
