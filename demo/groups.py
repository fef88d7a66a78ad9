"""The groups: founded, joined, chaired; their charters and milestones; one ends, one is forming."""

from datetime import date, time, timedelta
from functools import partial

from common.vocabulary.models import FocusArea
from demo.story import STEP, Story
from demo.tables import Row, rows, text
from members.organizations.models import Organization
from workinggroups.decisions.actions import record_decision
from workinggroups.decisions.tally import Tally
from workinggroups.groups import actions
from workinggroups.groups.actions.groups import index
from workinggroups.groups.actions.offices import give_office
from workinggroups.groups.actions.participation import seat_person
from workinggroups.groups.choices import (
    Admission,
    CharterState,
    MilestoneState,
    OfficeKind,
    ParticipationLevel,
)
from workinggroups.groups.models import AdmissionRequest, Group, Milestone
from workinggroups.groups.queries import ways_in

SECOND_CHARTER = """
## Changes since the first charter

The registry is part of the scope. Results from outside the alliance are admitted when a member
vouches for them.
"""


def plan(story: Story) -> None:
    founded = {}
    for row in rows("groups"):
        founded[row["key"]] = int(row["founded"])
        found = _begin_forming if row["key"] == "health" else _found
        story.at(story.ago(int(row["founded"]), time(10)), partial(found, story, row))
    _plan_seats(story, founded)
    for row in rows("offices"):
        story.at(story.ago(212), partial(_appoint, story, row))
    for row in rows("milestones"):
        _plan_milestone(story, row)
    story.at(story.ago(200), partial(_conclude, story, "launch"))
    _plan_charters(story)
    _plan_requests(story)
    story.at(story.ago(31), partial(_leave, story, "evaluations", "pavol"))
    story.at(story.ago(33), partial(_break_glass, story))


def chair_of(group: str) -> str:
    """The key of the person who chairs the group."""
    return next(row["chair"] for row in rows("groups") if row["key"] == group)


def _way(story: Story, person: str) -> Organization | None:
    return ways_in(story.people[person])[0]


def _found(story: Story, row: Row) -> None:
    story.groups[row["key"]] = actions.create_group(
        actor=story.people["delia"],
        name=row["name"],
        kind=row["kind"],
        purpose=row["purpose"],
        focus_area=FocusArea.objects.get(slug=row["area"]),
        listing=row["listing"],
        admission=row["admission"],
        content=row["content"],
        chair=story.people[row["chair"]],
        chair_organization=_way(story, row["chair"]),
        charter=text("charters", row["key"]),
    )


def _begin_forming(story: Story, row: Row) -> None:
    """A group without a charter in force, as `create_group` leaves none: made of its parts."""
    staff, chair = story.people["delia"], story.people[row["chair"]]
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
        organization=_way(story, row["chair"]),
        level=ParticipationLevel.PARTICIPANT,
        verb="added",
    )
    give_office(actor=staff, group=group, person=chair, office=OfficeKind.CHAIR)
    actions.draft_charter(actor=chair, group=group, source=text("charters", row["key"]))
    index(group)
    story.groups[row["key"]] = group


# --- people ------------------------------------------------------------------------------------


def _plan_seats(story: Story, founded: dict[str, int]) -> None:
    """Everybody comes in some days after the group was founded and their organization joined."""
    home = {row["key"]: row["organization"] for row in rows("people")}
    joined = {row["key"]: int(row["joined"]) for row in rows("organizations")}
    for row in rows("seats"):
        group = row["group"]
        for number, person in enumerate(row["people"].split()):
            since = min(founded[group], joined.get(home[person], 999))
            moment = story.ago(since - min(3 + 2 * number, 16), time(11)) + STEP * number
            story.at(moment, partial(_seat, story, group, person, row["level"]))


def _seat(story: Story, key: str, person: str, level: str) -> None:
    """By the way the group admits: one joins, asks, or is named by the chair."""
    group, chair = story.groups[key], story.people[chair_of(key)]
    newcomer = story.people[person]
    if level == ParticipationLevel.EXPERT or group.admission == Admission.INVITATION:
        organization = None if level == ParticipationLevel.EXPERT else _way(story, person)
        actions.add_member(
            actor=chair, group=group, person=newcomer, organization=organization, level=level
        )
        return
    way = _way(story, person)
    if group.admission == Admission.OPEN:
        actions.join(actor=newcomer, group=group, organization=way, level=level)
        return
    asked = actions.ask_to_join(actor=newcomer, group=group, organization=way, level=level)
    actions.approve_request(actor=chair, request=asked)


def _appoint(story: Story, row: Row) -> None:
    actions.appoint(
        actor=story.people[chair_of(row["group"])],
        group=story.groups[row["group"]],
        person=story.people[row["person"]],
        office=row["office"],
    )


def _leave(story: Story, group: str, person: str) -> None:
    actions.leave(actor=story.people[person], group=story.groups[group])


def _plan_requests(story: Story) -> None:
    notes = {
        ("evaluations", "keoni"): "Whales do not read prompts, and our listeners have a method.",
        ("evaluations", "solveig"): "We buy route planners and would like to test them as you do.",
        ("policy", "oksana"): "The ministry asks us the same questions.",
    }
    for days, ((group, person), note) in enumerate(notes.items(), start=1):
        story.at(story.ago(2 * days, time(9)), partial(_ask, story, group, person, note))
    story.at(story.ago(47), partial(_ask, story, "chemistry", "alan", "To see what is needed."))
    story.at(story.ago(44), partial(_decline, story, "chemistry", "alan"))


def _ask(story: Story, group: str, person: str, note: str) -> None:
    actions.ask_to_join(
        actor=story.people[person],
        group=story.groups[group],
        organization=_way(story, person),
        note=note,
    )


def _decline(story: Story, group: str, person: str) -> None:
    waiting = AdmissionRequest.objects.waiting().get(
        group=story.groups[group], person=story.people[person]
    )
    actions.decline_request(
        actor=story.people[chair_of(group)],
        request=waiting,
        reason="The group works in laboratories. The hardware group is the place for machines.",
    )


def _break_glass(story: Story) -> None:
    actions.break_glass(
        actor=story.people["delia"],
        group=story.groups["provenance"],
        reason="A complaint names a post in this group; the committee on conduct asked to see it.",
        minutes=30,
    )


# --- charters, milestones and the end ------------------------------------------------------------


def _plan_charters(story: Story) -> None:
    story.at(story.ago(104), partial(_draft_charter, story, "evaluations", SECOND_CHARTER))
    story.at(story.ago(92), partial(_adopt_charter, story, "evaluations"))
    next_one = "\n## Limits\n\nVersion 1.1 of the manifest names limits of money and of time.\n"
    story.at(story.ago(8), partial(_draft_charter, story, "agents", next_one))


def _draft_charter(story: Story, key: str, addition: str) -> None:
    actions.draft_charter(
        actor=story.people[chair_of(key)],
        group=story.groups[key],
        source=text("charters", key) + addition,
        expires_on=(story.now + timedelta(days=300)).date(),
    )


def _adopt_charter(story: Story, key: str) -> None:
    group = story.groups[key]
    record_decision(
        actor=story.people[chair_of(key)],
        group=group,
        title="Adopt the second charter",
        method="two_thirds",
        counts=Tally(12, 1, 2),
        source="The registry enters the scope; nothing else changes.",
        charter_version=group.charters.get(state=CharterState.DRAFT),
    )


def _plan_milestone(story: Story, row: Row) -> None:
    due, group = int(row["due"]), row["group"]
    due_on = (story.now - timedelta(days=due)).date()
    founded = next(int(known["founded"]) for known in rows("groups") if known["key"] == group)
    story.at(story.ago(founded - 4), partial(_promise, story, row, due_on))
    if row["state"] != MilestoneState.PLANNED:
        story.at(story.ago(due - 3), partial(_settle_milestone, story, row))


def _promise(story: Story, row: Row, due_on: date) -> None:
    actions.add_milestone(
        actor=story.people[chair_of(row["group"])],
        group=story.groups[row["group"]],
        title=row["title"],
        due_on=due_on,
    )


def _settle_milestone(story: Story, row: Row) -> None:
    settle = {
        MilestoneState.REACHED.value: actions.reach_milestone,
        MilestoneState.DROPPED.value: actions.drop_milestone,
    }[row["state"]]
    milestone = Milestone.objects.get(group=story.groups[row["group"]], title=row["title"])
    settle(actor=story.people[chair_of(row["group"])], milestone=milestone)


def _conclude(story: Story, key: str) -> None:
    actions.conclude_group(actor=story.people["delia"], group=story.groups[key])
