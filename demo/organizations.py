"""The organizations: their membership, the agreements they signed, and who acts for them."""

from datetime import time, timedelta
from functools import partial

from demo.people import accept_texts
from demo.story import STEP, Story
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


def plan(story: Story) -> None:
    for kind in (AgreementKind.MEMBERSHIP, AgreementKind.CONTRIBUTION):
        story.at(story.ago(422), partial(_put_in_force, story, kind, 1))
    for kind in (AgreementKind.CONDUCT, AgreementKind.COMPETITION):
        story.at(story.ago(422), partial(_put_in_force, story, kind, 1))
    colleagues: dict[str, list[Row]] = {}
    for row in rows("people"):
        colleagues.setdefault(row["organization"], []).append(row)
    for number, row in enumerate(rows("organizations")):
        joined = story.ago(int(row["joined"]), time(9)) + STEP * number
        story.at(joined, partial(_join, story, row, colleagues.get(row["key"], [])))
        if change := CHANGED.get(MembershipStatus(row["status"])):
            days, reason = change
            story.at(story.ago(days), partial(_change, story, row, reason))
    story.at(story.ago(330), partial(_relate, story, "cobalt", "meridian"))
    story.at(story.ago(401), partial(_relate, story, "commons", "opencorpus", Relation.OPERATES))
    _plan_new_agreement(story)
    _plan_invitations(story)


def _put_in_force(story: Story, kind: AgreementKind, number: int) -> None:
    staff = story.people["delia"]
    version = agreements.draft(
        actor=staff,
        kind=kind,
        title=str(kind.label),
        source=text("agreements", f"{kind.value}-{number}"),
    )
    agreements.put_in_force(actor=staff, version=version)


def _join(story: Story, row: Row, members: list[Row]) -> None:
    staff = story.people["abel"]
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
    story.organizations[key] = organization
    memberships.begin(by=staff, organization=organization, status=MembershipStatus.AWAITING)
    for member in members:
        person = story.people[member["key"]]
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
            sign(story, key, member["key"], member["title"])
        accept_texts(story, member["key"])


def sign(story: Story, organization: str, person: str, title: str) -> None:
    """The person is named signatory and accepts what is due on behalf of the organization."""
    signatory, signed = story.people[person], story.organizations[organization]
    invitations.issue(
        by=story.people["abel"],
        organization=signed,
        address=signatory.email,
        role=InvitationRole.SIGNATORY,
        to=signatory,
    )
    accept_due(story, organization, person, title)


def accept_due(story: Story, organization: str, person: str, title: str) -> None:
    signed = story.organizations[organization]
    due = AgreementVersion.objects.due_for_organization(signed.pk)
    agreements.sign(
        actor=story.people[person],
        organization=signed,
        versions=[version.uuid for version in due],
        title=title or "Director",
        authority=AUTHORITY,
    )


def _change(story: Story, row: Row, reason: str) -> None:
    membership = Membership.objects.current().get(organization=story.organizations[row["key"]])
    memberships.set_status(
        actor=story.people["delia"], membership=membership, status=row["status"], reason=reason
    )


def _relate(story: Story, one: str, other: str, relation: str = Relation.PARENT) -> None:
    profile.relate(
        actor=story.people["abel"],
        organization=story.organizations[one],
        relation=relation,
        other=story.organizations[other],
    )


def _plan_new_agreement(story: Story) -> None:
    """A second version, which most have accepted by now, and a draft that nobody sees yet."""
    story.at(story.ago(62), partial(_put_in_force, story, AgreementKind.MEMBERSHIP, 2))
    signing = [row for row in rows("people") if row["role"] == "primary"]
    open_ones = {"orchard", "computo", "tidewater", "rawda", "fjell", "candela", "alnoor"}
    for number, row in enumerate(signing):
        key = row["organization"]
        if key in open_ones:
            continue
        story.at(
            story.ago(60) + timedelta(hours=5 * number),
            partial(accept_due, story, key, row["key"], row["title"]),
        )
    story.at(story.ago(5), partial(_draft_conduct, story))


def _draft_conduct(story: Story) -> None:
    agreements.draft(
        actor=story.people["delia"],
        kind=AgreementKind.CONDUCT,
        title=str(AgreementKind.CONDUCT.label),
        source=text("agreements", "conduct-2-draft"),
    )


def _plan_invitations(story: Story) -> None:
    """Colleagues who were asked in and have not come yet, and one who will not."""
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
        act = partial(_invite, story, organization, inviter, address, name, role)
        story.at(story.ago(days), act)
    story.at(story.ago(18), partial(_revoke, story, "hallam", "winnie"))


def _invite(
    story: Story, organization: str, inviter: str, address: str, name: str, role: InvitationRole
) -> None:
    invitations.invite(
        actor=story.people[inviter],
        organization=story.organizations[organization],
        address=address,
        role=role,
        name=name,
    )


def _revoke(story: Story, organization: str, actor: str) -> None:
    sent = story.organizations[organization].invitations.filter(state="open").latest("created_at")
    invitations.revoke(actor=story.people[actor], invitation=sent)
