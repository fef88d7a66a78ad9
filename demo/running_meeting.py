"""A meeting that runs while the demo is loaded and for two hours more, and what the days before left.

In it people have checked in, an item runs, somebody speaks and others wait. Of the last meeting, two
people say that they were there.
"""

from datetime import datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from demo.scenario import Act, Scenario
from workinggroups.groups.models import Seat
from workinggroups.meetings import actions
from workinggroups.meetings.choices import Goal, MinutesState
from workinggroups.meetings.models import Meeting

GROUP, KEEPER, CHAIR = "evaluations", "radek", "mira"
ZONE = "Europe/Stockholm"
BEGAN_MINUTES_AGO = 25
LASTS_MINUTES = 150

AGENDA = (
    ("Notice and roll call", Goal.INFORM, 5, None),
    ("What the twelve repeated results say", Goal.DISCUSS, 20, "elin"),
    ("A limit for spoken answers", Goal.DECIDE, 25, "amos"),
    ("Who runs the tests of the next round", Goal.DECIDE, 30, "joost"),
    ("Comments from outside on the handbook", Goal.DISCUSS, 30, "siobhan"),
    ("Dates until the summer", Goal.INFORM, 10, None),
)
# Who is there, in the order in which they checked in; others of the group are not.
PRESENT = (
    "mira", "radek", "tomas", "joost", "edmund", "siobhan", "elin", "faiz", "priyac", "amos",
    "eitan", "koffi", "lena", "stavros",
)  # fmt: skip
REGRETS = ("kaori", "aylin")
GUESTS = (
    ("Ingrid Vollan", "National Library of Norland"),
    ("Samuel Oyelaran", "Clinic network of Ibarra, as an individual"),
)
NOTES = """\
## 1. Notice and roll call

The chair read the competition-law notice. Two guests were introduced.

## 2. What the twelve repeated results say

Elin: ten of twelve are inside the spread. The two others name another number format than the first result.

decision: A repeated result names the number format of the first.

action: @Elin Qvarnström asks both operators for their settings by {due}

## 3. A limit for spoken answers

Amos: a pause of four seconds is long in Kisumu and short in Tokyo.
"""


def plan(scenario: Scenario) -> None:
    start = scenario.now - timedelta(minutes=BEGAN_MINUTES_AGO)
    start -= timedelta(
        minutes=start.minute % 5, seconds=start.second, microseconds=start.microsecond
    )
    scenario.at(start - timedelta(days=9), partial(_plan, scenario, start))
    scenario.at(scenario.ago(0.9), partial(_say_they_were_there, scenario))


def _plan(scenario: Scenario, start: datetime) -> None:
    keeper, local = scenario.people[KEEPER], start.astimezone(ZoneInfo(ZONE))
    meeting = actions.plan_meeting(
        actor=keeper,
        group=scenario.groups[GROUP],
        title="Working session: repeated results",
        local_date=local.date(),
        local_time=local.time(),
        zone=ZONE,
        duration_minutes=LASTS_MINUTES,
        join_url="https://meet.example/evaluations-session",
    )
    for title, goal, minutes, presenter in AGENDA:
        actions.add_agenda_item(
            actor=keeper,
            meeting=meeting,
            title=title,
            goal=goal,
            minutes=minutes,
            presenter=scenario.people[presenter] if presenter else None,
        )
    scenario.at(
        start - timedelta(days=4), partial(actions.post_agenda, actor=keeper, meeting=meeting)
    )
    for number, person in enumerate((*PRESENT, *REGRETS)):
        answer = partial(
            actions.answer_meeting,
            actor=scenario.people[person],
            meeting=meeting,
            is_coming=person not in REGRETS,
        )
        scenario.at(start - timedelta(days=3, minutes=7 * number), answer)
    for number, person in enumerate(PRESENT):
        come = partial(actions.check_in, actor=scenario.people[person], meeting=meeting)
        scenario.at(start + timedelta(seconds=40 * number - 240), come)
    _plan_course(scenario, meeting, start)


def _plan_course(scenario: Scenario, meeting: Meeting, start: datetime) -> None:
    chair, keeper = scenario.people[CHAIR], scenario.people[KEEPER]
    items = list(meeting.agenda.all())

    def at(minute: float, act: Act) -> None:
        scenario.at(start + timedelta(minutes=minute), act)

    at(1, partial(actions.show_competition_law, actor=chair, meeting=meeting))
    for minute, item in ((0.5, items[0]), (6, items[1]), (19, items[2])):
        at(minute, partial(actions.begin_item, actor=chair, item=item))
    for minute, (name, affiliation) in zip((4, 5), GUESTS, strict=True):
        guest = {"name": name, "affiliation": affiliation}
        at(minute, partial(actions.add_guest, actor=keeper, meeting=meeting, **guest))
    for minute, person in ((9, "tomas"), (10, "priyac"), (20, "tomas"), (21, "lena"), (22, "faiz")):
        at(minute, partial(actions.raise_hand, actor=scenario.people[person], meeting=meeting))
    for minute in (11, 14, 23):
        at(minute, partial(_call_next, scenario, meeting))
    at(18, partial(_end_turn, scenario, meeting))
    at(24, partial(_take_notes, scenario, meeting))


def _call_next(scenario: Scenario, meeting: Meeting) -> None:
    current = meeting.speakers.speaking().first()
    actions.call_next(
        actor=scenario.people[CHAIR], meeting=meeting, after=current.uuid if current else None
    )


def _end_turn(scenario: Scenario, meeting: Meeting) -> None:
    for current in meeting.speakers.speaking():
        actions.close_request(actor=scenario.people[CHAIR], request=current)


def _take_notes(scenario: Scenario, meeting: Meeting) -> None:
    due = (scenario.now + timedelta(days=12)).date().isoformat()
    source = NOTES.format(due=due)
    actions.save_notes(actor=scenario.people[KEEPER], meeting=meeting, base=0, source=source)


def _say_they_were_there(scenario: Scenario) -> None:
    """Two people whom the roll of the last meeting misses, of which one is answered."""
    past = Meeting.objects.filter(group=scenario.groups[GROUP]).past()
    last = past.exclude(minutes_state=MinutesState.APPROVED)[0]
    keeper = scenario.people[KEEPER]
    present = last.attendance.present().values("person")
    seats = Seat.objects.filter(group=last.group).exclude(person__in=present)
    missed = [scenario.people_by_pk[seat.person_id] for seat in seats.order_by("person_id")[:2]]
    for person in missed:
        actions.claim_attendance(actor=person, meeting=last)
    if len(missed) > 1:
        claim = last.claims.get(person=missed[0])
        actions.answer_claim(actor=keeper, claim=claim, is_confirmed=True)
