"""The groups with their seats, offices, charters and milestones; one has ended, one is forming."""

from datetime import date, time, timedelta
from functools import partial

from common.vocabulary.models import FocusArea
from demo.scenario import STEP, Scenario
from demo.tables import Row, rows, text
from members.organizations.choices import RepresentativeRole
from members.organizations.models import Organization
from workinggroups.decisions.actions import record_decision
from workinggroups.decisions.choices import Unit
from workinggroups.decisions.tally import Tally
from workinggroups.groups import actions
from workinggroups.groups.actions.groups import index
from workinggroups.groups.actions.offices import give_office
from workinggroups.groups.actions.seats import seat_person
from workinggroups.groups.choices import (
    Admission,
    CharterState,
    GroupAct,
    MilestoneState,
    MinutesRule,
    OfficeKind,
    ParticipationLevel,
    Quorum,
)
from workinggroups.groups.models import AdmissionRequest, Group, Milestone
from workinggroups.groups.queries import eligible_affiliations
from workinggroups.groups.rules import Rules
from workinggroups.groups.voting_presets import preset_named

SECOND_CHARTER = """
## Changes since the first charter

The registry is part of the scope. Results from outside the alliance are admitted when a member
vouches for them.
"""

OWN_MINUTES = """
## Minutes

The group itself approves the minutes of a meeting, at the next one.
"""

MINUTES_RULES = {"evaluations": MinutesRule.BY_RULE, "languages": MinutesRule.NEXT_MEETING}
VOTING = {"evaluations": "two_thirds_of_cast", "languages": "ieee", "agents": "lazy_consensus"}


def plan(scenario: Scenario) -> None:
    founded = {}
    for row in rows("groups"):
        founded[row["key"]] = int(row["founded"])
        create = _begin_forming if row["key"] == "health" else _create
        scenario.at(scenario.ago(int(row["founded"]), time(10)), partial(create, scenario, row))
    _plan_seats(scenario, founded)
    for row in rows("offices"):
        scenario.at(scenario.ago(212), partial(_appoint, scenario, row))
    for number, row in enumerate(rows("voters")):
        moment = scenario.ago(150, time(9)) + STEP * number
        scenario.at(moment, partial(_name_voters, scenario, row))
    for row in rows("milestones"):
        _plan_milestone(scenario, row)
    scenario.at(scenario.ago(200), partial(_conclude, scenario, "launch"))
    _plan_charters(scenario)
    _plan_requests(scenario)
    scenario.at(scenario.ago(31), partial(_leave, scenario, "evaluations", "pavol"))
    scenario.at(scenario.ago(33), partial(_break_glass, scenario))


def chair_of(group: str) -> str:
    """The key of the person who chairs the group."""
    return next(row["chair"] for row in rows("groups") if row["key"] == group)


def _organization_of(scenario: Scenario, person: str) -> Organization | None:
    return eligible_affiliations(scenario.people[person])[0]


def _create(scenario: Scenario, row: Row) -> None:
    scenario.groups[row["key"]] = actions.create_group(
        actor=scenario.people["delia"],
        name=row["name"],
        kind=row["kind"],
        purpose=row["purpose"],
        focus_area=FocusArea.objects.get(slug=row["area"]),
        listing=row["listing"],
        admission=row["admission"],
        content=row["content"],
        chair=scenario.people[row["chair"]],
        chair_organization=_organization_of(scenario, row["chair"]),
        charter=text("charters", row["key"]),
    )


def _begin_forming(scenario: Scenario, row: Row) -> None:
    """Make a group that has no charter in force yet, which `create_group` cannot leave behind."""
    staff, chair = scenario.people["delia"], scenario.people[row["chair"]]
    group = Group.objects.create(
        slug=row["key"],
        name=row["name"],
        kind=row["kind"],
        purpose=row["purpose"],
        focus_area=FocusArea.objects.get(slug=row["area"]),
        listing=row["listing"],
        admission=row["admission"],
        content=row["content"],
    )
    seat_person(
        actor=staff,
        group=group,
        person=chair,
        organization=_organization_of(scenario, row["chair"]),
        level=ParticipationLevel.PARTICIPANT,
        verb=GroupAct.ADDED,
    )
    give_office(actor=staff, group=group, person=chair, office=OfficeKind.CHAIR)
    actions.draft_charter(actor=chair, group=group, source=text("charters", row["key"]))
    index(group)
    scenario.groups[row["key"]] = group


def _plan_seats(scenario: Scenario, founded: dict[str, int]) -> None:
    """Seat people some days after the group was founded and their organization joined."""
    home = {row["key"]: row["organization"] for row in rows("people")}
    joined = {row["key"]: int(row["joined"]) for row in rows("organizations")}
    for row in rows("seats"):
        group = row["group"]
        for number, person in enumerate(row["people"].split()):
            since = min(founded[group], joined.get(home[person], 999))
            moment = scenario.ago(since - min(3 + 2 * number, 16), time(11)) + STEP * number
            scenario.at(moment, partial(_seat, scenario, group, person, row["level"]))


def _seat(scenario: Scenario, key: str, person: str, level: str) -> None:
    """Seat the person as the group admits people: by joining, by request or by invitation."""
    group, chair = scenario.groups[key], scenario.people[chair_of(key)]
    newcomer = scenario.people[person]
    is_expert = level == ParticipationLevel.EXPERT
    organization = None if is_expert else _organization_of(scenario, person)
    if is_expert or group.admission == Admission.INVITATION:
        actions.add_member(
            actor=chair, group=group, person=newcomer, organization=organization, level=level
        )
        return
    if group.admission == Admission.OPEN:
        actions.join(actor=newcomer, group=group, organization=organization, level=level)
        return
    request = actions.ask_to_join(
        actor=newcomer, group=group, organization=organization, level=level
    )
    actions.approve_request(actor=chair, request=request)


def _appoint(scenario: Scenario, row: Row) -> None:
    actions.appoint(
        actor=scenario.people[chair_of(row["group"])],
        group=scenario.groups[row["group"]],
        person=scenario.people[row["person"]],
        office=row["office"],
    )


def _name_voters(scenario: Scenario, row: Row) -> None:
    """Name who votes for the voter's organization, as its representative.

    All other organizations vote by default, except that the two participants of one organization in
    the group that only its members know of have not chosen.
    """
    organization = _organization_of(scenario, row["voter"])
    assert organization is not None
    primary = organization.representations.current().get(role=RepresentativeRole.PRIMARY)
    actions.name_voters(
        actor=primary.person,
        group=scenario.groups[row["group"]],
        organization=organization,
        voter=scenario.people[row["voter"]],
        alternates=[scenario.people[key] for key in row["alternates"].split()],
    )


def _leave(scenario: Scenario, group: str, person: str) -> None:
    actions.leave(actor=scenario.people[person], group=scenario.groups[group])


def _plan_requests(scenario: Scenario) -> None:
    notes = {
        ("evaluations", "keoni"): "Whales do not read prompts, and our listeners have a method.",
        ("evaluations", "solveig"): "We buy route planners and would like to test them as you do.",
        ("policy", "oksana"): "The ministry asks us the same questions.",
    }
    for days, ((group, person), note) in enumerate(notes.items(), start=1):
        scenario.at(scenario.ago(2 * days, time(9)), partial(_ask, scenario, group, person, note))
    scenario.at(
        scenario.ago(47), partial(_ask, scenario, "chemistry", "alan", "To see what is needed.")
    )
    scenario.at(scenario.ago(44), partial(_decline, scenario, "chemistry", "alan"))


def _ask(scenario: Scenario, group: str, person: str, note: str) -> None:
    actions.ask_to_join(
        actor=scenario.people[person],
        group=scenario.groups[group],
        organization=_organization_of(scenario, person),
        note=note,
    )


def _decline(scenario: Scenario, group: str, person: str) -> None:
    waiting = AdmissionRequest.objects.waiting().get(
        group=scenario.groups[group], person=scenario.people[person]
    )
    actions.decline_request(
        actor=scenario.people[chair_of(group)],
        request=waiting,
        reason="The group works in laboratories. The hardware group is the place for machines.",
    )


def _break_glass(scenario: Scenario) -> None:
    actions.break_glass(
        actor=scenario.people["delia"],
        group=scenario.groups["provenance"],
        reason="A complaint names a post in this group; the committee on conduct asked to see it.",
        minutes=30,
    )


def _plan_charters(scenario: Scenario) -> None:
    scenario.at(scenario.ago(170), partial(_draft_charter, scenario, "languages", OWN_MINUTES))
    scenario.at(scenario.ago(165), partial(_adopt_charter, scenario, "languages", OWN_MINUTES))
    scenario.at(scenario.ago(104), partial(_draft_charter, scenario, "evaluations", SECOND_CHARTER))
    scenario.at(
        scenario.ago(92),
        partial(
            _adopt_charter,
            scenario,
            "evaluations",
            "The registry enters the scope, and minutes become final by themselves.",
        ),
    )
    next_one = "\n## Limits\n\nVersion 1.1 of the manifest names limits of money and of time.\n"
    scenario.at(scenario.ago(8), partial(_draft_charter, scenario, "agents", next_one))


def _draft_charter(scenario: Scenario, key: str, addition: str) -> None:
    preset = preset_named(VOTING[key])
    assert preset
    actions.draft_charter(
        actor=scenario.people[chair_of(key)],
        group=scenario.groups[key],
        source=text("charters", key) + addition,
        rules=Rules(
            quorum=Quorum.MAJORITY,
            notice_days=3,
            correction_days=7,
            minutes_rule=MINUTES_RULES.get(key, MinutesRule.NONE),
            voting=preset.rules,
        ),
        expires_on=(scenario.now + timedelta(days=300)).date(),
    )


def _adopt_charter(scenario: Scenario, key: str, reasons: str) -> None:
    group = scenario.groups[key]
    record_decision(
        actor=scenario.people[chair_of(key)],
        group=group,
        title="Adopt the second charter",
        method="two_thirds",
        counts=Tally(12, 1, 2, Unit.ORGANIZATIONS),
        source=reasons,
        charter_version=group.charters.get(state=CharterState.DRAFT),
    )


def _plan_milestone(scenario: Scenario, row: Row) -> None:
    due, group = int(row["due"]), row["group"]
    due_on = (scenario.now - timedelta(days=due)).date()
    founded = next(int(known["founded"]) for known in rows("groups") if known["key"] == group)
    scenario.at(scenario.ago(founded - 4), partial(_promise, scenario, row, due_on))
    if row["state"] != MilestoneState.PLANNED:
        scenario.at(scenario.ago(due - 3), partial(_settle_milestone, scenario, row))


def _promise(scenario: Scenario, row: Row, due_on: date) -> None:
    actions.add_milestone(
        actor=scenario.people[chair_of(row["group"])],
        group=scenario.groups[row["group"]],
        title=row["title"],
        due_on=due_on,
    )


def _settle_milestone(scenario: Scenario, row: Row) -> None:
    settle = {
        MilestoneState.REACHED.value: actions.reach_milestone,
        MilestoneState.DROPPED.value: actions.drop_milestone,
    }[row["state"]]
    milestone = Milestone.objects.get(group=scenario.groups[row["group"]], title=row["title"])
    settle(actor=scenario.people[chair_of(row["group"])], milestone=milestone)


def _conclude(scenario: Scenario, key: str) -> None:
    actions.conclude_group(
        actor=scenario.people["delia"],
        group=scenario.groups[key],
        reason="What its charter asked for is done.",
        choices={"action_items": "keep", "deliverables": "keep"},
    )
