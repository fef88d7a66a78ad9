"""The people: their accounts, and individual members."""

from datetime import time
from functools import partial

from common.days import today_in
from demo.cast import CAST, PASSWORD
from demo.scenario import STEP, Scenario
from demo.tables import Row, rows
from members.onboarding.actions import agreements
from members.onboarding.models import AgreementVersion
from members.organizations.choices import MembershipKind, MembershipStatus
from members.organizations.models import Membership
from members.people.actions import create_person, make_staff, set_preferences

# The people of the table who are the cast; their addresses are in `cast.py`.
PLAYED = {
    "mira": "chair",
    "tomas": "member",
    "ingrid": "representative",
    "delia": "admin",
    "nils": "stranger",
}
ADDRESSES = {
    key: role.email for key, played in PLAYED.items() for role in CAST if role.code == played
}


def plan(scenario: Scenario) -> None:
    """Create each account a little before it is needed."""
    for number, row in enumerate(rows("people")):
        joined = (
            scenario.ago(424)
            if row["role"] == "staff"
            else scenario.ago(423, time(8)) + STEP * number
        )
        scenario.at(joined, partial(_join, scenario, row))


def address(row: Row) -> str:
    host = row["organization"] or "people"
    return ADDRESSES.get(row["key"], f"{row['key']}@{host}.example")


def _join(scenario: Scenario, row: Row) -> None:
    key = row["key"]
    person = create_person(
        actor=None,
        email=address(row),
        name=row["name"],
        password=PASSWORD if key in PLAYED else None,
        zone=row["zone"],
        email_confirmed=True,
    )
    if row["role"] == "staff":
        person = make_staff(person=person)
    set_preferences(
        actor=person,
        person=person,
        zone=row["zone"],
        locale=person.locale,
        in_directory=row["listed"] == "yes",
    )
    if row["role"] == "collaborator":
        # Individuals come in by a contract with the staff, for which there is no page yet.
        Membership.objects.create(
            person=person,
            kind=MembershipKind.COLLABORATOR,
            status=MembershipStatus.ACTIVE,
            joined_on=today_in(person.zone),
        )
    scenario.people[key] = person


def accept_texts(scenario: Scenario, key: str) -> None:
    """Accept the agreements that bind the person."""
    person = scenario.people[key]
    due = [version.uuid for version in AgreementVersion.objects.due_for_person(person.pk)]
    agreements.accept_for_self(actor=person, versions=due)
