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
from tests.factories import works
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
    # What the rooms add: `world.things["secret"]["charter"]`.
    things: dict[str, dict[str, Any]] = field(default_factory=dict)


def build_world() -> World:
    """Every row of the world, in the database of the caller's test."""
    world = World()
    _organizations(world)
    _people(world)
    entry = works.outside_entry(world.people["staff"])
    for preset, name in GROUPS.items():
        _group(world, preset, name)
        world.things[preset]["outside_entry"] = entry
    _members(world)
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
    factories.application(people["applicant"])
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
    world.things[preset] = {
        "site_text": "privacy",
        "group": group,
        "charter": charter,
        "draft": draft,
        "draft_read_at": draft.edited_at.isoformat(),
        "milestone": factories.milestone(group),
        "request": factories.admission_request(group, waiting),
        "newcomer": newcomer,
        "action_item": factories.action_item(group, **readers),
        "done_item": factories.action_item(
            group, state="done", closed_at=factories.ago(days=1), **readers
        ),
        **works.everywhere(group, people["chair"], people["editor"], people["member"]),
    }


def _members(world: World) -> None:
    """What stands around Aurora Labs and on the way in; the same beside every group."""
    people, aurora = world.people, world.organizations["aurora"]
    staff = people["staff"]
    membership_text = factories.agreement("membership")
    factories.acceptance(membership_text, people["representative"], aurora)
    applicant = people["applicant"]
    things = {
        "organizations": world.organizations,
        "affiliation": aurora.affiliations.get(person=people["member"]),
        "representation": aurora.representations.get(),
        "relation": aurora.relations.create(
            relation="operates", other=world.organizations["borealis"]
        ),
        "sent_application": applicant.applications.get(),
        "unsent_application": factories.unsent_application(applicant),
        "screened_application": factories.screened_application(applicant, staff),
        "step": "organization",
        "check_code": "board",
        "invitation": factories.invitation(aurora, people["outsider"].email, staff),
        "invitation_token": factories.INVITATION_TOKEN,
        "agreement": membership_text,
        "agreement_draft": factories.agreement("contribution", in_force=False),
    }
    factories.invitation(
        aurora,
        people["representative"].email,
        staff,
        role="signatory",
        state="accepted",
        accepted_by=people["representative"],
        token="accepted",
    )
    for known in world.things.values():
        known.update(things)
