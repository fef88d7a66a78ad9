"""The organizations: their membership, the agreements they signed, and who acts for them."""

from datetime import time, timedelta
from functools import partial

from demo.people import accept_texts
from demo.scenario import STEP, Scenario
from demo.tables import Row, rows, text
from members.onboarding.actions import agreements, invitations
from members.onboarding.choices import AgreementKind, InvitationRole
from members.onboarding.models import AgreementVersion
from members.organizations.actions import memberships, people, profile
from members.organizations.choices import AffiliationSource, MembershipStatus, Relation
from members.organizations.models import Membership

AUTHORITY = "Authorised signatory"
# Days since the changes of status that the table names.
CHANGED = {
    MembershipStatus.GRACE: (24, "The yearly report of the member is late."),
    MembershipStatus.SUSPENDED: (40, "The centre is being reorganised; at its own request."),
    MembershipStatus.ENDED: (150, "Bought by another member, with which its people went on."),
}


def plan(scenario: Scenario) -> None:
    for kind in (AgreementKind.MEMBERSHIP, AgreementKind.CONTRIBUTION):
        scenario.at(scenario.ago(422), partial(_put_in_force, scenario, kind, 1))
    for kind in (AgreementKind.CONDUCT, AgreementKind.COMPETITION):
        scenario.at(scenario.ago(422), partial(_put_in_force, scenario, kind, 1))
    colleagues: dict[str, list[Row]] = {}
    for row in rows("people"):
        colleagues.setdefault(row["organization"], []).append(row)
    for number, row in enumerate(rows("organizations")):
        joined = scenario.ago(int(row["joined"]), time(9)) + STEP * number
        scenario.at(joined, partial(_join, scenario, row, colleagues.get(row["key"], [])))
        if change := CHANGED.get(MembershipStatus(row["status"])):
            days, reason = change
            scenario.at(scenario.ago(days), partial(_change, scenario, row, reason))
    scenario.at(scenario.ago(330), partial(_relate, scenario, "cobalt", "meridian"))
    scenario.at(
        scenario.ago(401), partial(_relate, scenario, "commons", "opencorpus", Relation.OPERATES)
    )
    _plan_new_agreement(scenario)
    _plan_invitations(scenario)


def _put_in_force(scenario: Scenario, kind: AgreementKind, number: int) -> None:
    staff = scenario.people["delia"]
    version = agreements.draft(
        actor=staff,
        kind=kind,
        title=str(kind.label),
        source=text("agreements", f"{kind.value}-{number}"),
    )
    agreements.put_in_force(actor=staff, version=version)


def _join(scenario: Scenario, row: Row, members: list[Row]) -> None:
    staff = scenario.people["abel"]
    key = row["key"]
    organization = profile.create(
        by=staff,
        name=row["name"],
        legal_name=row["legal_name"],
        kind=row["kind"],
        sector=row["sector"],
        country=row["country"],
        website=f"https://{key}.example",
        summary=row["summary"],
        shows_representatives=row["kind"] != "company",
        other_names=row["other_names"].split("|"),
        domains=[f"{key}.example"],
    )
    scenario.organizations[key] = organization
    memberships.begin(by=staff, organization=organization, status=MembershipStatus.AWAITING)
    for member in members:
        person = scenario.people[member["key"]]
        people.affiliate(
            by=staff,
            person=person,
            organization=organization,
            source=AffiliationSource.STAFF,
            title=member["title"],
        )
        if member["role"] in {"primary", "alternate"}:
            invitations.issue(
                by=staff,
                organization=organization,
                address=person.email,
                role=member["role"],
                to=person,
            )
        if member["role"] == "primary":
            sign(scenario, key, member["key"], member["title"])
        accept_texts(scenario, member["key"])


def sign(scenario: Scenario, organization: str, person: str, title: str) -> None:
    """The person is named signatory and accepts what is due on behalf of the organization."""
    signatory, signed = scenario.people[person], scenario.organizations[organization]
    invitations.issue(
        by=scenario.people["abel"],
        organization=signed,
        address=signatory.email,
        role=InvitationRole.SIGNATORY,
        to=signatory,
    )
    accept_due(scenario, organization, person, title)


def accept_due(scenario: Scenario, organization: str, person: str, title: str) -> None:
    signed = scenario.organizations[organization]
    due = AgreementVersion.objects.due_for_organization(signed.pk)
    agreements.sign(
        actor=scenario.people[person],
        organization=signed,
        versions=[version.uuid for version in due],
        title=title or "Director",
        authority=AUTHORITY,
    )


def _change(scenario: Scenario, row: Row, reason: str) -> None:
    membership = Membership.objects.current().get(organization=scenario.organizations[row["key"]])
    memberships.set_status(
        actor=scenario.people["delia"], membership=membership, status=row["status"], reason=reason
    )


def _relate(scenario: Scenario, one: str, other: str, relation: str = Relation.PARENT) -> None:
    profile.relate(
        actor=scenario.people["abel"],
        organization=scenario.organizations[one],
        relation=relation,
        other=scenario.organizations[other],
    )


def _plan_new_agreement(scenario: Scenario) -> None:
    """A second version, which most have accepted by now, and a draft that nobody sees yet."""
    scenario.at(scenario.ago(62), partial(_put_in_force, scenario, AgreementKind.MEMBERSHIP, 2))
    signing = [row for row in rows("people") if row["role"] == "primary"]
    open_ones = {"orchard", "computo", "tidewater", "rawda", "fjell", "candela", "alnoor"}
    for number, row in enumerate(signing):
        key = row["organization"]
        if key in open_ones:
            continue
        scenario.at(
            scenario.ago(60) + timedelta(hours=5 * number),
            partial(accept_due, scenario, key, row["key"], row["title"]),
        )
    scenario.at(scenario.ago(5), partial(_draft_conduct, scenario))


def _draft_conduct(scenario: Scenario) -> None:
    agreements.draft(
        actor=scenario.people["delia"],
        kind=AgreementKind.CONDUCT,
        title=str(AgreementKind.CONDUCT.label),
        source=text("agreements", "conduct-2-draft"),
    )


def _plan_invitations(scenario: Scenario) -> None:
    """Plan invitations that colleagues have not accepted yet, and one that is revoked."""
    waiting = [
        ("lumen", "ingrid", "viggo@lumen.example", "Viggo Stenhammar", InvitationRole.COLLEAGUE, 3),
        ("lumen", "ingrid", "saga@lumen.example", "Saga Lönnqvist", InvitationRole.ALTERNATE, 45),
        ("odolu", "bisi", "ngozi@odolu.example", "Ngozi Amadioha", InvitationRole.COLLEAGUE, 11),
        (
            "hallam",
            "winnie",
            "percy@hallam.example",
            "Percy Thistlewood",
            InvitationRole.COLLEAGUE,
            20,
        ),
    ]
    for organization, inviter, address, name, role, days in waiting:
        act = partial(_invite, scenario, organization, inviter, address, name, role)
        scenario.at(scenario.ago(days), act)
    scenario.at(scenario.ago(18), partial(_revoke, scenario, "hallam", "winnie"))


def _invite(
    scenario: Scenario,
    organization: str,
    inviter: str,
    address: str,
    name: str,
    role: InvitationRole,
) -> None:
    invitations.invite(
        actor=scenario.people[inviter],
        organization=scenario.organizations[organization],
        address=address,
        role=role,
        name=name,
    )


def _revoke(scenario: Scenario, organization: str, actor: str) -> None:
    sent = (
        scenario.organizations[organization].invitations.filter(state="open").latest("created_at")
    )
    invitations.revoke(actor=scenario.people[actor], invitation=sent)
