"""What stands around Aurora Labs and on the way in; the same beside every group."""

from typing import Any

from members.organizations.models import Organization
from members.people.models import Person
from tests import factories


def things_around(
    people: dict[str, Person], organizations: dict[str, Organization]
) -> dict[str, Any]:
    aurora, staff = organizations["aurora"], people["staff"]
    membership_text = factories.agreement("membership")
    factories.acceptance(membership_text, people["representative"], aurora)
    applicant = people["applicant"]
    things = {
        "organizations": organizations,
        "affiliation": aurora.affiliations.get(person=people["member"]),
        "representation": aurora.representations.get(),
        "relation": aurora.relations.create(relation="operates", other=organizations["borealis"]),
        "sent_application": factories.application(applicant),
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
    return things
