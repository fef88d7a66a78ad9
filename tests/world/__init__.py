"""One fixed world: every kind of group with every kind of person, for whatever walks all of them.

The permission matrix, the journeys and the pictures of pages use it. The same people have the same
place in each of the four groups, so that a group's kind is all that differs.
"""

from dataclasses import dataclass, field
from typing import Any

from common.times import between
from members.organizations.models import Organization
from members.people.models import Person
from tests import factories
from tests.world.group_content import things_of
from tests.world.shared import shared_things
from workinggroups.groups.models import Group

GROUPS = {
    "open": "Open Tools",
    "listed": "Trust Benchmarks",
    "closed": "Policy Drafting",
    "secret": "Incident Response",
}


@dataclass
class World:
    """The cast and the things by name: `world.people["chair"]`, `world.groups["secret"]`."""

    people: dict[str, Person] = field(default_factory=dict)
    organizations: dict[str, Organization] = field(default_factory=dict)
    groups: dict[str, Group] = field(default_factory=dict)
    # What the rooms keep in each kind of group: `world.things["secret"]["charter"]`.
    things: dict[str, dict[str, Any]] = field(default_factory=dict)
    # What belongs to no group.
    shared: dict[str, Any] = field(default_factory=dict)


def build_world() -> World:
    """Every row of the world, in the database of the caller's test."""
    world = World()
    _organizations(world)
    _people(world)
    for preset, name in GROUPS.items():
        _group(world, preset, name)
    world.shared = shared_things(world.people, world.organizations)
    return world


def _organizations(world: World) -> None:
    world.organizations["aurora"] = factories.organization(
        "Aurora Labs", kind="company", country="CH"
    )
    world.organizations["borealis"] = factories.organization(
        "Borealis University", kind="university", country="NO"
    )
    world.organizations["lapsed"] = factories.organization(
        "Lapsed Systems", kind="company", country="BR", status="suspended"
    )


def _people(world: World) -> None:
    people, aurora = world.people, world.organizations["aurora"]
    for actor, name in {
        "ex_member": "Eske Exmember",
        "representative": "Rana Representative",
        "observer": "Ola Observer",
        "member": "Mira Member",
        "editor": "Edda Editor",
        "secretary": "Sefa Secretary",
        "co_chair": "Cora Cochair",
        "chair": "Chiara Chair",
    }.items():
        people[actor] = factories.member_of(aurora, name, email=f"{actor}@people.example")
    factories.represent(people["representative"], aurora)
    borealis = world.organizations["borealis"]
    people["outsider"] = factories.member_of(borealis, "Odo Outsider")
    people["passwordless"] = factories.member_of(borealis, "Pia Passwordless", password=False)
    people["suspended"] = factories.member_of(world.organizations["lapsed"], "Sun Suspended")
    people["individual"] = factories.person("Ines Individual")
    factories.membership(person=people["individual"])
    people["applicant"] = factories.person("Aki Applicant")
    people["staff"] = factories.person("Sade Staff", staff=True)
    people["break_glass"] = factories.person("Bengt Breakglass", staff=True)
    world.groups["other"] = factories.group("Another Group", chair=people["outsider"])
    for actor in ("ex_member", "passwordless"):
        factories.seat(world.groups["other"], people[actor])


def _group(world: World, preset: str, name: str) -> None:
    people = world.people
    group = factories.group(name, preset=preset, chair=people["chair"])
    factories.seat(group, people["co_chair"], office="co_chair")
    factories.seat(group, people["secretary"], office="secretary")
    factories.seat(group, people["member"])
    factories.seat(group, people["editor"])
    factories.seat(group, people["observer"], level="observer")
    factories.seat(group, people["suspended"])
    factories.seat(
        group,
        people["ex_member"],
        during=between(factories.ago(days=300), factories.ago(days=20)),
    )
    factories.break_glass(group, people["break_glass"])
    waiting = factories.member_of(world.organizations["borealis"], f"Wanja Waiting {preset}")
    newcomer = factories.member_of(world.organizations["borealis"], f"Nora Newcomer {preset}")
    charter = factories.charter(group, author=people["chair"])
    draft = factories.charter(group, state="draft", author=people["chair"])
    if group.admission == "request":
        factories.admission_request(group, people["individual"])
    world.groups[preset] = group
    readers = {"level": group.content_level, "owner": people["member"]}
    item = factories.action_item(group, **readers)
    world.things[preset] = {
        "group": group,
        "charter": charter,
        "draft": draft,
        "draft_read_at": draft.edited_at.isoformat(),
        "milestone": factories.milestone(group),
        "request": factories.admission_request(group, waiting),
        "newcomer": newcomer,
        "voter": factories.voter(group, people["member"], world.organizations["aurora"]),
        "group_invitation": factories.group_invitation(
            group, people["outsider"].email, people["chair"]
        ),
        "action_item": item,
        "item_comment": factories.action_item_comment(item, author=people["member"]),
        "hidden_item_comment": factories.action_item_comment(
            item,
            author=people["member"],
            hidden_at=factories.ago(days=1),
            hidden_by=people["chair"],
            hidden_reason="It names a person.",
        ),
        **things_of(group, people),
        "done_item": factories.action_item(
            group, state="done", closed_at=factories.ago(days=1), **readers
        ),
    }
