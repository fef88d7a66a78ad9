"""What stands on the way in: applications at several stages, invitations, agreements."""

import hashlib
from typing import Any

from common.text.rendered import html_fields
from members.onboarding.actions.checklist import begin_checklist
from members.onboarding.models import Acceptance, AgreementVersion, Application, Invitation
from members.organizations.models import Organization
from members.people.models import Person
from tests.factories.organizations import application
from tests.factories.times import ago, ahead

# Where a test has to know the secret of an invitation's link.
INVITATION_TOKEN = "a-token-that-only-the-mail-knew"


def unsent_application(applicant: Person) -> Application:
    """Every answer is given; it could be sent."""
    return application(
        applicant,
        state="draft",
        number=None,
        received_at=None,
        domains=applicant.email.partition("@")[2],
    )


def screened_application(applicant: Person, owner: Person) -> Application:
    """In screening, with a checklist in which nothing is open any more."""
    made = application(applicant, state="screening", owner=owner)
    begin_checklist(application=made)
    made.checks.update(state="done", done_at=ago(hours=1), done_by=owner)
    return made


def invitation(
    where: Organization,
    address: str,
    by: Person,
    *,
    role: str = "colleague",
    token: str = INVITATION_TOKEN,
    **fields: Any,
) -> Invitation:
    """An open invitation whose link has this token."""
    return Invitation.objects.create(
        organization=where,
        address=address,
        role=role,
        invited_by=by,
        token_sha256=hashlib.sha256(token.encode()).hexdigest(),
        **{"expires_at": ahead(days=30), **fields},
    )


def agreement(kind: str, *, in_force: bool = True, **fields: Any) -> AgreementVersion:
    """The first version of a text, in force since ten days or a draft."""
    source = "# Terms\n\nBe fair."
    return AgreementVersion.objects.create(
        kind=kind,
        **{
            "number": 1,
            "title": kind.capitalize(),
            "source": source,
            **html_fields("<h2>Terms</h2><p>Be fair.</p>"),
            "sha256": hashlib.sha256(source.encode()).hexdigest(),
            "in_force_at": ago(days=10) if in_force else None,
            **fields,
        },
    )


def acceptance(
    version: AgreementVersion, somebody: Person, where: Organization | None = None
) -> Acceptance:
    """The person has accepted the text, for the organization or for themselves."""
    return Acceptance.objects.create(
        version=version, person=somebody, organization=where, signatory_name=somebody.name
    )
